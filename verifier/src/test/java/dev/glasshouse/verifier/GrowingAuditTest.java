package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.Witnesses.BOTH;
import static dev.glasshouse.verifier.Witnesses.START;
import static dev.glasshouse.verifier.Witnesses.cosign;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one audit makes of what its host shows next. */
final class GrowingAuditTest {
  private static final AuditSettings DEMANDING =
      Witnesses.settings(Level.SIGNATURES, 1, BOTH, null, START + 4000);

  private final PublishedLog log = Story.counting();
  private byte[] cosigned;

  private Audit audit(AuditSettings settings) {
    LogReader host =
        new ChangedSource(log) {
          @Override
          public byte[] cosigned() {
            return cosigned;
          }
        };
    return new Audit(host, Expectations.NONE, settings, V8Engine.instance(), ProgressListener.NONE);
  }

  private void serve(int size) {
    log.checkpoint = Story.counting().prefix(size).checkpoint;
  }

  private static void found(Kind kind, int index, Report report) {
    assertNotNull(report.divergence(), report::toString);
    assertEquals(kind, report.divergence().kind(), report::toString);
    assertEquals(index, report.divergence().index(), report::toString);
  }

  @Test
  void aCheckpointOfAnotherKeyIsFoundWhereTheAuditIs() {
    serve(4);
    try (Audit audit = audit(new AuditSettings(Level.SIGNATURES, 1))) {
      assertEquals(Verdict.VERIFIED, audit.run().verdict());
      String origin = Story.counting().signedCheckpoint().checkpoint().origin();
      log.sign(HonestLog.identity("eve"), origin, log.head());
      found(Kind.CHECKPOINT, 4, audit.runOn());
    }
  }

  @Test
  void aLargerTreeThatIsShownAsCosignedMeanwhileIsARollback() {
    serve(5);
    try (Audit audit = audit(DEMANDING)) {
      assertEquals(Verdict.UNDECIDED, audit.run().verdict());
      cosigned = cosign(Story.counting(), START + 9, "alice", "bob").format();
      found(Kind.ROLLBACK, 5, audit.runOn());
    }
  }

  @Test
  void whenWitnessesComeTheFilesAreStillKnown() {
    serve(5);
    try (Audit audit = audit(DEMANDING)) {
      Report before = audit.run();
      assertEquals(Verdict.UNDECIDED, before.verdict(), before::toString);
      assertEquals(Verdict.UNDECIDED, audit.runOn().verdict());
      cosigned = cosign(Story.counting().prefix(5), START + 9, "alice", "bob").format();
      Report met = audit.runOn();
      assertEquals(Verdict.VERIFIED, met.verdict(), met::toString);
      assertNotNull(met.filesDigest());
      assertEquals(before.filesDigest(), met.filesDigest());
      assertNull(audit.runOn(), "there is nothing new");
    }
  }

  @Test
  void timesOfWhatIsShownAsCosignedCountForEntriesThatCome() {
    serve(3);
    try (Audit audit = audit(DEMANDING)) {
      assertEquals(Verdict.UNDECIDED, audit.run().verdict());
      Witnesses.cosigned(log.sign(), START + 3605);
      cosigned = cosign(Story.counting().prefix(4), START + 3600, "alice", "bob").format();
      found(Kind.TIME, 4, audit.runOn());
    }
  }

  @Test
  void noEntryIsAccusedOfWhatIsNone() {
    LogReader host =
        new ChangedSource(log) {
          @Override
          public List<Hash> tile(Tile tile) {
            throw new MalformedException("no tile");
          }

          @Override
          public List<byte[]> entries(long from, long size) {
            if (from >= size) {
              throw new AssertionError("there is no entry " + from);
            }
            return super.entries(from, size);
          }
        };
    Verifier verifier = new Verifier(V8Engine.instance(), new AuditSettings(Level.SIGNATURES, 1));
    Report report = verifier.verify(host, Expectations.NONE, ProgressListener.NONE).report();
    found(Kind.MALFORMED, log.size(), report);
    assertNull(report.evidence());
  }
}
