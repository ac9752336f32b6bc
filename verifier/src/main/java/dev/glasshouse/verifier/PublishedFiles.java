package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnreachableException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is published as files beside a log, over one audit.
 *
 * <p>A live host goes on while it is audited: files that are not those of the audited checkpoint,
 * or that are gone, may be those of a newer one. Then the audit follows, a few times; after that
 * the files are asked for as they were at its own checkpoint.
 */
final class PublishedFiles {
  /** How often an audit follows a log that grows before its files could be compared. */
  private static final int MAX_FOLLOWED = 3;

  /** How often files that do not fit are asked for before the host is accused. */
  private static final int TIMES_ASKED = 2;

  private final LogReader reader;
  private final AuditBlobs blobs;
  private final Tally tally;
  private final boolean follows;
  private final Map<String, Hash> compared = new HashMap<>();
  private int followed;

  /**
   * Has compared nothing yet.
   *
   * @param follows whether the audit may go on to a newer checkpoint
   */
  PublishedFiles(LogReader reader, AuditBlobs blobs, Tally tally, boolean follows) {
    this.reader = reader;
    this.blobs = blobs;
    this.tally = tally;
    this.follows = follows;
  }

  /**
   * Compares what is published now, or, for an audit that does not follow, as it was.
   *
   * @param root of the archive at the audited checkpoint
   * @param newest asks for the log's newest checkpoint
   * @return nothing if all is alike; the checkpoint to which the audit goes on before it compares
   *     again
   */
  Optional<SignedCheckpoint> compare(
      SignedCheckpoint audited, Hash root, Supplier<SignedCheckpoint> newest) {
    for (int asked = 1; ; asked++) {
      try {
        check(audited, root, Optional.empty());
        return Optional.empty();
      } catch (DivergenceException | UnreachableException e) {
        SignedCheckpoint newer = newest.get();
        if (newer.head().size() > audited.head().size()) {
          return follow(newer, audited, root);
        }
        // A host's files may come a moment after their checkpoint, so it is asked again.
        if (asked == TIMES_ASKED) {
          throw e;
        }
      }
    }
  }

  /** Compares what is published as it was at the audited checkpoint. */
  void compareAsOf(SignedCheckpoint audited, Hash root) {
    check(audited, root, Optional.of(root));
  }

  private Optional<SignedCheckpoint> follow(
      SignedCheckpoint newer, SignedCheckpoint audited, Hash root) {
    if (!follows || ++followed > MAX_FOLLOWED) {
      compareAsOf(audited, root);
      return Optional.empty();
    }
    return Optional.of(newer);
  }

  private void check(SignedCheckpoint audited, Hash root, Optional<Hash> pinned) {
    new FilesCheck(reader, root, blobs, tally, audited.head().size(), compared, pinned).run();
  }
}
