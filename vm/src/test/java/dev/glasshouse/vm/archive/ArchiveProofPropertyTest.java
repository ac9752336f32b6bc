package dev.glasshouse.vm.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.UnverifiedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random archives: every path that is there, every path near one, and every directory has a proof
 * that shows what the tree itself says. Whatever is done to a proof, it then shows the truth about
 * the path it is verified for, or nothing.
 */
class ArchiveProofPropertyTest {
  private static final String[] NAMES = {"a", "ab", "a-", "a b", "é", "ê", "b", "photos", "photo"};

  private final MemoryBlobs blobs = new MemoryBlobs();
  private final ArchiveProver prover = new ArchiveProver(blobs);
  private ArchiveTree tree = ArchiveTree.open(ArchiveTree.EMPTY_ROOT, blobs);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 20, 60})
  void everyPathAndDirectoryHasAProof(int writes) {
    Random random = fill(writes);
    for (ArchiveKey key : nearPaths()) {
      String message = "seed " + writes + ", " + key;
      ArchiveProof proof = reparsed(prover.provePath(tree.rootHash(), key));
      assertEquals(truth(key), proof.verifyPath(tree.rootHash(), key), message);
      ArchiveKey directory = directory(key);
      ArchiveProof listing = reparsed(prover.proveListing(tree.rootHash(), directory));
      assertEquals(listing(directory), listing.verifyListing(tree.rootHash(), directory), message);
      if (listing(directory).isEmpty()) {
        assertArrayEquals(proof.format(), listing.format(), message);
      }
      Hash other = Hash.of("" + random.nextInt());
      assertThrows(UnverifiedException.class, () -> proof.verifyPath(other, key), message);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 20, 60})
  void changedProofsShowTheTruthOrNothing(int writes) {
    Random random = fill(writes);
    List<ArchiveKey> keys = nearPaths();
    for (int i = 0; i < 2_000; i++) {
      ArchiveKey proved = keys.get(random.nextInt(keys.size()));
      ArchiveKey asked = random.nextInt(3) == 0 ? proved : keys.get(random.nextInt(keys.size()));
      boolean listed = random.nextBoolean();
      List<byte[]> nodes = new ArrayList<>(prove(proved, listed).nodes());
      boolean changed = random.nextInt(4) > 0;
      if (changed) {
        change(nodes, random);
      }
      ArchiveProof proof = new ArchiveProof(nodes);
      String message = "seed " + writes + ", step " + i + ": of " + proved + " for " + asked;
      try {
        assertEquals(truth(asked), proof.verifyPath(tree.rootHash(), asked), message);
        // Accepted, so it is the one proof of it.
        assertArrayEquals(prove(asked, false).format(), proof.format(), message);
      } catch (UnverifiedException e) {
        // Shows nothing.
      }
      try {
        ArchiveKey directory = directory(asked);
        assertEquals(listing(directory), proof.verifyListing(tree.rootHash(), directory), message);
        assertArrayEquals(prove(asked, true).format(), proof.format(), message);
      } catch (UnverifiedException e) {
        // Shows nothing.
      }
    }
  }

  /** One change, sometimes two. */
  private void change(List<byte[]> nodes, Random random) {
    int at = random.nextInt(nodes.size());
    byte[] node = nodes.get(at);
    switch (random.nextInt(6)) {
      case 0 -> nodes.remove(at);
      case 1 -> nodes.subList(at, nodes.size()).clear();
      case 2 -> nodes.add(random.nextInt(nodes.size() + 1), node);
      case 3 -> nodes.add(nodes.remove(random.nextInt(nodes.size())));
      case 4 -> {
        byte[] flipped = node.clone();
        flipped[random.nextInt(node.length)] ^= (byte) (1 << random.nextInt(8));
        nodes.set(at, flipped);
      }
      default -> {
        List<byte[]> stored = new ArrayList<>(blobs.blobs.values());
        if (!stored.isEmpty()) {
          nodes.set(at, stored.get(random.nextInt(stored.size())));
        }
      }
    }
    if (!nodes.isEmpty() && random.nextInt(4) == 0) {
      change(nodes, random);
    }
  }

  private Random fill(int writes) {
    Random random = new Random(writes);
    for (int i = 0; i < writes; i++) {
      StringBuilder path = new StringBuilder();
      for (int depth = random.nextInt(3); depth >= 0; depth--) {
        path.append(NAMES[random.nextInt(NAMES.length)]).append('/');
      }
      boolean isDirectory = random.nextInt(6) == 0;
      String text = path.substring(0, path.length() - (isDirectory ? 0 : 1));
      put(ArchiveKey.parse(text), Hash.of("" + random.nextInt(5)));
    }
    blobs.store(tree.newNodes());
    return random;
  }

  /** Sets a key and its missing parents, unless a file or directory is in the way. */
  private void put(ArchiveKey key, Hash sha256) {
    if (truth(key).isPresent()) {
      return;
    }
    put(key.parent(), sha256);
    if (tree.get(key.parent()).isPresent()) {
      tree =
          tree.put(
              key,
              key.isDirectory()
                  ? new ArchiveValue.Directory()
                  : new ArchiveValue.FileRef(sha256, 1));
    }
  }

  /** Every key that is there and those one step away, a key for each path. */
  private List<ArchiveKey> nearPaths() {
    TreeSet<String> texts = new TreeSet<>(List.of("a", "zz", "é/b"));
    tree.entries()
        .forEachRemaining(
            entry -> {
              String path = entry.key().path().substring(1);
              texts.add(path);
              texts.add(path + "/");
              texts.add(path.substring(0, path.length() - 1));
              texts.add(path + "/a");
              texts.add(path + "/a/b");
              texts.add(path + "x");
              texts.add(path + "-");
              texts.add(path + "\u00e8");
              texts.add(path.replace('a', 'A'));
            });
    List<ArchiveKey> keys = new ArrayList<>(List.of(ArchiveKey.ROOT));
    for (String text : texts) {
      try {
        keys.add(ArchiveKey.parse(text));
      } catch (MalformedException e) {
        // Cut to nothing, or at a slash.
      }
    }
    return keys;
  }

  private Optional<ArchiveValue> truth(ArchiveKey key) {
    return key.isDirectory()
        ? tree.get(key).or(() -> tree.get(file(key)))
        : tree.get(key).or(() -> tree.get(directory(key)));
  }

  private Optional<List<ArchiveEntry>> listing(ArchiveKey directory) {
    return tree.get(directory).map(there -> tree.list(directory));
  }

  private ArchiveProof prove(ArchiveKey key, boolean listed) {
    return listed
        ? prover.proveListing(tree.rootHash(), directory(key))
        : prover.provePath(tree.rootHash(), key);
  }

  private static ArchiveProof reparsed(ArchiveProof proof) {
    byte[] text = proof.format();
    ArchiveProof parsed = ArchiveProof.parse(text, text.length);
    assertArrayEquals(text, parsed.format(), () -> new String(text, StandardCharsets.US_ASCII));
    return parsed;
  }

  private static ArchiveKey directory(ArchiveKey key) {
    return key.isDirectory() ? key : ArchiveKey.parse(key.text() + "/");
  }

  private static ArchiveKey file(ArchiveKey key) {
    return ArchiveKey.parse(key.path().substring(1));
  }
}
