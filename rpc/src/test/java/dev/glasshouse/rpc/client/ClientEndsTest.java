package dev.glasshouse.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a client ends whose host describes itself, or fails to, and then answers nothing. */
class ClientEndsTest {
  private static final int SECONDS = 10;
  private static final String CLOSED = "the connection was closed";
  private static final Policy ANY = Policy.parse("quorum none\n".getBytes(UTF_8));

  @TempDir Path home;
  private final SilentHost host = new SilentHost();

  @AfterEach
  void stop() {
    host.close();
  }

  private Client client() {
    return Client.signed(host.address(), LyingLog.ALICE, null, new KnownLogs(home));
  }

  private static CompletableFuture<List<CallResult>> call(Client client) {
    return client.callAsync(List.of(new MethodCall("say", "[1]")));
  }

  private static Throwable failure(CompletableFuture<?> answer) {
    return assertThrows(ExecutionException.class, () -> answer.get(SECONDS, TimeUnit.SECONDS))
        .getCause();
  }

  @Test
  void closingFailsWhatIsOnItsWayAndWhatWaits() throws Exception {
    Client client = client();
    List<CompletableFuture<List<CallResult>>> answers = new ArrayList<>();
    List<CompletableFuture<Thread>> told = new ArrayList<>();
    for (int i = 0; i < CallQueue.WINDOW + 1; i++) {
      answers.add(call(client));
      told.add(answers.get(i).handle((results, failure) -> Thread.currentThread()));
    }
    for (int i = 0; i < CallQueue.WINDOW; i++) {
      assertTrue(host.calls.poll(SECONDS, TimeUnit.SECONDS).contains("\"rpc.call\""));
    }
    // What is not told to be a daemon is what its maker is.
    Thread closing = new Thread(client::close);
    closing.setDaemon(false);
    closing.start();
    for (CompletableFuture<?> answer : answers) {
      assertEquals(CLOSED, failure(answer).getMessage());
    }
    assertTrue(host.hungUp.await(SECONDS, TimeUnit.SECONDS));
    assertTrue(host.calls.isEmpty(), "what waited was not sent");

    Thread verifying = told.get(0).get(SECONDS, TimeUnit.SECONDS);
    assertNotEquals(Thread.currentThread(), verifying);
    assertTrue(verifying.isDaemon());
    requireEnded(verifying);
  }

  private static void requireEnded(Thread thread) throws InterruptedException {
    thread.join(SECONDS * 1000L);
    assertFalse(thread.isAlive());
  }

  private Optional<SignedCheckpoint> kept() {
    return new KnownLogs(home)
        .checkpoint(host.log.id(), host.log.genesis.origin(), host.log.genesis.host());
  }

  // Until it has one that is not kept, which is done now and then only; gives its size.
  private int seeMore(Client client) {
    for (int size = 4; ; size++) {
      host.cosigned = host.log.checkpoint(size).format();
      assertEquals(host.log.head(size), client.cosigned(ANY).checkpoint().head());
      if (kept().orElseThrow().head().size() < size) {
        return size;
      }
    }
  }

  @Test
  void whoIsCaughtAtTheEndIsHungUpOn() throws Exception {
    Client client = client();
    CompletableFuture<Thread> told =
        call(client).handle((results, failure) -> Thread.currentThread());
    int size = seeMore(client);
    SignedCheckpoint other = host.log.fork(2).grow(size, "other").checkpoint(size);
    new KnownLogs(home).keep(host.log.id(), other);
    CaughtHostException e = assertThrows(CaughtHostException.class, client::close);
    assertTrue(e.getMessage().contains("two logs of the same size"), e::getMessage);
    assertTrue(host.hungUp.await(SECONDS, TimeUnit.SECONDS));
    requireEnded(told.get(SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void whoIsAwayAtTheEndIsNotCalledAgain() {
    Client client = client();
    seeMore(client);
    // To keep the newest one, its host would have to be asked how it goes on from this one.
    new KnownLogs(home).keep(host.log.id(), host.log.checkpoint(2));
    int port = host.leave();
    assertTrue(failure(call(client)).getMessage().startsWith("cannot connect to "));
    host.comeBack(port);
    int connections = host.connections.get();
    client.close();
    assertEquals(connections, host.connections.get());
    assertEquals(host.log.head(2), kept().orElseThrow().head());
  }

  @Test
  void closedClientFailsEachCallThatComes() {
    Client client = client();
    client.close();
    // More than are on their way at once.
    for (int i = 0; i < CallQueue.WINDOW + 2; i++) {
      assertEquals(CLOSED, failure(call(client)).getMessage(), "call " + i);
    }
    assertTrue(host.calls.isEmpty());
  }

  @Test
  void answerThatNobodyCanVerifyAnyMoreFailsItsCall() {
    HostDescription described = new HostDescription(host.log.id(), host.log.genesis, null);
    LogWatch watch = new LogWatch(new KnownLogs(home), described, null);
    try (Connection connection = new Connection(host.address(), null, Runnable::run);
        SignedCalls calls =
            new SignedCalls(
                described,
                LyingLog.ALICE,
                connection,
                watch,
                null,
                task -> {
                  throw new RejectedExecutionException("shut down");
                })) {
      CompletableFuture<CallQueue.Answered> answer =
          calls.make(new CallQueue.Asked(List.of(new MethodCall("say", "[1]")), false));
      assertFalse(answer.isDone());
      connection.close();
      assertEquals(CLOSED, failure(answer).getMessage());
    }
  }

  @Test
  void whoIsDescribedWronglyIsHungUpOn() throws Exception {
    host.info = "\"result\":{}";
    assertThrows(CaughtHostException.class, this::client);
    assertTrue(host.hungUp.await(SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void whoIsNotDescribedIsHungUpOn() throws Exception {
    host.info = "\"error\":{\"code\":-32000,\"message\":\"later\"}";
    assertThrows(RefusedException.class, this::client);
    assertTrue(host.hungUp.await(SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void whatWitnessesHaveSeenIsHeldAgainstWhatIsKnown() {
    try (Client client = client()) {
      assertEquals(host.log.head(3), client.cosigned(ANY).checkpoint().head(), "none is shown");
      host.cosigned = host.log.checkpoint(5).format();
      assertEquals(host.log.head(5), client.cosigned(ANY).checkpoint().head());
      host.cosigned = host.log.fork(2).grow(5, "other").checkpoint(5).format();
      CaughtHostException e = assertThrows(CaughtHostException.class, () -> client.cosigned(ANY));
      assertTrue(e.getMessage().contains("two logs of the same size"), e::getMessage);
    }
  }

  @Test
  void whyThereIsNoAnswerIsSaid() {
    ClientException own = new ClientException("why");
    assertSame(own, joined(own));
    TimeoutException late = new TimeoutException();
    ClientException silent = assertInstanceOf(ClientException.class, joined(late));
    assertEquals("the host does not answer", silent.getMessage());
    assertSame(late, silent.getCause());
    IllegalStateException other = new IllegalStateException("broken");
    assertSame(other, assertInstanceOf(CompletionException.class, joined(other)).getCause());
  }

  private static RuntimeException joined(Throwable failure) {
    return assertThrows(
        RuntimeException.class, () -> Client.join(CompletableFuture.failedFuture(failure)));
  }
}
