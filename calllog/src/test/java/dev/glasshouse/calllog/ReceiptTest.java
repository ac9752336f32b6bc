package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReceiptTest {
  private static final SampleLog LOG = new SampleLog();
  private static final PublicKey KEY = SampleLog.HOST.publicKey();

  @Test
  void everyEntryHasOneInEveryTreeThatHoldsIt() {
    for (int size = 1; size <= LOG.entries.size(); size++) {
      for (int index = 0; index < size; index++) {
        byte[] bytes = LOG.receipt(index, size).format();
        Receipt receipt = Receipt.parse(bytes);
        assertArrayEquals(bytes, receipt.format());
        assertEquals(size, receipt.checkpointSize());
        assertEquals(LOG.head(size), receipt.verify(LOG.origin(), KEY).head());
        assertArrayEquals(LOG.bytes.get(index), receipt.entry());
      }
    }
  }

  @Test
  void itProvesNothingElse() {
    Receipt receipt = LOG.receipt(2, 5);
    List<Hash> proof = receipt.proof();
    Note note = receipt.checkpoint();
    byte[] entry = receipt.entry();
    for (int index : new int[] {0, 1, 3, 4, 5, 1 << 30}) {
      unverified(new Receipt(index, entry, proof, note));
    }
    byte[] changed = entry.clone();
    changed[9] ^= 1;
    unverified(new Receipt(2, changed, proof, note));
    unverified(new Receipt(2, entry, proof.subList(1, proof.size()), note));
    unverified(new Receipt(2, entry, List.of(), note));
    unverified(new Receipt(2, entry, proof, LOG.checkpoint(4).note()));
    assertThrows(UnverifiedException.class, () -> receipt.verify(LOG.origin() + "0", KEY));
    PublicKey other = SampleLog.BOB.publicKey();
    assertThrows(UnverifiedException.class, () -> receipt.verify(LOG.origin(), other));
    SignedCheckpoint earlier = LOG.checkpoint(4);
    assertThrows(UnverifiedException.class, () -> receipt.requireIncluded(earlier));
    receipt.requireIncluded(LOG.checkpoint(5));
    // The same tree, with a signature that the receipt does not have.
    List<NoteSignature> lines = new ArrayList<>(note.signatures());
    lines.add(new NoteSignature("witness.example", 7, new byte[72]));
    Note cosigned = new Note(note.text(), lines);
    SignedCheckpoint another = SignedCheckpoint.verify(cosigned, LOG.origin(), KEY);
    assertThrows(UnverifiedException.class, () -> receipt.requireIncluded(another));
  }

  private static void unverified(Receipt receipt) {
    assertThrows(UnverifiedException.class, () -> receipt.verify(LOG.origin(), KEY));
  }

  @Test
  void proofsHaveALimit() {
    Note note = LOG.checkpoint(5).note();
    List<Hash> most = Collections.nCopies(Proofs.MAX_HASHES, Hash.ZERO);
    Receipt longest = new Receipt(1, utf8("{}"), most, note);
    assertEquals(most, Receipt.parse(longest.format()).proof());
    List<Hash> tooMany = Collections.nCopies(Proofs.MAX_HASHES + 1, Hash.ZERO);
    byte[] over = new Receipt(1, utf8("{}"), tooMany, note).format();
    assertThrows(MalformedException.class, () -> Receipt.parse(over));
  }

  @Test
  void theLargestEntryFits() {
    byte[] entry = utf8("\u0001".repeat(Entry.MAX_BYTES));
    Receipt receipt = new Receipt(0, entry, List.of(), LOG.checkpoint(1).note());
    assertArrayEquals(entry, Receipt.parse(receipt.format()).entry());
    byte[] over = new byte[Receipt.MAX_BYTES + 1];
    assertThrows(MalformedException.class, () -> Receipt.parse(over));
  }

  @Test
  void changedBytesAreRefusedOrUnverified() {
    long seed = 5;
    Random random = new Random(seed);
    byte[] good = LOG.receipt(3, 5).format();
    int malformed = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
      try {
        Receipt receipt = Receipt.parse(bytes);
        assertArrayEquals(bytes, receipt.format(), "seed " + seed + ", change " + i);
        assertThrows(
            IllegalArgumentException.class,
            () -> receipt.verify(LOG.origin(), KEY),
            () -> "verified: " + new String(bytes, StandardCharsets.UTF_8));
      } catch (MalformedException e) {
        malformed++;
      }
    }
    assertTrue(malformed > 200, "only " + malformed + " changes were refused");
  }
}
