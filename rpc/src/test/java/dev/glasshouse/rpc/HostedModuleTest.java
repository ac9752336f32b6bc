package dev.glasshouse.rpc;

import static dev.glasshouse.rpc.Calls.assertRefused;
import static dev.glasshouse.rpc.Calls.call;
import static dev.glasshouse.rpc.Calls.submit;
import static dev.glasshouse.rpc.Calls.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.CallRefused.Reason;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.WrongHostKeyException;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.sandbox.Script;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock, its queue, failures of the host, and starting again. */
class HostedModuleTest {
  private static final String SCRIPT =
      "let n = 0; const fs = System.files;"
          + "exports.add = k => n += k;"
          + "exports.random = () => { n++; return Math.random() };"
          + "exports.write = (p, s) => fs.writeFile(p, s);"
          + "exports.read = p => fs.readFile(p);"
          + "exports.big = async (p, n) => { await fs.writeFile(p, 'b'.repeat(n)) };";

  @TempDir Path dir;

  private HostSetup setup() {
    return HostSetup.of(dir, SCRIPT);
  }

  @Test
  void callersAtOnceEachHaveTheirPlaceInTheLog() throws Exception {
    int callers = 6;
    int calls = 50;
    try (RunningHost host = setup().start()) {
      List<Thread> threads = new ArrayList<>();
      List<List<CompletableFuture<Answer>>> answers = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        Signer signer = new Signer(i);
        List<CompletableFuture<Answer>> mine = new ArrayList<>();
        answers.add(mine);
        Thread thread =
            new Thread(
                () -> {
                  for (int n = 1; n <= calls; n++) {
                    mine.add(submit(host, signer, n, "add", "[1]"));
                  }
                });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      Set<Long> indexes = new HashSet<>();
      Map<Long, Long> sums = new HashMap<>();
      List<SignedCheckpoint> checkpoints = new ArrayList<>();
      String origin = host.module().log().genesis().origin();
      for (List<CompletableFuture<Answer>> mine : answers) {
        long last = 0;
        for (CompletableFuture<Answer> future : mine) {
          Answer answer = future.join();
          SignedCheckpoint signed =
              answer.receipt().verify(origin, host.module().log().genesis().host());
          checkpoints.add(signed);
          assertTrue(answer.receipt().index() > last, "a session's calls keep their order");
          last = answer.receipt().index();
          assertTrue(indexes.add(last));
          sums.put(last, Long.parseLong(value(answer)));
          assertArrayEquals(host.module().log().store().entry(last), answer.receipt().entry());
        }
      }
      assertEquals(callers * calls + 1, host.size());
      for (long index = 1; index < host.size(); index++) {
        assertEquals(index, sums.get(index), "entries are executed in the order of the log");
      }
      TreeHead newest = host.module().log().head();
      for (SignedCheckpoint checkpoint : checkpoints) {
        List<dev.glasshouse.calllog.Hash> proof =
            host.module().log().consistency(checkpoint.head().size(), newest.size());
        assertTrue(Proofs.verifyConsistency(checkpoint.head(), newest, proof));
      }
    }
  }

  @Test
  void requestsThatWaitSeeEachOthersFiles() throws Exception {
    FakeOutside.Blocking outside = new FakeOutside.Blocking();
    try (RunningHost host = setup().outside(outside).start()) {
      Signer signer = new Signer(1);
      CompletableFuture<Answer> blocked = submit(host, signer, 1, "random", "[]");
      outside.entered.await();
      String long1 = "a".repeat(3000);
      List<CompletableFuture<Answer>> waiting =
          List.of(
              submit(host, signer, 2, "write", "[\"/f\",\"" + long1 + "\"]"),
              submit(host, signer, 3, "read", "[\"/f\"]"),
              submit(host, signer, 4, "write", "[\"/f\",\"b\"]"),
              submit(host, signer, 5, "read", "[\"/f\"]"),
              // The same bytes again while the first are on their way into the log, and others.
              submit(host, signer, 5, "read", "[\"/f\"]"),
              submit(host, signer, 5, "read", "[\"/g\"]"));
      outside.letGo.countDown();
      assertEquals(1, blocked.join().receipt().index());
      assertEquals("\"" + long1 + "\"", value(waiting.get(1).join()));
      assertEquals("\"b\"", value(waiting.get(3).join()));
      assertArrayEquals(
          waiting.get(3).join().receipt().format(), waiting.get(4).join().receipt().format());
      assertRefused(Reason.USED_NUMBER, waiting.get(5));
      assertEquals(6, host.size());
    }
  }

  @Test
  void whatWritesMuchIsMadeDurableInParts() throws Exception {
    FakeOutside.Blocking outside = new FakeOutside.Blocking();
    try (RunningHost host = setup().outside(outside).start()) {
      Signer signer = new Signer(1);
      CompletableFuture<Answer> blocked = submit(host, signer, 1, "random", "[]");
      outside.entered.await();
      List<CompletableFuture<Answer>> waiting = new ArrayList<>();
      int parts = 12;
      for (int i = 0; i < parts; i++) {
        waiting.add(
            submit(host, signer, 2 + i, "big", "[\"/f" + i + "\"," + ((7 << 20) + i) + "]"));
      }
      outside.letGo.countDown();
      blocked.join();
      Set<Long> sizes = new HashSet<>();
      for (CompletableFuture<Answer> answer : waiting) {
        sizes.add(answer.join().receipt().checkpointSize());
      }
      assertTrue(sizes.size() > 1, "one part was 84 MiB");
      assertEquals(parts + 2, host.size());
    }
  }

  @Test
  void fullQueueRefusesWithoutWaiting() throws Exception {
    FakeOutside.Blocking outside = new FakeOutside.Blocking();
    try (RunningHost host = setup().queue(2).outside(outside).start()) {
      Signer signer = new Signer(1);
      CompletableFuture<Answer> blocked = submit(host, signer, 1, "random", "[]");
      outside.entered.await();
      CompletableFuture<Answer> second = submit(host, signer, 2, "add", "[1]");
      CompletableFuture<Answer> third = submit(host, signer, 3, "add", "[1]");
      assertEquals(2, host.module().waiting());
      assertRefused(Reason.OVERLOADED, submit(host, signer, 4, "add", "[1]"));
      assertEquals(-32005, Reason.OVERLOADED.code());
      outside.letGo.countDown();
      blocked.join();
      assertEquals("2", value(second.join()));
      assertEquals("3", value(third.join()));
      assertEquals("4", call(host, signer, 4, "add", "[1]"), "a refused number is not used");
    }
  }

  @Test
  void closeServesWhatWaitsAndRefusesWhatComes() throws Exception {
    FakeOutside.Blocking outside = new FakeOutside.Blocking();
    RunningHost host = setup().queue(3).outside(outside).start();
    Signer signer = new Signer(1);
    CompletableFuture<Answer> blocked = submit(host, signer, 1, "random", "[]");
    outside.entered.await();
    List<CompletableFuture<Answer>> waiting = new ArrayList<>();
    for (int n = 2; n <= 4; n++) {
      waiting.add(submit(host, signer, n, "add", "[1]"));
    }
    String late = signer.request(host.module().log().id(), 5, "add", "[1]");
    Thread closing = new Thread(host.module()::close);
    closing.start();
    while (host.module().stopped() == null) {
      Thread.onSpinWait();
    }
    assertRefused(Reason.STOPPED, submit(host, signer, late));
    outside.letGo.countDown();
    closing.join();
    blocked.join();
    for (CompletableFuture<Answer> answer : waiting) {
      assertTrue(answer.join().receipt().index() >= 2);
    }
    assertRefused(Reason.STOPPED, submit(host, signer, late));
    host.module().close();
    try (Talk talk = Talk.to(host)) {
      String answer = talk.call("rpc.call", signer.params(late));
      assertEquals(-32010L, Json.at(answer, "error", "code"), answer);
    }
    assertEquals(503, host.get("/health").statusCode());
    host.close();
  }

  @Test
  void closeIsSafeBesideManyWhoSubmit() throws Exception {
    for (int round = 0; round < 3; round++) {
      try (RunningHost host = setup().in(dir.resolve("r" + round)).queue(1).start()) {
        List<CompletableFuture<Answer>> answers =
            java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          Signer signer = new Signer(i);
          threads.add(
              new Thread(
                  () -> {
                    for (int n = 1; n <= 60; n++) {
                      answers.add(submit(host, signer, n, "add", "[1]"));
                    }
                  }));
        }
        threads.forEach(Thread::start);
        host.module().close();
        for (Thread thread : threads) {
          thread.join();
        }
        for (CompletableFuture<Answer> answer : answers) {
          assertTrue(answer.isDone(), "after close everybody has heard");
        }
      }
    }
  }

  @Test
  void failureOfTheHostIsNotLoggedAndTheModuleLoadsAgain() throws Exception {
    FakeOutside.Failing outside = new FakeOutside.Failing();
    try (RunningHost host = setup().outside(outside).start()) {
      Signer signer = new Signer(1);
      assertEquals("5", call(host, signer, 1, "add", "[5]"));
      outside.failures.set(1);
      CompletableFuture<Answer> failed = submit(host, signer, 2, "random", "[]");
      assertRefused(Reason.STOPPED, failed);
      assertNull(host.module().stopped());
      // The failed call had counted up before it failed: that is undone, and its number is free.
      assertEquals("6", call(host, signer, 2, "add", "[1]"));
      assertEquals(3, host.size());
      CallEntry entry = (CallEntry) host.module().log().entry(2);
      assertTrue(entry.request().read(host.module().log().store()).contains("\"add\""));
      assertEquals(200, host.get("/health").statusCode());
    }
  }

  @Test
  void moduleThatDoesNotLoadAgainStaysStoppedAndSaysWhy() throws Exception {
    Signer signer = new Signer(1);
    FakeOutside.Failing outside = new FakeOutside.Failing();
    String request;
    Path inTheWay = dir.resolve("checkpoint.next");
    try (RunningHost host = setup().outside(outside).start()) {
      call(host, signer, 1, "add", "[7]");
      request = signer.request(host.module().log().id(), 2, "random", "[]");
      // Loading again will not be able to write the checkpoint that it signs.
      Files.createDirectories(inTheWay.resolve("full"));
      outside.failures.set(1);
      assertRefused(Reason.STOPPED, submit(host, signer, request));
      // It is refused before it loads again; the one after it waits for that.
      assertRefused(Reason.STOPPED, submit(host, signer, request));
      String why = host.module().stopped();
      assertTrue(why.contains("checkpoint"), why);
      HttpResponse<byte[]> health = host.get("/health");
      assertEquals(503, health.statusCode());
      assertEquals(why, Json.at(new String(health.body(), StandardCharsets.UTF_8), "status"));
    }
    Files.delete(inTheWay.resolve("full"));
    Files.delete(inTheWay);
    try (RunningHost host = setup().start()) {
      assertEquals(2, host.size(), "what was durable is in the log, and nothing else");
      assertEquals(2, submit(host, signer, request).join().receipt().index());
      assertEquals("9", call(host, signer, 3, "add", "[1]"));
    }
  }

  @Test
  void restartGoesOnWhereTheLogEnds() throws Exception {
    Signer signer = new Signer(1);
    byte[] receipt;
    String request;
    try (RunningHost host = setup().start()) {
      request = signer.request(host.module().log().id(), 1, "add", "[41]");
      receipt = submit(host, signer, request).join().receipt().format();
      call(host, signer, 2, "random", "[]");
      call(host, signer, 3, "write", "[\"/f\",\"kept\"]");
    }
    try (RunningHost host = setup().start()) {
      assertEquals(4, host.size());
      assertArrayEquals(receipt, submit(host, signer, request).join().receipt().format());
      assertEquals(4, host.size());
      Answer next = submit(host, signer, 4, "add", "[0]").join();
      assertEquals(4, next.receipt().index());
      assertEquals("42", value(next));
      assertEquals("\"kept\"", call(host, signer, 5, "read", "[\"/f\"]"));
    }
  }

  @Test
  void directoryOfAnotherModuleIsRefusedAndUnchanged() throws Exception {
    setup().start().close();
    Map<String, Long> before = snapshot();
    String script =
        assertThrows(ModuleException.class, () -> HostSetup.of(dir, "exports.x = 1").start())
            .getMessage();
    assertTrue(script.contains("another script") && script.contains("--dir"), script);
    String debug = assertThrows(ModuleException.class, () -> setup().debug().start()).getMessage();
    assertTrue(debug.contains("without --debug"), debug);
    Limits other = Limits.DEFAULT.withFuel(7);
    String limits =
        assertThrows(ModuleException.class, () -> setup().limits(other).start()).getMessage();
    assertTrue(limits.contains("other limits"), limits);
    Identity stranger = Identity.ofSeed(new byte[Identity.SEED_BYTES]);
    String key =
        assertThrows(WrongHostKeyException.class, () -> setup().identity(stranger).start())
            .getMessage();
    assertTrue(key.contains("identity"), key);
    assertEquals(before, snapshot());
    try (RunningHost host = setup().limits(Limits.DEFAULT).start()) {
      assertEquals(1, host.size());
    }
  }

  // What makes up the log; RocksDB's own files about itself change with every opening.
  private Map<String, Long> snapshot() throws Exception {
    Map<String, Long> found = new HashMap<>();
    for (String name : List.of("treehead", "checkpoint")) {
      byte[] bytes = Files.readAllBytes(dir.resolve(name));
      found.put(name, (long) java.util.Arrays.hashCode(bytes));
    }
    return found;
  }

  @Test
  void twoHostsDoNotShareADirectory() throws Exception {
    try (RunningHost host = setup().start()) {
      String message = assertThrows(RuntimeException.class, () -> setup().start()).getMessage();
      assertTrue(message.contains("already open"), message);
      assertEquals("1", call(host, new Signer(1), 1, "add", "[1]"));
    }
  }

  @Test
  void scriptThatDoesNotLoadLeavesTheDirectoryFree() throws Exception {
    String message =
        assertThrows(
                ScriptException.class, () -> HostSetup.of(dir, "let x = 1;\nx.y.z = 2").start())
            .getMessage();
    assertTrue(message.contains("test.js:2:"), message);
    assertTrue(message.contains("TypeError"), message);
    try (RunningHost host = setup().start()) {
      assertEquals("1", call(host, new Signer(1), 1, "add", "[1]"));
    }
  }

  @Test
  void scriptIsTriedInItsKindsInOrder() throws Exception {
    String source = "export const one = () => 1";
    Script commonjs = new Script("m.js", Script.Kind.COMMONJS, source);
    Script module = new Script("m.js", Script.Kind.MODULE, source);
    try (RunningHost host = setup().script(commonjs, module).start()) {
      assertEquals("module", host.module().log().genesis().script().kind());
      assertEquals("1", call(host, new Signer(1), 1, "one", "[]"));
    }
    try (RunningHost host = setup().script(commonjs, module).start()) {
      assertEquals(2, host.size());
    }
  }

  @Test
  void unsignedCallNeedsADebugHost() throws Exception {
    try (RunningHost host = setup().start()) {
      assertRefused(
          Reason.UNSIGNED,
          host.module().submit(this, new Caller.User("bob"), new MethodCall("add", "[1]")));
    }
    try (RunningHost host = setup().in(dir.resolve("debug")).debug().start()) {
      Answer answer =
          host.module().submit(this, new Caller.User("bob"), new MethodCall("add", "[1]")).join();
      assertEquals("1", value(answer));
      String signed = new Signer(1).request(host.module().log().id(), 1, "add", "[1]");
      assertEquals("2", value(submit(host, new Signer(1), signed).join()));
    }
  }
}
