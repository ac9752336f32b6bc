package dev.glasshouse.vm;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What executing one entry came to: all that the entry will say of it.
 *
 * @param writes hash over the changes to the archive
 * @param root the archive's root afterwards
 * @param blobs the texts, file contents and archive nodes that became new
 */
public record Execution(
    List<Outcome> outcomes, List<Input> inputs, Hash writes, Hash root, Map<Hash, byte[]> blobs) {

  /**
   * The entry that says all this, and the blobs that belong to it.
   *
   * @param bytes the formatted entry
   * @param blobs what it names: texts, file contents, archive nodes
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  public record Derived(byte[] bytes, Map<Hash, byte[]> blobs) {}

  /**
   * Derives the call entry of this execution. Host and verifier both do, and must arrive at the
   * same bytes.
   */
  public Derived entry(long seq, Hash prev, long time, Caller caller, String request) {
    Map<Hash, byte[]> all = new LinkedHashMap<>(blobs);
    CallEntry entry =
        new CallEntry(
            seq, prev, time, caller, Text.of(request, all), inputs, outcomes, writes, root);
    return new Derived(entry.format(all), all);
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
    Map<Hash, byte[]> all = new LinkedHashMap<>(blobs);
    return new Derived(entry.format(all), all);
  }
}
