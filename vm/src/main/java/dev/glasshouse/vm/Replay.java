package dev.glasshouse.vm;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.BlobReference;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.ScriptFileReference;
import dev.glasshouse.calllog.ScriptReference;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.TimerEntry;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
    return new Executor(engine, genesis.limits(), blobs, World.NONE);
  }

  /**
   * Executes an entry again, of any kind but genesis.
   *
   * @throws InputMismatchException if it does not consume exactly the recorded inputs
   */
  public static Execution.Derived entry(Executor executor, Entry entry, BlobReader blobs) {
    if (entry instanceof CallEntry call) {
      return call(executor, call, calls(call.caller(), call.request().read(blobs)), blobs);
    }
    if (entry instanceof TimerEntry timer) {
      return executor
          .timer(timer.time(), tape(timer.inputs(), blobs))
          .timer(timer.seq(), timer.prev(), timer.time());
    }
    if (entry instanceof AbortEntry abort) {
      return abort(executor, abort, blobs);
    }
    if (entry instanceof ImageEntry image) {
      return executor.image(image.time()).entry(image.seq(), image.prev(), image.time());
    }
    throw new MalformedException("a second genesis entry, at index " + entry.seq());
  }

  /**
   * Executes a call again.
   *
   * @param calls those of its request
   * @throws InputMismatchException if it does not consume exactly the recorded inputs
   */
  public static Execution.Derived call(
      Executor executor, CallEntry entry, List<MethodCall> calls, BlobReader blobs) {
    String request = entry.request().read(blobs);
    Execution execution =
        executor.execute(entry.caller().id(), calls, entry.time(), tape(entry.inputs(), blobs));
    return execution.call(entry.seq(), entry.prev(), entry.time(), entry.caller(), request);
  }

  private static Execution.Derived abort(Executor executor, AbortEntry entry, BlobReader blobs) {
    long time = entry.time();
    Execution execution = entry.ofTimer() ? executor.drop(time) : executor.nothing(time);
    String request = entry.ofTimer() ? null : entry.request().read(blobs);
    return execution.abort(entry.seq(), entry.prev(), time, entry.caller(), request);
  }

  /** The calls of a request, by the form that its caller's kind uses. */
  public static List<MethodCall> calls(Caller caller, String request) {
    return caller instanceof Caller.Key
        ? SignedCall.parse(request).calls()
        : Request.parse(request);
  }

  /** The script that a genesis entry names. */
  public static Script script(GenesisEntry entry, BlobReader blobs) {
    ScriptReference reference = entry.script();
    SortedMap<String, String> files = new TreeMap<>();
    for (ScriptFileReference file : reference.files()) {
      byte[] source = blobs.require(file.source().sha256());
      requireLength("script", file.source(), source.length);
      files.put(file.name(), source(file.name(), source));
    }
    Script.Kind kind =
        reference.kind().equals(Script.Kind.MODULE.text())
            ? Script.Kind.MODULE
            : Script.Kind.COMMONJS;
    return new Script(reference.main(), kind, files);
  }

  private static String source(String name, byte[] bytes) {
    String source = new String(bytes, StandardCharsets.UTF_8);
    if (!Arrays.equals(bytes, source.getBytes(StandardCharsets.UTF_8))) {
      throw new MalformedException("the source of " + name + " is not UTF-8");
    }
    return source;
  }

  /** What a genesis entry says of a script; its files are added to {@code blobs}. */
  public static ScriptReference reference(Script script, Map<Hash, byte[]> blobs) {
    List<ScriptFileReference> files = new ArrayList<>();
    script
        .files()
        .forEach(
            (name, source) -> {
              byte[] bytes = source.getBytes(StandardCharsets.UTF_8);
              Hash hash = Hash.of(bytes);
              blobs.put(hash, bytes);
              files.add(new ScriptFileReference(name, new BlobReference(hash, bytes.length)));
            });
    return new ScriptReference(script.main(), script.kind().text(), files);
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
