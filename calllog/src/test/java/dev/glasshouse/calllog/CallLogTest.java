package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.store.TreeHeadRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log that nothing happens to, over both stores. */
class CallLogTest {
  private static final PublicKey ALICE = SampleLog.ALICE.publicKey();

  @TempDir private Path dir;
  private final LogWriter writer = new LogWriter("x");

  /** How a log is opened, again and again. */
  private Supplier<CallLog> opener(String kind) {
    if (kind.equals("rocks")) {
      return () -> CallLog.open(dir.resolve("served"), SampleLog.HOST);
    }
    FaultyStore store = new FaultyStore();
    return () ->
        CallLog.open(
            store,
            TreeHeadRecord.open(dir.resolve("treehead")),
            dir.resolve("checkpoint"),
            SampleLog.HOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "rocks"})
  void startsEmptyAndGrows(String kind) {
    try (CallLog log = opener(kind).get()) {
      assertTrue(log.isEmpty());
      assertNull(log.id());
      assertNull(log.checkpoint());
      assertEquals(TreeHead.EMPTY, log.head());
      SignedCheckpoint first = writer.begin(log);
      assertEquals(1, first.head().size());
      assertEquals(first.head().root(), log.id());
      assertEquals("Log", log.genesis().title());
      List<Hash> leaves = new ArrayList<>(List.of(log.id()));
      for (int count : new int[] {1, 3, 1, 300}) {
        List<CallLog.Pending> batch = writer.batch(log, count);
        batch.forEach(pending -> leaves.add(Merkle.leafHash(pending.bytes())));
        SignedCheckpoint signed = log.append(batch);
        assertEquals(Merkle.root(leaves), signed.head().root());
        assertEquals(signed, log.checkpoint());
        assertEquals(leaves.get(leaves.size() - 1), log.lastLeaf());
        SignedCheckpoint.verify(
            signed.format(), log.genesis().origin(), SampleLog.HOST.publicKey());
      }
      for (int size : new int[] {0, 1, 2, 5, 255, 256, 257, 306}) {
        assertEquals(Merkle.root(leaves.subList(0, size)), log.rootAt(size), "size " + size);
      }
      for (int old : new int[] {0, 1, 2, 5, 100, 256, 306}) {
        TreeHead older = new TreeHead(old, log.rootAt(old));
        assertTrue(
            Proofs.verifyConsistency(older, log.head(), log.consistency(old, 306)), "from " + old);
      }
      CallEntry last = (CallEntry) log.entry(305);
      assertEquals(305, last.seq());
      assertEquals("\"" + "x".repeat(600) + "\"", ok(last).read(log.store()));
    }
  }

  private static Text ok(CallEntry entry) {
    return ((Outcome.Ok) entry.outcomes().get(0)).value();
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "rocks"})
  void receiptsStayTheSameBytes(String kind) {
    Supplier<CallLog> opener = opener(kind);
    SignedCall call;
    byte[] first;
    try (CallLog log = opener.get()) {
      writer.begin(log);
      List<CallLog.Pending> batch = writer.batch(log, 3);
      call = batch.get(1).call();
      assertNull(log.receiptOf(call, ALICE));
      log.append(batch);
      first = log.receipt(2, 4).format();
      assertArrayEquals(first, log.receipt(2, batch.get(1).bytes(), 4).format());
      writer.append(log, 5);
      assertReceipt(first, call, log);
    }
    try (CallLog log = opener.get()) {
      assertReceipt(first, call, log);
      writer.append(log, 1);
      assertReceipt(first, call, log);
      SignedCall never = new SignedCall(log.id(), call.session(), 999, call.seen(), call.calls());
      assertNull(log.receiptOf(never, ALICE));
      assertNull(log.receiptOf(call, SampleLog.BOB.publicKey()));
    }
  }

  private static void assertReceipt(byte[] expected, SignedCall call, CallLog log) {
    Receipt again = log.receiptOf(call, ALICE);
    assertArrayEquals(expected, again.format());
    TreeHead head = again.verify(log.genesis().origin(), SampleLog.HOST.publicKey()).head();
    List<Hash> growth = log.consistency(head.size(), log.head().size());
    assertTrue(Proofs.verifyConsistency(head, log.head(), growth));
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "rocks"})
  void opensAsItWasClosed(String kind) {
    Supplier<CallLog> opener = opener(kind);
    SignedCheckpoint last;
    Hash id;
    Hash leaf;
    try (CallLog log = opener.get()) {
      writer.begin(log);
      last = writer.append(log, 7);
      id = log.id();
      leaf = log.lastLeaf();
    }
    for (int i = 0; i < 2; i++) {
      try (CallLog log = opener.get()) {
        assertEquals(last, log.checkpoint());
        assertEquals(id, log.id());
        assertEquals(leaf, log.lastLeaf());
        assertEquals(7, log.lastNumber(ALICE, SampleLog.ALICE_SESSION));
        assertEquals(0, log.lastNumber(ALICE, SampleLog.BOB_SESSION));
      }
    }
    try (CallLog log = opener.get()) {
      assertEquals(9, writer.append(log, 1).head().size());
      assertEquals(8, log.lastNumber(ALICE, SampleLog.ALICE_SESSION));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "rocks"})
  void anEmptyLogOpensAgain(String kind) {
    Supplier<CallLog> opener = opener(kind);
    opener.get().close();
    try (CallLog log = opener.get()) {
      assertTrue(log.isEmpty());
      assertEquals(1, writer.begin(log).head().size());
    }
  }

  @Test
  void theCheckpointOfACloseIsInItsFile() throws IOException {
    SignedCheckpoint last;
    try (CallLog log = opener("memory").get()) {
      writer.begin(log);
      writer.append(log, 1);
      last = writer.append(log, 1);
    }
    assertArrayEquals(last.format(), Files.readAllBytes(dir.resolve("checkpoint")));
  }
}
