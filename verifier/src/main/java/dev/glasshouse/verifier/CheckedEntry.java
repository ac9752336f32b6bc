package dev.glasshouse.verifier;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryRules;
import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.List;

/**
 * An entry after the checks that need no other entry, so that they can run on all cores.
 *
 * <p>What was found, or kept the check from finishing, is carried and not thrown: it counts when
 * its turn comes. Otherwise an entry that is withheld would hide a lie in one before it.
 *
 * @param parsed the entry, or null if it failed
 * @param depth how far it was looked at
 * @param failure a {@link DivergenceException}, or why the check could not finish, or null
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record CheckedEntry(
    long index,
    byte[] bytes,
    Hash leaf,
    EntryRules.Parsed parsed,
    Depth depth,
    RuntimeException failure) {

  static CheckedEntry check(
      long index, byte[] bytes, GenesisEntry genesis, BlobReader blobs, Depth depth) {
    Hash leaf = Merkle.leafHash(bytes);
    try {
      return new CheckedEntry(
          index, bytes, leaf, EntryRules.alone(index, bytes, genesis, blobs, depth), depth, null);
    } catch (BrokenRuleException e) {
      return new CheckedEntry(index, bytes, leaf, null, depth, DivergenceException.of(e, null));
    } catch (WrongBlobException e) {
      DivergenceException found =
          new DivergenceException(Kind.BLOB, index, "the bytes of that hash", e.getMessage());
      return new CheckedEntry(index, bytes, leaf, null, depth, found);
    } catch (UnknownEntryException | MissingBlobException | UnreachableException e) {
      return new CheckedEntry(index, bytes, leaf, null, depth, e);
    }
  }

  Entry entry() {
    return parsed.entry();
  }

  /** About how many bytes of memory it takes: a long request is not among its own. */
  long weight() {
    return bytes.length
        + (parsed == null ? 0 : calls().stream().mapToLong(call -> call.params().length()).sum());
  }

  /** Who asked for it, or null: for genesis, images and the turns of timers. */
  Caller caller() {
    return parsed.caller();
  }

  /** What the caller signed, or null. */
  SignedCall signed() {
    return parsed.signed();
  }

  /** Whether a caller signed it, and the signature was found to hold. */
  boolean isSignatureVerified() {
    return signed() != null && depth == Depth.SIGNATURE;
  }

  /** What the caller asked for; of an aborted request they were not executed. */
  List<MethodCall> calls() {
    return parsed.calls();
  }

  /** The method that a finding about the entry as a whole names, or null if it has no calls. */
  String method() {
    return calls().isEmpty() ? null : calls().get(0).method();
  }
}
