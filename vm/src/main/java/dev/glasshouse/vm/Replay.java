package dev.glasshouse.vm;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.GenesisEntry.BlobReference;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.Script;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Executes a log's entries again and derives from each what its bytes must be. Recovery after a
 * restart and verification are both this.
 */
public final class Replay {
  private Replay() {}

  /**
   * Loads the script of a genesis entry again.
   *
   * @throws UnknownInterpreterException if this build has another interpreter or bootstrap script
   * @throws ScriptException if the script does not load, which a genesis entry says it does
   */
  public static Execution.Derived genesis(Executor executor, GenesisEntry entry, BlobReader blobs)
      throws ScriptException {
    Execution execution =
        executor.load(script(entry, blobs), entry.time(), tape(entry.inputs(), blobs));
    return execution.genesis(entry);
  }

  /** Starts an executor for a log, without an outside and with the limits of its genesis entry. */
  public static Executor executor(SandboxEngine engine, GenesisEntry genesis, BlobReader blobs) {
    requireInterpreter(genesis);
    return new Executor(engine, genesis.limits(), blobs, null, Console.NONE);
  }

  /** Executes a call entry again. */
  public static Execution.Derived call(Executor executor, CallEntry entry, BlobReader blobs) {
    String request = entry.request().read(blobs);
    Execution execution =
        executor.execute(
            entry.caller().id(),
            calls(entry.caller(), request),
            entry.time(),
            tape(entry.inputs(), blobs));
    return execution.entry(entry.seq(), entry.prev(), entry.time(), entry.caller(), request);
  }

  /** The calls of a request, by the form that its caller's kind uses. */
  public static List<MethodCall> calls(Caller caller, String request) {
    return caller instanceof Caller.Key
        ? SignedCall.parse(request).calls()
        : Request.parse(request);
  }

  /** The script that a genesis entry names. */
  public static Script script(GenesisEntry entry, BlobReader blobs) {
    byte[] source = blobs.require(entry.script().source().sha256());
    requireLength("script", entry.script().source(), source.length);
    Script.Kind kind =
        entry.script().kind().equals(Script.Kind.MODULE.text())
            ? Script.Kind.MODULE
            : Script.Kind.COMMONJS;
    return new Script(entry.script().name(), kind, new String(source, StandardCharsets.UTF_8));
  }

  /** Throws {@link UnknownInterpreterException} unless this build has what the log is pinned to. */
  public static void requireInterpreter(GenesisEntry entry) {
    GuestImage image = GuestImage.bundled();
    if (!entry.interpreter().sha256().equals(image.interpreterHash())
        || !entry.bootstrap().sha256().equals(image.bootstrapHash())) {
      throw new UnknownInterpreterException(
          "the log runs on interpreter "
              + entry.interpreter().sha256()
              + " and bootstrap "
              + entry.bootstrap().sha256()
              + "; this build has "
              + image.interpreterHash()
              + " and "
              + image.bootstrapHash()
              + ". Use the build that made the log.");
    }
    requireLength("interpreter", entry.interpreter(), image.interpreter().length);
    requireLength("bootstrap", entry.bootstrap(), image.bootstrap().length);
  }

  // Nothing that an entry says is left unchecked.
  private static void requireLength(String what, BlobReference said, int length) {
    if (said.length() != length) {
      throw new MalformedException(
          "entry." + what + " has " + length + " bytes, not " + said.length());
    }
  }

  private static InputTape tape(List<Input> inputs, BlobReader blobs) {
    return InputTape.playing(inputs, blobs);
  }
}
