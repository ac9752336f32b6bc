package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.rpc.JsonRpc.Code;
import dev.glasshouse.rpc.JsonRpc.Message;
import dev.glasshouse.rpc.JsonRpc.RpcException;
import dev.glasshouse.rpc.access.CallerRules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: turns the text of a frame into the text of its response. */
final class Session {
  /** Characters of the name that a client of a debug host gives. */
  static final int MAX_USER = 256;

  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private final Mount mount;
  private final HostedModule module;
  private final CallerRules rules;
  private final String user;
  private final String base;
  private final String remote;

  /**
   * Opens a session.
   *
   * @param rules whose calls are taken
   * @param user whom the client says it is, or null
   * @param base URL of the module as the client addresses it, without a slash at its end
   * @param remote the client's address, or null
   */
  Session(Mount mount, CallerRules rules, String user, String base, String remote) {
    this.mount = mount;
    this.module = mount.module();
    this.rules = rules;
    this.user = user;
    this.base = base;
    this.remote = remote;
  }

  /**
   * Answers a frame. Completes, never exceptionally, with the response or null if there is none.
   */
  CompletableFuture<String> answer(String text) {
    return answer(text, this::call);
  }

  /** Answers a frame whose requests are all refused. */
  CompletableFuture<String> refuse(String text, CallRefused refusal) {
    return answer(text, (message, note) -> CompletableFuture.failedFuture(refusal));
  }

  private CompletableFuture<String> answer(
      String text, BiFunction<Message, AccessLog.Note, CompletableFuture<String>> calling) {
    JsonRpc.Frame frame;
    try {
      frame = JsonRpc.parse(text);
    } catch (RpcException e) {
      return CompletableFuture.completedFuture(
          JsonRpc.error("null", e.code(), e.getMessage(), null));
    }
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (Message message : frame.messages()) {
      answers.add(answer(message, calling));
    }
    if (!frame.isBatch()) {
      return answers.get(0);
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> joinBatch(answers));
  }

  private static String joinBatch(List<CompletableFuture<String>> answers) {
    StringBuilder out = new StringBuilder();
    for (CompletableFuture<String> answer : answers) {
      String text = answer.join();
      if (text != null) {
        out.append(out.length() == 0 ? '[' : ',').append(text);
      }
    }
    return out.length() == 0 ? null : out.append(']').toString();
  }

  private CompletableFuture<String> answer(
      Message message, BiFunction<Message, AccessLog.Note, CompletableFuture<String>> calling) {
    if (message.invalid() != null) {
      return CompletableFuture.completedFuture(
          JsonRpc.error(message.id(), Code.INVALID_REQUEST.number(), message.invalid(), null));
    }
    AccessLog.Note note = AccessLog.begin(remote, mount, message.method());
    CompletableFuture<String> answer =
        calling
            .apply(message, note)
            .handle(
                (result, failure) -> failure == null ? result : failed(message.id(), failure, note))
            .thenApply(response -> message.id() == null ? null : response);
    return note == null ? answer : answer.whenComplete((text, failure) -> note.answered(text));
  }

  // The note is null unless somebody wants to read it.
  private CompletableFuture<String> call(Message message, AccessLog.Note note) {
    try {
      return switch (message.method()) {
        case "rpc.call" -> signed(message, note);
        case "rpc.discover" -> read(message, () -> Descriptions.openRpc(module));
        case "rpc.info" -> read(message, () -> Descriptions.hostInfo(module));
        case "rpc.consistency" -> consistency(message);
        case "handshake" ->
            module.isDebug()
                ? read(message, () -> Descriptions.handshake(module, base))
                : plain(message, note);
        default -> plain(message, note);
      };
    } catch (RpcException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<String> read(Message message, Supplier<String> result) {
    return module.read(() -> JsonRpc.result(message.id(), result.get()));
  }

  private CompletableFuture<String> signed(Message message, AccessLog.Note note)
      throws RpcException {
    Params params = Params.parse(message.params());
    Caller.Key caller;
    try {
      caller =
          new Caller.Key(
              PublicKey.parse(params.string("key")), Caller.parseSignature(params.string("sig")));
    } catch (MalformedException e) {
      throw new CallRefused(CallRefused.Reason.BAD_SIGNATURE, e.getMessage());
    }
    String request = params.string("request");
    if (note != null) {
      note.signed(caller.id(), request);
    }
    rules.admit(caller.key());
    return module
        .submit(this, caller, request, rules)
        .thenApply(
            answer -> {
              if (note != null) {
                note.executed(answer);
              }
              return JsonRpc.result(message.id(), answer.toJson());
            });
  }

  private CompletableFuture<String> plain(Message message, AccessLog.Note note)
      throws RpcException {
    if (message.method().startsWith("rpc.")) {
      // The specification reserves these names: no module's method is meant.
      throw new RpcException(Code.METHOD_NOT_FOUND, "this host has no method " + message.method());
    }
    String params = message.params() == null ? "[]" : message.params();
    if (!params.startsWith("[")) {
      throw new RpcException(
          Code.INVALID_PARAMS, "the methods of a module take positional parameters: an array");
    }
    Caller.User caller = new Caller.User(user);
    if (note != null) {
      note.calls(user, message.method());
    }
    rules.charge(caller, 1);
    return module
        .submit(this, caller, new MethodCall(message.method(), params))
        .thenApply(
            answer -> {
              if (note != null) {
                note.executed(answer);
              }
              return plainResponse(message.id(), answer);
            });
  }

  private static String plainResponse(String id, Answer answer) {
    if (answer.isAborted()) {
      String data = "{\"name\":\"AbortedError\"}";
      return JsonRpc.error(id, Code.THROWN.number(), Answer.ABORTED, data);
    }
    Outcome outcome = answer.outcomes().get(0);
    if (outcome instanceof Outcome.Ok ok) {
      return JsonRpc.result(id, ok.value().read(answer.blobs()));
    }
    if (outcome instanceof Outcome.Thrown thrown) {
      Code code = thrown.name().equals("MethodNotFoundError") ? Code.METHOD_NOT_FOUND : Code.THROWN;
      String data = "{\"name\":" + JsonRpc.quote(thrown.name()) + "}";
      return JsonRpc.error(id, code.number(), thrown.message(), data);
    }
    String limit = ((Outcome.Trapped) outcome).limit();
    return JsonRpc.error(
        id,
        Code.THROWN.number(),
        "the call ran out of " + limit + " and was undone",
        "{\"trap\":" + JsonRpc.quote(limit) + "}");
  }

  private CompletableFuture<String> consistency(Message message) throws RpcException {
    Params params = Params.parse(message.params());
    long from = params.count("old");
    long to = params.count("new");
    if (from > to || to > module.log().head().size()) {
      throw new RpcException(
          Code.INVALID_PARAMS,
          "\"old\" is at most \"new\", and \"new\" at most "
              + module.log().head().size()
              + ", the size of this log");
    }
    return read(message, () -> Descriptions.consistency(module, from, to));
  }

  private String failed(String id, Throwable failure, AccessLog.Note note) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof CallRefused refused) {
      module.meters().refused(refused.reason());
      if (note != null) {
        note.refused(refused.reason());
      }
      String again =
          refused.retryMillis() > 0 ? "{\"retryMillis\":" + refused.retryMillis() + "}" : null;
      return JsonRpc.error(id, refused.reason().code(), cause.getMessage(), again);
    }
    int code = cause instanceof RpcException error ? error.code() : Code.INTERNAL_ERROR.number();
    if (note != null) {
      note.failed(code);
    }
    if (cause instanceof RpcException error) {
      return JsonRpc.error(id, error.code(), cause.getMessage(), null);
    }
    LOG.error("a request failed in the host", cause);
    return JsonRpc.error(id, code, "the host failed; its log says why", null);
  }
}
