package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Published files that are compared more than once. */
final class FilesCheckTest {
  private final PublishedLog log = Story.signed();
  private final List<String> asked = new ArrayList<>();
  private final Tally tally = new Tally();
  private final Map<String, Hash> compared = new HashMap<>();

  private void check(int index) {
    asked.clear();
    Hash root = Entry.parse(log.entries.get(index), log).root();
    LogReader noting =
        new ChangedSource(log) {
          @Override
          public byte[] file(String path, Optional<Hash> pinned) {
            asked.add(path);
            return super.file(path, pinned);
          }
        };
    new FilesCheck(noting, root, log, tally, index, compared, Optional.of(root)).run();
  }

  @Test
  void whatIsTheSameIsNotAskedForAgain() {
    check(Story.WRITE);
    assertEquals(List.of("/notes/a.txt"), asked);
    assertEquals(1, tally.files);

    check(Story.WRITE);
    assertEquals(List.of(), asked);
    assertEquals(1, tally.files);
    assertEquals(5, tally.fileBytes);

    check(Story.LAST);
    assertEquals(
        List.of("/notes/b.txt", "/old/a.txt", "/top.txt"), asked.stream().sorted().toList());
    assertEquals(3, tally.files);
    assertEquals(13, tally.fileBytes);
  }
}
