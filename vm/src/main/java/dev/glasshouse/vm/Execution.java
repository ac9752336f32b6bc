package dev.glasshouse.vm;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.TimerEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What executing one entry came to: all that the entry will say of it.
 *
 * @param inputEnds of each call of a request, how many inputs were consumed when it ended; empty of
 *     what is no request
 * @param time what the guest's clock showed at the end; no later entry is before it
 * @param writes hash over the changes to the archive
 * @param root the archive's root afterwards
 * @param blobs the texts, file contents and archive nodes that became new
 */
public record Execution(
    List<Outcome> outcomes,
    List<Input> inputs,
    List<Integer> inputEnds,
    long time,
    Hash writes,
    Hash root,
    Map<Hash, byte[]> blobs) {

  /**
   * The entry that says all this, and the blobs that belong to it. Formatted when that is first
   * asked for: a replay that arrives at an equal entry has no need to. Used by one thread.
   */
  public static final class Derived {
    private final Entry entry;
    private final Map<Hash, byte[]> blobs;
    private final long time;
    private final List<Integer> inputEnds;
    private byte[] bytes;

    Derived(Entry entry, Map<Hash, byte[]> blobs, long time, List<Integer> inputEnds) {
      this.entry = entry;
      this.blobs = blobs;
      this.time = time;
      this.inputEnds = inputEnds;
    }

    /** The entry itself. */
    public Entry entry() {
      return entry;
    }

    /** The formatted entry. */
    public byte[] bytes() {
      if (bytes == null) {
        bytes = entry.format(blobs);
      }
      return bytes;
    }

    /** All blobs that it names: texts, lists, file contents, archive nodes. */
    public Map<Hash, byte[]> blobs() {
      bytes(); // makes those of long lists
      return blobs;
    }

    /** Those of them that the execution made, which are all but long lists of the entry. */
    public Map<Hash, byte[]> executedBlobs() {
      return blobs;
    }

    /** What the guest's clock showed at the end. */
    public long time() {
      return time;
    }

    /** Of each call, how many of the entry's inputs were consumed when it ended. */
    public List<Integer> inputEnds() {
      return inputEnds;
    }
  }

  /**
   * Derives the call entry of this execution. Host and verifier both do, and must arrive at the
   * same bytes.
   */
  public Derived call(long seq, Hash prev, long start, Caller caller, String request) {
    Map<Hash, byte[]> all = new LinkedHashMap<>(blobs);
    return derived(
        new CallEntry(
            seq, prev, start, caller, Text.of(request, all), inputs, outcomes, writes, root),
        all);
  }

  /** Derives the timer entry of this execution. */
  public Derived timer(long seq, Hash prev, long start) {
    return derived(
        new TimerEntry(seq, prev, start, inputs, outcomes.get(0), writes, root),
        new LinkedHashMap<>(blobs));
  }

  /**
   * Derives the abort entry of a turn that left nothing behind.
   *
   * @param caller null for a timer's turn, and the request with it
   */
  public Derived abort(long seq, Hash prev, long start, Caller caller, String request) {
    Map<Hash, byte[]> all = new LinkedHashMap<>(blobs);
    Text asked = request == null ? null : Text.of(request, all);
    return derived(new AbortEntry(seq, prev, start, caller, asked, writes, root), all);
  }

  /** Derives the genesis entry of this execution from one that says everything else. */
  public Derived genesis(GenesisEntry given) {
    GenesisEntry entry =
        new GenesisEntry(
            given.time(),
            given.origin(),
            given.host(),
            given.debug(),
            given.title(),
            given.nonce(),
            given.script(),
            given.interpreter(),
            given.bootstrap(),
            given.limits(),
            inputs,
            outcomes.get(0),
            writes,
            root);
    return derived(entry, new LinkedHashMap<>(blobs));
  }

  private Derived derived(Entry entry, Map<Hash, byte[]> all) {
    return new Derived(entry, all, time, inputEnds);
  }
}
