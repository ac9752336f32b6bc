package dev.glasshouse.bench.jmh;

import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.TreeHead;
import java.util.Collections;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A signed request for so many calls of a counter. */
@State(Scope.Benchmark)
public class Calls {
  @Param({"1", "32"})
  public int calls;

  SignedCall call;
  String request;
  byte[] message;
  Caller.Key caller;

  @Setup
  public void sign() {
    Identity identity = Identity.ofSeed(new byte[Identity.SEED_BYTES]);
    call =
        new SignedCall(
            Hash.ZERO,
            "0123456789abcdef0123456789abcdef",
            1,
            TreeHead.EMPTY,
            Collections.nCopies(calls, new MethodCall("increment", "[]")));
    request = call.format();
    message = SignedCall.message(request);
    caller = new Caller.Key(identity.publicKey(), identity.sign(message));
  }
}
