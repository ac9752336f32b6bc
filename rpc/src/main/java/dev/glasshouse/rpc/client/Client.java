package dev.glasshouse.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.glasshouse.calllog.Caller;
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
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.witness.CosignedCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A connection to one module. Calls are signed, and believed only with a receipt that verifies; a
 * call whose answer was lost is asked for again, and executed once. Safe for several threads.
 */
public final class Client implements AutoCloseable {
  private static final int ATTEMPTS = 4;
  private static final int ANSWER_SECONDS = 60;
  private static final int MAX_PROOF = 1 << 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  // Answers are verified in the order in which they come, off the threads that bring them: to
  // verify
  // one may take to ask the host for a proof.
  private final ExecutorService verifying =
      Executors.newSingleThreadExecutor(
          body -> {
            Thread thread = new Thread(body, "glasshouse-client");
            thread.setDaemon(true);
            return thread;
          });
  private final HttpClient http = HttpClient.newHttpClient();
  private final HostAddress address;
  private final Identity identity;
  private final String user;
  private final String session;
  private final HttpLogReader published;
  private final CheckedBlobs blobs;

  // By number: a host refuses one that is below the last it has seen, so that what is sent again is
  // sent in the order in which it was sent first.
  private final NavigableMap<Long, Sent> unanswered = new TreeMap<>();

  private Wire wire;
  private boolean closed;
  private long lastNumber;
  private HostDescription host;
  private LogWatch watch;
  // Confined to the verifying thread.
  private AnswerCheck answers;

  /** A signed call that may have to be sent again: the same bytes, which the host executes once. */
  private static final class Sent {
    private final long number;
    private final String params;
    private final CompletableFuture<String> response = new CompletableFuture<>();
    private int attempts;

    Sent(long number, String params) {
      this.number = number;
      this.params = params;
    }
  }

  /** Connects as a caller who signs. */
  public static Client signed(
      HostAddress address, Identity identity, Hash pinned, KnownLogs known) {
    return new Client(address, identity, null).open(pinned, known);
  }

  /** Connects to a debug host as a caller whom it takes at its word. */
  public static Client debug(HostAddress address, String user, Hash pinned, KnownLogs known) {
    return new Client(address, null, user).open(pinned, known);
  }

  private Client(HostAddress address, Identity identity, String user) {
    this.address = address;
    this.identity = identity;
    this.user = user;
    this.published = new HttpLogReader(address);
    this.blobs = new CheckedBlobs(published);
    byte[] bytes = new byte[SignedCall.SESSION_BYTES];
    RANDOM.nextBytes(bytes);
    this.session = HexFormat.of().formatHex(bytes);
  }

  private Client open(Hash pinned, KnownLogs known) {
    wire = Wire.connect(http, address, user);
    try {
      host = HostDescription.parse(ask(wire, "rpc.info", "{}"), blobs);
      known.requireMeant(address.toString(), pinned, host.log());
      watch = new LogWatch(known, host, new Asked());
      answers = new AnswerCheck(host, watch, known, published);
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
   * Makes up to {@link dev.glasshouse.calllog.Request#MAX_CALLS} calls under one signature; a debug
   * connection makes them one by one.
   */
  public List<CallResult> call(List<MethodCall> calls) {
    return join(callAsync(calls));
  }

  /**
   * As {@link #call(List)}, without waiting; completes exceptionally with {@link ClientException}.
   */
  public CompletableFuture<List<CallResult>> callAsync(List<MethodCall> calls) {
    return identity == null ? plain(calls) : signed(calls).thenApply(SignedAnswer::results);
  }

  /** Makes signed calls and answers with their receipt too. */
  public Receipt callForReceipt(List<MethodCall> calls) {
    return join(signed(calls)).receipt();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      wire.close();
      failAll(new ClientException("the connection was closed"));
    }
    verifying.shutdown();
    if (watch != null) {
      watch.close();
    }
  }

  private CompletableFuture<SignedAnswer> signed(List<MethodCall> calls) {
    String request;
    Caller.Key caller;
    Sent sent;
    synchronized (this) {
      // Numbers leave in order: a host refuses one that is below the last it has seen.
      request = new SignedCall(host.log(), session, lastNumber + 1, watch.seen(), calls).format();
      caller = new Caller.Key(identity.publicKey(), identity.sign(SignedCall.message(request)));
      sent = new Sent(++lastNumber, params(caller, request));
      if (closed) {
        sent.response.completeExceptionally(new ClientException("the connection was closed"));
      } else {
        unanswered.put(sent.number, sent);
        send(sent);
      }
    }
    return sent.response.thenApplyAsync(json -> answers.verified(json, caller, request), verifying);
  }

  // Under this object's lock.
  private void send(Sent sent) {
    Wire over = wire;
    sent.attempts++;
    CompletableFuture<String> unused =
        over.request("rpc.call", sent.params)
            .whenComplete((json, failure) -> answered(sent, over, json, failure));
  }

  private void answered(Sent sent, Wire over, String json, Throwable failure) {
    if (failure == null || failure instanceof RefusedException) {
      synchronized (this) {
        unanswered.remove(sent.number);
      }
      if (failure == null) {
        sent.response.complete(json);
      } else {
        sent.response.completeExceptionally(failure);
      }
      return;
    }
    try {
      // Connecting takes a while, and this is a thread of the lost connection.
      verifying.execute(() -> sendAgain(over));
    } catch (RejectedExecutionException e) {
      // Closed: this call has failed with all others.
    }
  }

  private void sendAgain(Wire lost) {
    try {
      replace(lost);
    } catch (ClientException e) {
      // All who wait have failed with it.
    }
  }

  private synchronized Wire replace(Wire lost) {
    if (wire != lost || closed) {
      return wire;
    }
    try {
      wire = Wire.connect(http, address, user);
    } catch (ClientException e) {
      failAll(e);
      throw e;
    }
    for (Sent sent : List.copyOf(unanswered.values())) {
      if (sent.attempts < ATTEMPTS) {
        send(sent);
      } else {
        unanswered.remove(sent.number);
        ClientException why = lost.failure();
        sent.response.completeExceptionally(
            new ClientException(
                "the connection was lost "
                    + ATTEMPTS
                    + " times, at last because "
                    + why.getMessage(),
                why));
      }
    }
    return wire;
  }

  // Under this object's lock.
  private void failAll(ClientException failure) {
    List<Sent> failed = List.copyOf(unanswered.values());
    unanswered.clear();
    for (Sent sent : failed) {
      sent.response.completeExceptionally(failure);
    }
  }

  private synchronized Wire connected() {
    return wire.isClosed() ? replace(wire) : wire;
  }

  private CompletableFuture<List<CallResult>> plain(List<MethodCall> calls) {
    List<CompletableFuture<CallResult>> results = new ArrayList<>();
    Wire over;
    try {
      over = connected();
    } catch (ClientException e) {
      return CompletableFuture.failedFuture(e);
    }
    for (MethodCall call : calls) {
      results.add(
          over.request(call.method(), call.params())
              .thenApply(value -> new CallResult(value, null))
              .exceptionally(Client::thrown));
    }
    return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> results.stream().map(CompletableFuture::join).toList());
  }

  // On a debug connection, what a method threw comes as a JSON-RPC error with its name.
  private static CallResult thrown(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof RefusedException refused && refused.name() != null) {
      return new CallResult(null, new Outcome.Thrown(refused.name(), refused.getMessage(), 0));
    }
    throw failure instanceof CompletionException completionException
        ? completionException
        : new CompletionException(failure);
  }

  /** What this client's host is asked for to compare two checkpoints. */
  private final class Asked implements LogWatch.Source {
    @Override
    public List<Hash> consistency(long older, long newer) {
      String json =
          ask(connected(), "rpc.consistency", "{\"new\":" + newer + ",\"old\":" + older + "}");
      return Members.of("result", CanonicalJson.parse(json.getBytes(UTF_8), MAX_PROOF))
          .proof("proof");
    }

    @Override
    public HashReader tree(long size) {
      return TileHashReader.published(published, size);
    }
  }

  private static String params(Caller.Key caller, String request) {
    StringBuilder out = new StringBuilder("{\"key\":\"").append(caller.key().format());
    out.append("\",\"sig\":\"").append(Caller.formatSignature(caller.signature()));
    out.append("\",\"request\":");
    CanonicalJson.write(request, out);
    return out.append('}').toString();
  }

  // Unlike a call, which may wait for its turn as long as it takes, this is answered at once.
  private static String ask(Wire over, String method, String params) {
    return join(over.request(method, params).orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS));
  }

  private static <T> T join(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new ClientException("the host does not answer", e.getCause());
      }
      if (e.getCause() instanceof RejectedExecutionException) {
        throw new ClientException("the connection was closed", e.getCause());
      }
      if (e.getCause() instanceof ClientException) {
        throw (ClientException) e.getCause();
      }
      throw e;
    }
  }
}
