package dev.glasshouse.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Members;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.witness.CosignedCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A connection to one module. Calls are signed, and believed only with a receipt that verifies; a
 * call whose answer was lost is asked for again, and executed once. Safe for several threads.
 *
 * <p>Calls that are made while others are on their way gather, and share one signature, one entry
 * of the log and one receipt. Each has its own outcome, but what a host allows one request, they
 * have together.
 */
public final class Client implements AutoCloseable {
  private static final int ANSWER_SECONDS = 60;
  private static final int CLOSE_SECONDS = 5;
  private static final int MAX_PROOF = 1 << 16;

  // Answers are verified in the order in which they come, off the threads that bring them: to
  // verify one may take to ask the host for a proof.
  private final ExecutorService verifying =
      Executors.newSingleThreadExecutor(
          body -> {
            Thread thread = new Thread(body, "glasshouse-client");
            thread.setDaemon(true);
            return thread;
          });
  private final HostAddress address;
  private final HttpLogReader published;
  private final CheckedBlobs blobs;
  private final Connection connection;
  private HostDescription host;
  private LogWatch watch;
  private SignedCalls signed;

  /** Connects as a caller who signs. */
  public static Client signed(
      HostAddress address, Identity identity, Hash pinned, KnownLogs known) {
    return new Client(address, null).open(identity, pinned, known);
  }

  /** Connects to a debug host as a caller whom it takes at its word. */
  public static Client debug(HostAddress address, String user, Hash pinned, KnownLogs known) {
    return new Client(address, user).open(null, pinned, known);
  }

  private Client(HostAddress address, String user) {
    this.address = address;
    this.published = new HttpLogReader(address);
    this.blobs = new CheckedBlobs(published);
    this.connection = new Connection(address, user, verifying);
  }

  private Client open(Identity identity, Hash pinned, KnownLogs known) {
    try {
      host = HostDescription.parse(ask("rpc.info", "{}"), blobs);
      known.requireMeant(address.toString(), pinned, host.log());
      watch = new LogWatch(known, host, new Published());
      if (identity != null) {
        AnswerCheck answers = new AnswerCheck(host, watch, known, published);
        signed = new SignedCalls(host, identity, connection, watch, answers, verifying);
      }
      watch.newest(host.checkpoint());
      known.served(address.toString(), host.log());
      return this;
    } catch (MalformedException | UnverifiedException e) {
      close();
      throw new CaughtHostException(
          address + " does not describe a log that holds together: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** What the host serves. */
  public HostDescription host() {
    return host;
  }

  /**
   * What the witnesses of a policy have cosigned of the log whose checkpoint this client keeps: the
   * checkpoint that the host described itself with, or the one that it shows as cosigned. Both are
   * held against the kept one.
   *
   * @throws UnverifiedException if no checkpoint is to be had whose cosignatures hold
   * @throws CaughtHostException if the log's key has signed another history
   */
  public CosignedCheckpoint cosigned(Policy policy) {
    GenesisEntry genesis = host.genesis();
    List<SignedCheckpoint> shown = new ArrayList<>(List.of(host.checkpoint()));
    try {
      byte[] note = published.cosigned();
      if (note != null) {
        SignedCheckpoint cosigned = SignedCheckpoint.verify(note, genesis.origin(), genesis.host());
        watch.accept(cosigned, List.of(), 0);
        shown.add(cosigned);
      }
    } catch (UnreachableException | MalformedException | UnverifiedException e) {
      // It shows none, then.
    }
    return CosignedCheckpoint.best(policy, shown, genesis.host());
  }

  /** The names of the exported methods, from the genesis entry. */
  public List<String> methods() {
    String text = ((Outcome.Ok) host.genesis().outcome()).value().read(blobs);
    Object list = CanonicalJson.parse(text.getBytes(UTF_8), Integer.MAX_VALUE);
    List<String> names = new ArrayList<>();
    for (Object method : (List<?>) list) {
      names.add((String) ((List<?>) method).get(0));
    }
    return names;
  }

  /**
   * Calls a method.
   *
   * @param params the JSON text of an array
   */
  public CallResult call(String method, String params) {
    return call(List.of(new MethodCall(method, params))).get(0);
  }

  /**
   * Makes up to {@link dev.glasshouse.calllog.Request#MAX_CALLS} calls under one signature, one
   * after the other, and no call of anybody else in between; a debug connection makes them one by
   * one.
   */
  public List<CallResult> call(List<MethodCall> calls) {
    return join(callAsync(calls));
  }

  /**
   * As {@link #call(List)}, without waiting; completes exceptionally with {@link ClientException}.
   */
  public CompletableFuture<List<CallResult>> callAsync(List<MethodCall> calls) {
    return signed == null
        ? plain(calls)
        : signed.make(new CallQueue.Asked(calls, false)).thenApply(CallQueue.Answered::results);
  }

  /** Makes signed calls, in a request of their own, and answers with their receipt. */
  public Receipt callForReceipt(List<MethodCall> calls) {
    return join(signed.make(new CallQueue.Asked(calls, true))).receipt();
  }

  @Override
  public void close() {
    if (signed != null) {
      signed.close();
    }
    // To keep a checkpoint may take to ask how it and that of another program go together. A host
    // that does not answer is not waited for as by who calls it.
    connection.retire();
    CompletableFuture<Void> patience =
        new CompletableFuture<Void>().completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS);
    CompletableFuture<Void> unused = patience.thenRun(connection::close);
    try {
      if (watch != null) {
        watch.close();
      }
    } finally {
      patience.cancel(false);
      connection.close();
      verifying.shutdown();
    }
  }

  private CompletableFuture<List<CallResult>> plain(List<MethodCall> calls) {
    List<CompletableFuture<CallResult>> results = new ArrayList<>();
    for (MethodCall call : calls) {
      results.add(
          connection
              .request(call.method(), call.params())
              .thenApply(value -> new CallResult(value, null))
              .exceptionally(Client::thrown));
    }
    return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> results.stream().map(CompletableFuture::join).toList());
  }

  // On a debug connection, what a method threw comes as a JSON-RPC error with its name. What fails
  // one stage of a future comes to the next one wrapped.
  private static CallResult thrown(Throwable failure) {
    CompletionException wrapped = (CompletionException) failure;
    if (wrapped.getCause() instanceof RefusedException refused && refused.name() != null) {
      return new CallResult(null, new Outcome.Thrown(refused.name(), refused.getMessage(), 0));
    }
    throw wrapped;
  }

  /** What this client's host is asked for to compare two checkpoints. */
  private final class Published implements LogWatch.Source {
    @Override
    public List<Hash> consistency(long older, long newer) {
      String json = ask("rpc.consistency", "{\"new\":" + newer + ",\"old\":" + older + "}");
      return Members.of("result", CanonicalJson.parse(json.getBytes(UTF_8), MAX_PROOF))
          .proof("proof");
    }

    @Override
    public HashReader tree(long size) {
      return TileHashReader.published(published, size);
    }
  }

  // Unlike a call, which may wait for its turn as long as it takes, this is answered at once.
  private String ask(String method, String params) {
    return join(connection.request(method, params).orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS));
  }

  static <T> T join(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new ClientException("the host does not answer", e.getCause());
      }
      if (e.getCause() instanceof ClientException) {
        throw (ClientException) e.getCause();
      }
      throw e;
    }
  }
}
