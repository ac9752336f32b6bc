package dev.glasshouse.vm.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Untrusted;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

class ArchiveProofFuzzTest {
  /**
   * A key, and after a newline a proof. Verified under the hash of its own first node: a host
   * chooses its archive too.
   */
  @FuzzTest
  void proofs(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    byte[] text = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
    String path = new String(input, 0, end, StandardCharsets.UTF_8);
    Optional<ArchiveKey> key =
        path.isEmpty()
            ? Optional.of(ArchiveKey.ROOT)
            : Untrusted.parse(input, bytes -> ArchiveKey.parse(path));
    Untrusted.parse(text, bytes -> ArchiveProof.parse(bytes, ArchiveProof.MAX_BYTES))
        .ifPresent(
            proof -> {
              assertArrayEquals(text, proof.format());
              key.ifPresent(asked -> verify(text, proof, asked));
            });
  }

  private static void verify(byte[] text, ArchiveProof proof, ArchiveKey key) {
    Hash root = Hash.of(proof.nodes().get(0));
    Untrusted.verify(text, bytes -> proof.verifyPath(root, key));
    if (key.isDirectory()) {
      Untrusted.verify(text, bytes -> proof.verifyListing(root, key))
          .flatMap(listing -> listing)
          .ifPresent(listing -> directly(key, listing));
    }
  }

  private static void directly(ArchiveKey directory, List<ArchiveEntry> listing) {
    ArchiveKey last = null;
    for (ArchiveEntry entry : listing) {
      assertEquals(directory, entry.key().parent(), () -> entry + " is not in " + directory);
      assertTrue(last == null || last.compareTo(entry.key()) < 0, "not in key order");
      last = entry.key();
    }
  }
}
