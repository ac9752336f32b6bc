package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.rpc.access.CallerRules;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A request on its way to the lock, as far as it can be checked without the log.
 *
 * @param signed the parsed signed call, or null for a caller whom a debug host takes at its word
 */
record Submission(Caller caller, String request, SignedCall signed, List<MethodCall> calls) {

  /** The session of a signed request, or null. */
  CallerSession session() {
    return signed == null ? null : new CallerSession(((Caller.Key) caller).key(), signed.session());
  }

  /** The place of a signed request in its session, or null. */
  CallerSession.Call call() {
    return signed == null ? null : new CallerSession.Call(session(), signed.n());
  }

  /** Parses a signed request and verifies its signature; throws {@link CallRefused}. */
  static Submission verify(Caller.Key caller, String request, long maxBytes) {
    byte[] message = SignedCall.message(request);
    requireSize(message.length - SignedCall.DOMAIN.length(), maxBytes);
    // The cheap check first: whoever cannot sign does not get us to parse.
    if (!caller.key().verify(message, caller.signature())) {
      throw new CallRefused(
          CallRefused.Reason.BAD_SIGNATURE,
          "the signature does not hold; sign \"glasshouse/call/v1\\n\" and the exact bytes of the"
              + " request");
    }
    try {
      SignedCall signed = SignedCall.parse(request);
      return new Submission(caller, request, signed, signed.calls());
    } catch (MalformedException e) {
      throw new CallRefused(CallRefused.Reason.MALFORMED, e.getMessage());
    }
  }

  /** Counts its calls; throws {@link CallRefused} if they are too many. */
  Submission charged(CallerRules rules) {
    rules.charge(caller, calls.size());
    return this;
  }

  /** Takes a caller at its word. */
  static Submission trust(Caller.User caller, MethodCall call, long maxBytes) {
    try {
      String request = Request.format(List.of(call));
      requireSize(request.getBytes(StandardCharsets.UTF_8).length, maxBytes);
      return new Submission(caller, request, null, Request.parse(request));
    } catch (MalformedException e) {
      throw new CallRefused(CallRefused.Reason.MALFORMED, e.getMessage());
    }
  }

  private static void requireSize(long bytes, long maxBytes) {
    if (bytes > maxBytes) {
      throw new CallRefused(
          CallRefused.Reason.TOO_LARGE,
          "the request has " + bytes + " bytes, the limit is " + maxBytes);
    }
  }
}
