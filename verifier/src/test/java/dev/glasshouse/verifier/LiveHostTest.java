package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that goes on while it is audited. */
final class LiveHostTest {
  private static final PublishedLog BUSY = Story.busy();

  /** Appends an entry each time it is asked for certain things. */
  private static final class Growing implements LogReader {
    private final List<PublishedLog> states = new ArrayList<>();
    private final Predicate<String> grows;
    private final int most;
    private int state;
    private int fileLag;

    Growing(PublishedLog log, int from, int most, Predicate<String> grows) {
      for (int size = 1; size <= log.size(); size++) {
        states.add(log.prefix(size));
      }
      this.state = from - 1;
      this.most = most;
      this.grows = grows;
    }

    /** The files of the first {@code times} reads are those of the state before. */
    Growing lagging(int times) {
      fileLag = times;
      return this;
    }

    private PublishedLog now(String name) {
      PublishedLog now = states.get(state);
      if (grows.test(name) && state < most - 1) {
        state++;
      }
      return now;
    }

    private PublishedLog filesNow(String name) {
      if (fileLag > 0) {
        fileLag--;
        return states.get(state - 1);
      }
      return now(name);
    }

    @Override
    public byte[] checkpoint() {
      return now("checkpoint").checkpoint();
    }

    @Override
    public List<byte[]> entries(long from, long size) {
      return now("entries").entries(from, size);
    }

    @Override
    public List<Hash> tile(Tile tile) {
      int size = tile.width();
      now("tile");
      return states.get(size - 1).tile(tile);
    }

    @Override
    public byte[] blob(Hash sha256) {
      return now("blob").blob(sha256);
    }

    @Override
    public List<String> directory(String path, Optional<Hash> root) {
      return filesNow("directory").directory(path, root);
    }

    @Override
    public byte[] file(String path, Optional<Hash> root) {
      return filesNow("file").file(path, root);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"checkpoint", "entries", "tile", "blob", "directory", "file"})
  void thatGrowsByOneWhenAskedIsVerified(String asked) {
    for (int from = 1; from < 6; from++) {
      Growing host = new Growing(BUSY, from, from + 1, asked::equals);
      Audits.requireVerified(host, asked + " from " + from);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"checkpoint", "entries", "tile", "blob", "directory", "file"})
  void thatGrowsWheneverAskedIsVerified(String asked) {
    for (int from = 1; from < 6; from++) {
      Growing host = new Growing(BUSY, from, BUSY.size(), asked::equals);
      Audits.requireVerified(host, asked + " from " + from);
    }
  }

  @Test
  void thatGrowsWhateverIsAskedIsVerified() {
    Audits.requireVerified(new Growing(BUSY, 2, BUSY.size(), name -> true), "always");
  }

  @Test
  void thatGrowsWithoutEndIsNotFollowedWithoutEnd() {
    Growing host = new Growing(BUSY, 2, BUSY.size(), name -> !name.equals("tile"));

    Report report = Audits.requireVerified(host, "grows all the time");

    long size = report.checkpoint().head().size();
    assertTrue(size < BUSY.size(), () -> "followed to " + size);
    assertEquals(size, report.counts().entries());
  }

  @Test
  void isAuditedUpToTheCheckpointThatFitsItsFiles() {
    Growing host = new Growing(BUSY, 3, 6, "directory"::equals);

    Report report = Audits.requireVerified(host, "grows twice");

    assertEquals(6, report.checkpoint().head().size());
    assertEquals(6, report.counts().entries());
    // Of the last round only.
    assertEquals(1, report.counts().tiles());
    long files = BUSY.prefix(6).files.keySet().stream().filter(f -> !f.endsWith("/")).count();
    assertEquals(files, report.counts().files());
  }

  @Test
  void whoseFilesComeAMomentAfterTheCheckpointIsVerified() {
    Audits.requireVerified(new Growing(BUSY, 6, 6, name -> false).lagging(1), "late files");
  }

  @Test
  void whatIsComparedAgainCountsOnce() {
    LogReader host =
        new ChangedSource(Story.signed()) {
          private boolean asked;

          @Override
          public byte[] file(String path, Optional<Hash> root) {
            boolean late = path.equals("/top.txt") && !asked;
            asked |= late;
            return late ? new byte[1] : super.file(path, root);
          }
        };

    Report report = Audits.requireVerified(host, "one late file");

    assertEquals(3, report.counts().files());
    assertEquals(13, report.counts().fileBytes());
  }

  @Test
  void thatGrowsWithoutEndAndLiesAboutItsFilesIsFound() {
    LogReader host =
        new ChangedSource(new Growing(BUSY, 2, BUSY.size(), name -> !name.equals("tile"))) {
          @Override
          public List<String> directory(String path, Optional<Hash> root) {
            List<String> names = new ArrayList<>(super.directory(path, root));
            names.add("lie");
            return names;
          }
        };

    Report report = Audits.audit(host, Expectations.NONE);

    assertEquals(Verdict.DIVERGED, report.verdict(), report::toString);
    assertEquals(Kind.PUBLISHED_FILES, report.divergence().kind(), report::toString);
  }

  @Test
  void thatForksWhileItIsFollowedIsFound() {
    PublishedLog honest = BUSY.prefix(4);
    PublishedLog longer = BUSY.prefix(5);
    PublishedLog fork = BUSY.copy().prefix(5);
    fork.edit(3, entry -> entry.put("time", (Long) entry.get("time") + 1)).rebuild();
    LogReader host =
        new ChangedSource(longer) {
          private boolean asked;

          @Override
          public byte[] checkpoint() {
            byte[] checkpoint = asked ? fork.checkpoint() : honest.checkpoint();
            asked = true;
            return checkpoint;
          }

          @Override
          public List<Hash> tile(Tile tile) {
            return tile.width() == 4 ? honest.tile(tile) : fork.tile(tile);
          }
        };

    Report report = Audits.audit(host, Expectations.NONE);

    assertEquals(Verdict.DIVERGED, report.verdict(), report::toString);
    assertEquals(Kind.TREE, report.divergence().kind(), report::toString);
    assertEquals(3, report.divergence().index(), report::toString);
  }

  @Test
  void thatSignsAnAnswerToAnotherKeyWhileItIsFollowedIsFound() {
    PublishedLog honest = BUSY.prefix(4);
    PublishedLog longer = BUSY.prefix(5);
    String origin = (String) longer.entry(0).get("origin");
    longer.sign(HonestLog.identity("eve"), origin, longer.head());
    LogReader host =
        new ChangedSource(longer) {
          private boolean asked;

          @Override
          public byte[] checkpoint() {
            byte[] checkpoint = asked ? longer.checkpoint() : honest.checkpoint();
            asked = true;
            return checkpoint;
          }

          @Override
          public List<Hash> tile(Tile tile) {
            return honest.tile(tile);
          }
        };

    Report report = Audits.audit(host, Expectations.NONE);

    assertEquals(Verdict.DIVERGED, report.verdict(), report::toString);
    assertEquals(Kind.CHECKPOINT, report.divergence().kind(), report::toString);
  }

  @Test
  void thatGrowsAndLiesAboutItsFilesIsFound() {
    PublishedLog wrong = BUSY.prefix(5);
    wrong.files.put("/lie", new byte[0]);
    LogReader host =
        new ChangedSource(wrong) {
          private boolean asked;

          @Override
          public byte[] checkpoint() {
            PublishedLog now = asked ? wrong : BUSY.prefix(4);
            asked = true;
            return now.checkpoint();
          }

          @Override
          public List<Hash> tile(Tile tile) {
            return BUSY.prefix(tile.width()).tile(tile);
          }
        };

    Report report = Audits.audit(host, Expectations.NONE);

    assertEquals(Verdict.DIVERGED, report.verdict(), report::toString);
    assertEquals(Kind.PUBLISHED_FILES, report.divergence().kind(), report::toString);
    assertEquals(5, report.divergence().index(), report::toString);
  }
}
