package dev.glasshouse.verifier;

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
 * @param signed the signed call, or null for genesis and for callers taken at their word
 * @param failure a {@link DivergenceException}, or why the check could not finish, or null
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record CheckedEntry(
    long index,
    byte[] bytes,
    Hash leaf,
    Entry entry,
    SignedCall signed,
    List<MethodCall> calls,
    RuntimeException failure) {

  static CheckedEntry check(long index, byte[] bytes, GenesisEntry genesis, BlobReader blobs) {
    Hash leaf = Merkle.leafHash(bytes);
    try {
      Entry entry = Entry.parse(bytes, blobs);
      requireAnswerSizes(index, entry, genesis);
      if (!(entry instanceof CallEntry call)) {
        return new CheckedEntry(index, bytes, leaf, entry, null, List.of(), null);
      }
      requireRequestSize(index, call.request(), genesis);
      String request = call.request().read(blobs);
      if (call.caller() instanceof Caller.User) {
        return new CheckedEntry(index, bytes, leaf, call, null, Request.parse(request), null);
      }
      SignedCall signed = SignedCall.parse(request);
      Caller.Key caller = (Caller.Key) call.caller();
      if (!caller.key().verify(SignedCall.message(request), caller.signature())) {
        throw new DivergenceException(
            Kind.SIGNATURE, index, "a signature by " + caller.key().format(), "one that fails");
      }
      return new CheckedEntry(index, bytes, leaf, call, signed, signed.calls(), null);
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

  private static CheckedEntry failed(
      long index, byte[] bytes, Hash leaf, RuntimeException failure) {
    return new CheckedEntry(index, bytes, leaf, null, null, List.of(), failure);
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

  // A live execution gives the module no longer answer than this.
  private static void requireAnswerSizes(long index, Entry entry, GenesisEntry genesis) {
    long limit = genesis.limits().result();
    for (Input input : entry.inputs()) {
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
