package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.witness.AddCheckpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A log of made-up leaves, with every proof; two of one origin and other leaves are a fork. */
final class SmallLog {
  final String origin;
  final Identity key;
  private final List<Hash> leaves = new ArrayList<>();

  /** From leaf {@code from} on, the leaves are those of the branch {@code name}. */
  SmallLog(String origin, int size, int from, String name) {
    this.origin = origin;
    this.key = identity(77);
    for (int i = 0; i < size; i++) {
      leaves.add(Hash.of("leaf " + i + (i < from ? "" : name)));
    }
  }

  SmallLog(String origin, int size) {
    this(origin, size, size, "");
  }

  static Identity identity(int number) {
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) number);
    return Identity.ofSeed(seed);
  }

  String vkey() {
    return new NoteKey(origin, key.publicKey()).format();
  }

  TreeHead head(int size) {
    return new TreeHead(size, Merkle.root(leaves.subList(0, size)));
  }

  SignedCheckpoint checkpoint(int size) {
    return SignedCheckpoint.sign(origin, head(size), key);
  }

  List<Hash> proof(long from, long to) {
    return Proofs.consistency(
        from,
        to,
        (level, index) ->
            Merkle.root(leaves.subList((int) (index << level), (int) ((index + 1) << level))));
  }

  byte[] submission(int from, int to) {
    return new AddCheckpoint(from, proof(from, to), checkpoint(to).note()).format();
  }
}
