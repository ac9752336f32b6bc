package dev.glasshouse.vm.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.Untrusted;

class ArchiveNodeFuzzTest {
  @FuzzTest
  void nodes(byte[] input) {
    Untrusted.parse(input, ArchiveNode::decode)
        .ifPresent(node -> assertArrayEquals(input, node.encode()));
  }

  @FuzzTest
  void keys(byte[] input) {
    Untrusted.parse(input, ArchiveKey::decode)
        .ifPresent(
            key -> {
              assertArrayEquals(input, key.bytes());
              assertEquals(key, ArchiveKey.parse(key.text()));
              assertEquals(key.isDirectory(), input[input.length - 1] == '/');
            });
  }
}
