package dev.glasshouse.calllog.witness;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.Untrusted;

class AddCheckpointFuzzTest {
  @FuzzTest
  void submissions(byte[] input) {
    Untrusted.parse(input, AddCheckpoint::parse)
        .ifPresent(
            submission -> {
              assertArrayEquals(input, submission.format());
              Untrusted.parse(input, bytes -> LogCheckpoint.parse(submission.checkpoint()))
                  .ifPresent(AddCheckpointFuzzTest::checkpoint);
            });
  }

  private static void checkpoint(LogCheckpoint checkpoint) {
    String lines =
        checkpoint.origin() + "\n" + checkpoint.size() + "\n" + checkpoint.root().base64() + "\n";
    assertTrue(checkpoint.note().text().startsWith(lines));
    if (checkpoint.isPossible()) {
      assertEquals(checkpoint.size(), checkpoint.head().size());
    }
  }
}
