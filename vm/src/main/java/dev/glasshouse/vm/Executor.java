package dev.glasshouse.vm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.vm.archive.Archive;
import dev.glasshouse.vm.archive.ArchiveChange;
import dev.glasshouse.vm.archive.ArchiveLimits;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.sandbox.AbortedException;
import dev.glasshouse.vm.sandbox.HeapImage;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.SandboxFailure;
import dev.glasshouse.vm.sandbox.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Executes the entries of one log: the host's, the verifier's and a replica's. Live and replay
 * differ only in the {@link InputTape}.
 *
 * <p>Confined to one thread, made by {@link dev.glasshouse.vm.sandbox.SandboxThread}. An exception
 * leaves heap and files in an unknown state: close it, and start again from the log.
 */
public final class Executor implements AutoCloseable {
  /** Keys of the archive that one entry may set or remove; part of the entry format. */
  public static final int MAX_CHANGES = 100_000;

  private static final JsonFactory JSON = new JsonFactory();

  private final Guest guest;
  private final Limits limits;
  private final Archive archive;
  private final Outside outside;
  private final Console console;
  private final Watch watch;
  private final HeapPages pages = new HeapPages();
  private ModuleFiles files;

  /**
   * Starts an empty guest with an empty archive.
   *
   * @param blobs where file contents and archive nodes of earlier entries are found
   */
  public Executor(SandboxEngine engine, Limits limits, BlobReader blobs, World world) {
    this(engine, limits, blobs, world, ArchiveTree.EMPTY_ROOT);
  }

  private Executor(SandboxEngine engine, Limits limits, BlobReader blobs, World world, Hash root) {
    this.limits = limits;
    this.archive =
        Archive.open(
            root, blobs, new ArchiveLimits((int) limits.file(), limits.written(), MAX_CHANGES));
    this.outside = world.outside();
    this.console = world.console();
    this.watch = world.watch();
    this.guest = new Guest(engine, limits, watch);
  }

  /**
   * Starts from an image, as if every entry up to it had been executed.
   *
   * @param entry what the log says of the image
   * @param pages gives the bytes of a page of the heap by its hash, or null
   * @throws DamagedImageException if the image is not all there
   */
  public static Executor restore(
      SandboxEngine engine,
      GenesisEntry genesis,
      ImageEntry entry,
      BlobReader blobs,
      Function<Hash, byte[]> pages,
      World world) {
    Executor executor = new Executor(engine, genesis.limits(), blobs, world, entry.root());
    try {
      executor.files = new ModuleFiles(Replay.script(genesis, blobs));
      List<Hash> hashes = entry.heap().readPages(blobs);
      HeapImage image = HeapPages.join(entry.heap().globals(), hashes, pages);
      executor.guest.restore(image, entry.due());
      return executor;
    } catch (MalformedException | MissingBlobException e) {
      executor.close();
      throw new DamagedImageException(e.getMessage());
    } catch (RuntimeException e) {
      executor.close();
      throw e;
    }
  }

  /**
   * Loads the script: the genesis entry. Its one outcome is the list of exported methods, {@code
   * [[name, parameters],…]}.
   *
   * @throws ScriptException if the script does not load
   */
  public Execution load(Script script, long time, InputTape tape) throws ScriptException {
    files = new ModuleFiles(script);
    Map<Hash, byte[]> blobs = new LinkedHashMap<>();
    Guest.Answer answer;
    try {
      answer = guest.load(script, time, host(tape, blobs));
    } catch (AbortedException e) {
      throw ScriptException.trapped(script, "time");
    }
    if (answer.trap() != null) {
      throw ScriptException.trapped(script, answer.trap().text());
    }
    if (answer.text().charAt(0) != 'v') {
      throw ScriptException.of(script, answer.text());
    }
    Outcome outcome = outcome(answer, blobs);
    if (!(outcome instanceof Outcome.Ok)) {
      throw ScriptException.trapped(script, "room for the list of its methods");
    }
    return execution(List.of(outcome), answer.time(), tape, blobs);
  }

  /**
   * Executes the calls of one request, in order; each sees what the ones before it did.
   *
   * @throws AbortedException when the watchdog ended one of them; heap and files are as they were
   *     before the request
   */
  public Execution execute(String caller, List<MethodCall> calls, long time, InputTape tape) {
    Map<Hash, byte[]> blobs = new LinkedHashMap<>();
    GuestHost host = host(tape, blobs);
    return undone(
        () -> {
          List<Outcome> outcomes = new ArrayList<>();
          List<Integer> inputEnds = new ArrayList<>();
          long now = time;
          for (MethodCall call : calls) {
            Archive.Mark before = archive.begin();
            Guest.Answer answer = guest.call(call.method(), caller, call.params(), now, host);
            outcomes.add(kept(outcome(answer, blobs), before));
            inputEnds.add(tape.position());
            now = answer.time();
          }
          return execution(outcomes, inputEnds, now, tape, blobs);
        });
  }

  /**
   * Runs the earliest timer, in an entry of its own.
   *
   * @throws InputMismatchException if no timer is due at that time
   * @throws AbortedException when the watchdog ended it; heap and files are as they were before
   */
  public Execution timer(long time, InputTape tape) {
    requireDue(time);
    Map<Hash, byte[]> blobs = new LinkedHashMap<>();
    GuestHost host = host(tape, blobs);
    return undone(
        () -> {
          Archive.Mark before = archive.begin();
          Guest.Answer answer = guest.timer(time, host);
          Outcome outcome = kept(outcome(answer, blobs), before);
          return execution(List.of(outcome), answer.time(), tape, blobs);
        });
  }

  /** What an entry does whose request the watchdog ended: nothing. */
  public Execution nothing(long time) {
    return execution(List.of(), time, InputTape.recording(), new LinkedHashMap<>());
  }

  /** What an entry does whose timer's turn the watchdog ended: it forgets that timer. */
  public Execution drop(long time) {
    requireDue(time);
    guest.beginEntry();
    guest.drop(time, host(InputTape.recording(), new LinkedHashMap<>()));
    return nothing(time);
  }

  /** When the earliest outstanding timer is due, in milliseconds since 1970, or -1. */
  public long due() {
    return guest.due();
  }

  /** The image of the guest as it is now. Taking it has no effect on the guest. */
  public TakenImage image(long time) {
    return new TakenImage(pages.cut(guest.image()), guest.due(), nothing(time));
  }

  /**
   * The next image carries all its pages, also those that an image before had: for a host that has
   * just started, and does not know whether all of those are still whole.
   */
  public void forgetImages() {
    pages.forget();
  }

  /** The archive's root after the last entry. */
  public Hash root() {
    return archive.root();
  }

  @Override
  public void close() {
    guest.close();
  }

  // Runs an entry; if the watchdog ends it, it has never been.
  private Execution undone(Supplier<Execution> entry) {
    Archive.Mark before = archive.begin();
    guest.beginEntry();
    try {
      return entry.get();
    } catch (AbortedException e) {
      guest.undoEntry();
      archive.rollback(before);
      throw e;
    }
  }

  // Only a call that returns keeps what it wrote.
  private Outcome kept(Outcome outcome, Archive.Mark before) {
    if (!(outcome instanceof Outcome.Ok)) {
      archive.rollback(before);
    }
    return outcome;
  }

  private void requireDue(long time) {
    if (due() < 0 || due() > time) {
      throw new InputMismatchException(
          "no timer is due at " + time + (due() < 0 ? "" : "; the earliest is due at " + due()));
    }
  }

  private GuestHost host(InputTape tape, Map<Hash, byte[]> blobs) {
    return new GuestHost(archive, files, limits, tape, outside, console, watch, blobs);
  }

  private Execution execution(
      List<Outcome> outcomes, long time, InputTape tape, Map<Hash, byte[]> blobs) {
    return execution(outcomes, List.of(), time, tape, blobs);
  }

  private Execution execution(
      List<Outcome> outcomes,
      List<Integer> inputEnds,
      long time,
      InputTape tape,
      Map<Hash, byte[]> blobs) {
    tape.requireEnd();
    ArchiveChange change = archive.commit();
    blobs.putAll(change.blobs());
    return new Execution(
        outcomes, tape.consumed(), inputEnds, time, change.writes(), change.root(), blobs);
  }

  private Outcome outcome(Guest.Answer reply, Map<Hash, byte[]> blobs) {
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
