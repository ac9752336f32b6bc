package dev.glasshouse.verifier;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.verifier.Divergence.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An entry after the checks that need no other entry, so that they can run on all cores: it parses,
 * its request parses, its caller signed it.
 *
 * <p>What was found, or kept the check from finishing, is carried and not thrown: it counts when
 * its turn comes. Otherwise an entry that is withheld would hide a lie in one before it.
 *
 * @param caller who asked for it, or null: for genesis, images and the turns of timers
 * @param signed what the caller signed, or null without a caller and for one taken at their word
 * @param calls what the caller asked for; of an aborted request they were not executed
 * @param failure a {@link DivergenceException}, or why the check could not finish, or null
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record CheckedEntry(
    long index,
    byte[] bytes,
    Hash leaf,
    Entry entry,
    Caller caller,
    SignedCall signed,
    List<MethodCall> calls,
    RuntimeException failure) {
  /** Hex digits of the most random bytes that a module is given at once. */
  private static final long MAX_ENTROPY = 2 * 65_536;

  static CheckedEntry check(long index, byte[] bytes, GenesisEntry genesis, BlobReader blobs) {
    Hash leaf = Merkle.leafHash(bytes);
    try {
      Entry entry = Entry.parse(bytes, blobs);
      requireAnswerSizes(index, entry, genesis);
      Text text = requestOf(entry);
      if (text == null) {
        return new CheckedEntry(index, bytes, leaf, entry, null, null, List.of(), null);
      }
      requireRequestSize(index, text, genesis);
      String request = text.read(blobs);
      Caller caller = callerOf(entry);
      if (!(caller instanceof Caller.Key key)) {
        List<MethodCall> calls = Request.parse(request);
        return new CheckedEntry(index, bytes, leaf, entry, caller, null, calls, null);
      }
      SignedCall signed = SignedCall.parse(request);
      if (!key.key().verify(SignedCall.message(request), key.signature())) {
        throw new DivergenceException(
            Kind.SIGNATURE, index, "a signature by " + key.key().format(), "one that fails");
      }
      return new CheckedEntry(index, bytes, leaf, entry, key, signed, signed.calls(), null);
    } catch (UnknownEntryException e) {
      return failed(
          index, bytes, leaf, new UnknownEntryException("entry " + index + ": " + e.getMessage()));
    } catch (MalformedException e) {
      return failed(
          index,
          bytes,
          leaf,
          new DivergenceException(
              Kind.MALFORMED, index, "an entry in its canonical form", e.getMessage()));
    } catch (WrongBlobException e) {
      return failed(
          index,
          bytes,
          leaf,
          new DivergenceException(Kind.BLOB, index, "the bytes of that hash", e.getMessage()));
    } catch (DivergenceException | MissingBlobException | UnreachableException e) {
      return failed(index, bytes, leaf, e);
    }
  }

  /** The method that a finding about the entry as a whole names, or null if it has no calls. */
  String method() {
    return calls.isEmpty() ? null : calls.get(0).method();
  }

  private static Text requestOf(Entry entry) {
    if (entry instanceof CallEntry call) {
      return call.request();
    }
    return entry instanceof AbortEntry abort ? abort.request() : null;
  }

  private static Caller callerOf(Entry entry) {
    return entry instanceof CallEntry call ? call.caller() : ((AbortEntry) entry).caller();
  }

  private static CheckedEntry failed(
      long index, byte[] bytes, Hash leaf, RuntimeException failure) {
    return new CheckedEntry(index, bytes, leaf, null, null, null, List.of(), failure);
  }

  // By the length that the entry states: nothing over a limit is even fetched.
  private static void requireRequestSize(long index, Text request, GenesisEntry genesis) {
    long limit = genesis.limits().request();
    long length = length(request);
    if (length > limit) {
      throw new DivergenceException(
          Kind.ADMISSION,
          index,
          "a request of at most " + limit + " bytes",
          "one of " + length + " bytes");
    }
  }

  // A live execution gives the module no longer answer than this. What an answer must be beyond
  // that, the replay knows.
  private static void requireAnswerSizes(long index, Entry entry, GenesisEntry genesis) {
    for (Input input : entry.inputs()) {
      long limit = input.kind().equals(Input.ENTROPY) ? MAX_ENTROPY : genesis.limits().result();
      long length = length(input.answer());
      if (length > limit) {
        throw new DivergenceException(
            Kind.INPUTS,
            index,
            "answers of at most " + limit + " bytes",
            "one of " + length + " bytes");
      }
    }
  }

  private static long length(Text text) {
    return text instanceof Text.Blob blob
        ? blob.length()
        : ((Text.Inline) text).text().getBytes(StandardCharsets.UTF_8).length;
  }
}
