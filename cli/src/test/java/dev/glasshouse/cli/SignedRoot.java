package dev.glasshouse.cli;

import dev.glasshouse.calllog.BlobReference;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.ScriptReference;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A host whose log has one entry, in order and signed, that names whatever root a test wants, and
 * which serves whatever blobs a test puts there.
 */
final class SignedRoot implements AutoCloseable {
  private static final int LARGEST_FILE = 256 << 20;
  private static final Limits LIMITS =
      new Limits(
          2_000, 64L << 20, 900_000, 4L << 20, 4L << 20, LARGEST_FILE, 1L << 30, 10_000, 10_000);

  private final Map<String, byte[]> published = new HashMap<>();
  private final FrontServer server;

  SignedRoot(Hash root, Map<Hash, byte[]> blobs) throws IOException {
    byte[] seed = new byte[Identity.SEED_BYTES];
    seed[0] = 1;
    Identity host = Identity.ofSeed(seed);
    BlobReference blob = new BlobReference(Hash.of("script"), 6);
    String nonce = "0".repeat(32);
    String origin = GenesisEntry.origin("t", nonce);
    byte[] genesis =
        new GenesisEntry(
                1_700_000_000_000L,
                origin,
                host.publicKey(),
                false,
                "t",
                nonce,
                new ScriptReference("a.js", "commonjs", blob),
                blob,
                blob,
                LIMITS,
                List.of(),
                new Outcome.Ok(new Text.Inline("[]"), 0),
                Hash.ZERO,
                root)
            .format(new HashMap<>());
    Hash leaf = Merkle.leafHash(genesis);
    published.put(
        "/checkpoint", SignedCheckpoint.sign(origin, new TreeHead(1, leaf), host).format());
    published.put("/tile/0/000.p/1", Tile.encode(List.of(leaf)));
    published.put(
        "/tile/entries/000.p/1",
        ByteBuffer.allocate(2 + genesis.length)
            .putShort((short) genesis.length)
            .put(genesis)
            .array());
    blobs.forEach(this::publish);
    server = FrontServer.of((path, original) -> published.get(path));
  }

  /** An archive with one file in it, named {@code file}. */
  static SignedRoot ofFile(Hash sha256, long length, byte[] content) throws IOException {
    ArchiveTree tree =
        ArchiveTree.open(ArchiveTree.EMPTY_ROOT, hash -> null)
            .put(ArchiveKey.parse("file"), new ArchiveValue.FileRef(sha256, length));
    Map<Hash, byte[]> blobs = new HashMap<>(tree.newNodes());
    blobs.put(sha256, content);
    return new SignedRoot(tree.rootHash(), blobs);
  }

  void publish(Hash hash, byte[] blob) {
    published.put("/blob/" + hash.hex(), blob);
  }

  String at() {
    return server.at();
  }

  @Override
  public void close() {
    server.close();
  }
}
