package dev.glasshouse.verifier;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.verifier.Divergence.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An entry after the checks that need no other entry, so that they can run on all cores: it parses,
 * its request parses, its caller signed it.
 *
 * @param signed the signed call, or null for genesis and for callers taken at their word
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record CheckedEntry(
    long index,
    byte[] bytes,
    Hash leaf,
    Entry entry,
    SignedCall signed,
    List<MethodCall> calls,
    DivergenceException finding) {

  static CheckedEntry check(long index, byte[] bytes, GenesisEntry genesis, BlobReader blobs) {
    Hash leaf = Merkle.leafHash(bytes);
    try {
      Entry entry = Entry.parse(bytes, blobs);
      if (!(entry instanceof CallEntry)) {
        return new CheckedEntry(index, bytes, leaf, entry, null, List.of(), null);
      }
      CallEntry call = (CallEntry) entry;
      String request = call.request().read(blobs);
      requireSize(index, request, genesis);
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
    } catch (DivergenceException e) {
      return failed(index, bytes, leaf, e);
    }
  }

  private static CheckedEntry failed(
      long index, byte[] bytes, Hash leaf, DivergenceException finding) {
    return new CheckedEntry(index, bytes, leaf, null, null, List.of(), finding);
  }

  private static void requireSize(long index, String request, GenesisEntry genesis) {
    long limit = genesis.limits().request();
    long length = request.getBytes(StandardCharsets.UTF_8).length;
    if (length > limit) {
      throw new DivergenceException(
          Kind.ADMISSION,
          index,
          "a request of at most " + limit + " bytes",
          "one of " + length + " bytes");
    }
  }
}
