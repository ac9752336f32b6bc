package dev.glasshouse.rpc;

import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.TreeHead;
import java.util.Arrays;
import java.util.List;

/** A caller who signs, one session of it, and no more sense than a test gives it. */
final class Signer {
  final Identity identity;
  final String session;

  Signer(int number) {
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) (100 + number));
    identity = Identity.ofSeed(seed);
    session = String.format("%032x", number);
  }

  String request(Hash log, long n, TreeHead seen, MethodCall... calls) {
    return new SignedCall(log, session, n, seen, List.of(calls)).format();
  }

  String request(Hash log, long n, String method, String params) {
    return request(log, n, TreeHead.EMPTY, new MethodCall(method, params));
  }

  Caller.Key sign(String request) {
    return new Caller.Key(identity.publicKey(), identity.sign(SignedCall.message(request)));
  }

  /** The parameters of rpc.call. */
  String params(String request) {
    return params(request, Caller.formatSignature(sign(request).signature()));
  }

  String params(String request, String signature) {
    StringBuilder out = new StringBuilder("{\"key\":\"").append(identity.publicKey().format());
    out.append("\",\"sig\":\"").append(signature).append("\",\"request\":");
    CanonicalJson.write(request, out);
    return out.append('}').toString();
  }
}
