package dev.glasshouse.vm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.vm.archive.Archive;
import dev.glasshouse.vm.archive.ArchiveChange;
import dev.glasshouse.vm.archive.ArchiveLimits;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.Reply;
import dev.glasshouse.vm.sandbox.Sandbox;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.SandboxFailure;
import dev.glasshouse.vm.sandbox.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Executes the entries of one log: the host's, the verifier's and a replica's. Live and replay
 * differ only in the {@link InputTape}.
 *
 * <p>Confined to one thread, made by {@link dev.glasshouse.vm.sandbox.V8Thread}. An exception
 * leaves heap and files in an unknown state: close it, and start again from the log.
 */
public final class Executor implements AutoCloseable {
  /** Keys of the archive that one entry may set or remove; part of the entry format. */
  public static final int MAX_CHANGES = 100_000;

  private static final JsonFactory JSON = new JsonFactory();

  private final Sandbox sandbox;
  private final Limits limits;
  private final Archive archive;
  private final Outside outside;
  private final Console console;
  private Trail trail;

  /**
   * Starts an empty guest with an empty archive.
   *
   * @param blobs where file contents and archive nodes of earlier entries are found
   * @param outside null for a replay
   */
  public Executor(
      SandboxEngine engine, Limits limits, BlobReader blobs, Outside outside, Console console) {
    this.limits = limits;
    this.archive =
        Archive.open(
            ArchiveTree.EMPTY_ROOT,
            blobs,
            new ArchiveLimits((int) limits.file(), limits.written(), MAX_CHANGES));
    this.outside = outside;
    this.console = console;
    this.sandbox = engine.open(GuestImage.bundled(), limits.heap(), limits.stack());
  }

  /**
   * Loads the script: the genesis entry. Its one outcome is the list of exported methods, {@code
   * [[name, parameters],…]}.
   *
   * @throws ScriptException if the script does not load
   */
  public Execution load(Script script, long time, InputTape tape) throws ScriptException {
    Map<Hash, byte[]> blobs = new LinkedHashMap<>();
    Reply reply = sandbox.load(script, time, limits.fuel(), host(tape, blobs));
    if (reply.trap() != null) {
      throw ScriptException.trapped(script, reply.trap().text());
    }
    if (reply.text().charAt(0) != 'v') {
      throw ScriptException.of(script, reply.text());
    }
    Outcome outcome = outcome(reply, blobs);
    if (!(outcome instanceof Outcome.Ok)) {
      throw ScriptException.trapped(script, "room for the list of its methods");
    }
    trail = new Trail(sandbox, limits.fuel());
    return execution(List.of(outcome), tape, blobs);
  }

  /** Executes the calls of one request, in order; each sees what the ones before it did. */
  public Execution execute(String caller, List<MethodCall> calls, long time, InputTape tape) {
    Map<Hash, byte[]> blobs = new LinkedHashMap<>();
    GuestHost host = host(tape, blobs);
    List<Outcome> outcomes = new ArrayList<>();
    for (MethodCall call : calls) {
      Archive.Mark before = archive.begin();
      Reply reply = trail.call(request(caller, call), time, host);
      Outcome outcome = outcome(reply, blobs);
      if (!(outcome instanceof Outcome.Ok)) {
        archive.rollback(before);
      }
      outcomes.add(outcome);
    }
    return execution(outcomes, tape, blobs);
  }

  /** The archive's root after the last entry. */
  public Hash root() {
    return archive.root();
  }

  @Override
  public void close() {
    sandbox.close();
  }

  private GuestHost host(InputTape tape, Map<Hash, byte[]> blobs) {
    return new GuestHost(archive, limits, tape, outside, console, blobs);
  }

  private Execution execution(List<Outcome> outcomes, InputTape tape, Map<Hash, byte[]> blobs) {
    tape.requireEnd();
    ArchiveChange change = archive.commit();
    blobs.putAll(change.blobs());
    return new Execution(outcomes, tape.consumed(), change.writes(), change.root(), blobs);
  }

  private static byte[] request(String caller, MethodCall call) {
    StringBuilder out = new StringBuilder("{\"caller\":");
    CanonicalJson.write(caller, out);
    out.append(",\"method\":");
    CanonicalJson.write(call.method(), out);
    out.append(",\"params\":").append(call.params()).append('}');
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private Outcome outcome(Reply reply, Map<Hash, byte[]> blobs) {
    if (reply.trap() != null) {
      return new Outcome.Trapped(reply.trap().text(), reply.fuel());
    }
    String value = reply.text().substring(1);
    if (reply.text().charAt(0) == 'v') {
      if (value.length() > limits.result()
          || value.getBytes(StandardCharsets.UTF_8).length > limits.result()) {
        String message = "the result is over the limit of " + limits.result() + " bytes";
        return new Outcome.Thrown("RangeError", message, reply.fuel());
      }
      return new Outcome.Ok(Text.of(value, blobs), reply.fuel());
    }
    try (JsonParser parser = JSON.createParser(value)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new SandboxFailure("the guest's answer is not in its form");
      }
      return new Outcome.Thrown(parser.nextTextValue(), parser.nextTextValue(), reply.fuel());
    } catch (IOException e) {
      throw new SandboxFailure("the guest's answer is not in its form", e);
    }
  }
}
