package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.store.StoreDamagedException;
import dev.glasshouse.calllog.store.StoreException;
import dev.glasshouse.calllog.store.TreeHeadRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a log starts after it was stopped at each step, and after what must never have happened. */
class CallLogStartTest {
  private static final PublicKey HOST_KEY = SampleLog.HOST.publicKey();

  @TempDir private Path dir;
  private final FaultyStore store = new FaultyStore();
  private final LogWriter writer = new LogWriter("x");
  private Path record;
  private Path checkpoint;

  @BeforeEach
  void names() {
    record = dir.resolve("treehead");
    checkpoint = dir.resolve("checkpoint");
  }

  private CallLog open() {
    return open(store);
  }

  private CallLog open(FaultyStore of) {
    return CallLog.open(of, TreeHeadRecord.open(record), checkpoint, SampleLog.HOST);
  }

  /** A log of genesis and {@code calls} calls, one a batch. */
  private void grow(FaultyStore of, String salt, int calls) {
    LogWriter other = new LogWriter(salt);
    try (CallLog log = open(of)) {
      other.begin(log);
      for (int i = 0; i < calls; i++) {
        other.append(log, 1);
      }
    }
  }

  private TreeHead recorded() {
    try (TreeHeadRecord open = TreeHeadRecord.open(record)) {
      return open.read();
    }
  }

  // --- Stopped in the middle: the log goes on ---

  @Test
  void stoppedBeforeTheCommitNothingHasHappened() {
    SignedCheckpoint before;
    SignedCall lost;
    try (CallLog log = open()) {
      writer.begin(log);
      before = writer.append(log, 2);
      List<CallLog.Pending> batch = writer.batch(log, 2);
      lost = batch.get(0).call();
      store.failsBeforeCommit = true;
      assertThrows(StoreException.class, () -> log.append(batch));
    }
    try (CallLog log = open()) {
      assertEquals(before, log.checkpoint());
      assertNull(log.receiptOf(lost, SampleLog.ALICE.publicKey()));
      assertEquals(4, writer.append(log, 1).head().size());
    }
  }

  @Test
  void stoppedAfterTheCommitTheBatchIsSigned() {
    Hash root;
    SignedCall unanswered;
    try (CallLog log = open()) {
      writer.begin(log);
      writer.append(log, 2);
      List<CallLog.Pending> batch = writer.batch(log, 2);
      unanswered = batch.get(0).call();
      store.failsAfterCommit = true;
      assertThrows(StoreException.class, () -> log.append(batch));
      assertEquals(3, log.checkpoint().head().size());
    }
    assertEquals(3, recorded().size());
    try (CallLog log = open()) {
      assertEquals(5, log.checkpoint().head().size());
      root = log.head().root();
      Receipt receipt = log.receiptOf(unanswered, SampleLog.ALICE.publicKey());
      assertNotNull(receipt);
      assertEquals(root, receipt.verify(log.genesis().origin(), HOST_KEY).head().root());
    }
    assertEquals(new TreeHead(5, root), recorded());
  }

  @Test
  void stoppedAfterGenesisWasCommittedItIsSigned() {
    try (CallLog log = open()) {
      store.failsAfterCommit = true;
      assertThrows(StoreException.class, () -> writer.begin(log));
    }
    assertNull(recorded());
    try (CallLog log = open()) {
      assertEquals(1, log.checkpoint().head().size());
      assertEquals(2, writer.append(log, 1).head().size());
    }
  }

  @Test
  void stoppedBeforeTheSignatureTheSameBytesAreSigned() throws IOException {
    SignedCheckpoint last;
    byte[] older;
    try (CallLog log = open()) {
      older = writer.begin(log).format();
      last = writer.append(log, 2);
    }
    // The record is ahead of the checkpoint that was written last.
    Files.write(checkpoint, older);
    try (CallLog log = open()) {
      assertArrayEquals(last.format(), log.checkpoint().format());
    }
    Files.delete(checkpoint);
    try (CallLog log = open()) {
      assertArrayEquals(last.format(), log.checkpoint().format());
    }
    assertArrayEquals(last.format(), Files.readAllBytes(checkpoint));
  }

  // --- What must never have happened: refused, with what was found ---

  @Test
  void aLogShorterThanItsRecordIsRefused() {
    grow(store, "x", 4);
    byte[] known = bytes(checkpoint);
    FaultyStore shorter = copyOf(2);
    refused(shorter, "3 entries", "5 were recorded");
    assertArrayEquals(known, bytes(checkpoint));
  }

  @Test
  void anotherLogOfTheRecordedSizeIsRefused() {
    grow(store, "x", 4);
    String root = recorded().root().hex();
    FaultyStore other = another("y", 4);
    refused(other, "the recorded tree head", root, "have root");
  }

  @Test
  void aLongerLogThatForksBeforeItsRecordIsRefused() {
    grow(store, "x", 2);
    FaultyStore other = another("y", 6);
    refused(other, "the recorded tree head is of 3 entries", "the first 3 entries");
  }

  @Test
  void aCheckpointBeyondTheRecordIsRefused() throws IOException {
    grow(store, "x", 2);
    byte[] before = Files.readAllBytes(record);
    try (CallLog log = open()) {
      writer.append(log, 2);
    }
    Files.write(record, before);
    refused(store, "a checkpoint of size 5 was signed", "only 3 entries are recorded");
  }

  @Test
  void aCheckpointOfAnotherTreeIsRefused() throws IOException {
    grow(store, "x", 4);
    TreeHead other = new TreeHead(3, Hash.of("another tree"));
    String origin = SampleLog.genesis("Log", false, new HashMap<>()).origin();
    Files.write(checkpoint, SignedCheckpoint.sign(origin, other, SampleLog.HOST).format());
    refused(store, "the last signed checkpoint is of 3 entries", other.root().hex());
  }

  @Test
  void aCheckpointThatIsNotThisLogsIsRefused() throws IOException {
    grow(store, "x", 1);
    TreeHead head = recorded();
    String origin = SampleLog.genesis("Log", false, new HashMap<>()).origin();
    for (byte[] bytes :
        List.of(
            new byte[0],
            VectorFile.utf8("garbage"),
            SignedCheckpoint.sign(origin, head, SampleLog.BOB).format(),
            SignedCheckpoint.sign("example.com/log", head, SampleLog.HOST).format())) {
      Files.write(checkpoint, bytes);
      refused(store, checkpoint.toString(), "not one of this log and key", "move it away");
    }
    Files.delete(checkpoint);
    open().close();
  }

  @Test
  void entriesWithoutARecordAreRefused() throws IOException {
    grow(store, "x", 3);
    Files.delete(record);
    refused(store, "the file treehead, is gone", "4 entries");
  }

  @Test
  void genesisAloneMayHaveNoRecordYet() throws IOException {
    grow(store, "x", 0);
    Files.delete(record);
    Files.delete(checkpoint);
    try (CallLog log = open()) {
      assertEquals(1, log.head().size());
    }
  }

  @Test
  void anEmptyLogBesideACheckpointIsRefused() throws IOException {
    grow(store, "x", 3);
    byte[] known = bytes(checkpoint);
    Files.delete(record);
    refused(new FaultyStore(), "it has no entries", "checkpoint", checkpoint.toString());
    assertArrayEquals(known, bytes(checkpoint));
  }

  @Test
  void aLastEntryThatIsNotInTheTreeIsRefused() {
    grow(store, "x", 3);
    store.changedIndex = 3;
    store.changedEntry = store.entry(2);
    refused(store, "its last entry is not the one in its tree");
  }

  @Test
  void aFirstEntryThatIsNoGenesisIsRefused() {
    grow(store, "x", 3);
    store.changedIndex = 0;
    store.changedEntry = store.entry(2);
    refused(store, "its first entry is not a genesis entry");
  }

  @Test
  void anotherHostKeyIsRefused() {
    grow(store, "x", 1);
    WrongHostKeyException refused =
        assertThrows(
            WrongHostKeyException.class,
            () -> CallLog.open(store, TreeHeadRecord.open(record), checkpoint, SampleLog.BOB));
    assertTrue(refused.getMessage().contains(HOST_KEY.format()), refused.getMessage());
    assertTrue(
        refused.getMessage().contains(SampleLog.BOB.publicKey().format()), refused.getMessage());
    open().close();
  }

  /** The same log, with fewer calls. */
  private FaultyStore copyOf(int calls) {
    return another("x", calls);
  }

  // In a directory of its own, so that nothing of it is recorded here.
  private FaultyStore another(String salt, int calls) {
    FaultyStore other = new FaultyStore();
    LogWriter otherWriter = new LogWriter(salt);
    try (CallLog log =
        CallLog.open(
            other,
            TreeHeadRecord.open(dir.resolve("treehead-" + salt)),
            dir.resolve("checkpoint-" + salt),
            SampleLog.HOST)) {
      otherWriter.begin(log);
      for (int i = 0; i < calls; i++) {
        otherWriter.append(log, 1);
      }
    }
    return other;
  }

  private void refused(FaultyStore of, String... evidence) {
    TreeHead before = Files.exists(record) ? recorded() : null;
    StoreDamagedException refused =
        assertThrows(StoreDamagedException.class, () -> open(of).close());
    for (String each : evidence) {
      assertTrue(refused.getMessage().contains(each), refused.getMessage() + " lacks " + each);
    }
    assertEquals(before, Files.exists(record) ? recorded() : null);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
