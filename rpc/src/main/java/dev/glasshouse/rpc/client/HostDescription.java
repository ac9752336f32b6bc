package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.SignedCheckpoint;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a host says it serves, as far as it agrees with itself: the log's id is computed from the
 * genesis entry, and the checkpoint is signed by the key that the entry names.
 */
public record HostDescription(Hash log, GenesisEntry genesis, SignedCheckpoint checkpoint) {

  /** Reads the result of {@code rpc.info}. */
  static HostDescription parse(String json, BlobReader blobs) {
    Object value = CanonicalJson.parse(json.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
    byte[] genesis = member(value, "genesis");
    Entry entry = Entry.parse(genesis, blobs);
    if (!(entry instanceof GenesisEntry found)) {
      throw new MalformedException("the host's genesis entry is none");
    }

    SignedCheckpoint checkpoint =
        SignedCheckpoint.verify(member(value, "checkpoint"), found.origin(), found.host());
    return new HostDescription(Merkle.leafHash(genesis), found, checkpoint);
  }

  private static byte[] member(Object value, String name) {
    Object member = value instanceof Map ? ((Map<?, ?>) value).get(name) : null;
    if (!(member instanceof String string)) {
      throw new MalformedException("the host does not say its " + name);
    }
    return string.getBytes(StandardCharsets.UTF_8);
  }
}
