package dev.glasshouse.calllog.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.TreeHead;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The form of a file: one for each evidence, and nothing else is read. */
class EvidenceTest {
  private static final long SEED = 20_260_417;

  private final LyingLog log = new LyingLog(false).grow(6, "one");
  private final Accusation accusation = new Accusation(log.genesis);
  private final Evidence fork = fork();
  private final Evidence entry = entry();
  private final Evidence rollback = accusation.rollback(log.checkpoint(3), log.checkpoint(5));

  private Evidence fork() {
    LyingLog other = log.fork(3).grow(9, "other");
    return accusation.fork(log.checkpoint(6), other.checkpoint(9), List.of(), other);
  }

  private Evidence entry() {
    LyingLog lying = log.fork(6);
    lying.add(lying.call(lying.request(2, TreeHead.EMPTY, "word ".repeat(300))));
    lying.grow(8, "after");
    return accusation.entry(lying.checkpoint(8), lying, lying::at, lying.blobs::get, 6, 2);
  }

  private static String text(Evidence evidence) {
    return new String(evidence.format(), StandardCharsets.UTF_8);
  }

  private static String entriesOf(Evidence evidence) {
    String text = text(evidence);
    return text.substring(text.indexOf("\"entries\":"), text.indexOf(",\"genesis\""));
  }

  private static void assertMalformed(String why, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    MalformedException e =
        assertThrows(MalformedException.class, () -> EvidenceJudge.judge(bytes, null), text);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  private static void assertMalformed(String why, Evidence base, String from, String to) {
    String text = text(base);
    assertTrue(text.contains(from), text);
    assertMalformed(why, text.replace(from, to));
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    for (Evidence each : List.of(fork, entry, rollback)) {
      byte[] bytes = each.format();
      assertArrayEquals(bytes, Evidence.parse(bytes).format());
    }
    assertTrue(EvidenceJudge.judge(fork.format(), log.id()).proved());
    assertTrue(EvidenceJudge.judge(entry.format(), log.id()).proved());
    assertFalse(EvidenceJudge.judge(rollback.format(), log.id()).proved());
  }

  @Test
  void everyTruncationIsMalformed() {
    for (Evidence each : List.of(fork, entry, rollback)) {
      byte[] bytes = each.format();
      Random random = new Random(SEED);
      for (int i = 0; i < 400; i++) {
        int length = i < 100 ? i : random.nextInt(bytes.length);
        assertThrows(
            MalformedException.class,
            () -> Evidence.parse(Arrays.copyOf(bytes, length)),
            "seed " + SEED + ", " + length + " bytes");
      }
    }
  }

  @Test
  void noChangedByteProvesAnythingElse() {
    int proved = 0;
    for (Evidence each : List.of(fork, entry)) {
      byte[] bytes = each.format();
      int text = text(each).indexOf("\"text\":");
      Random random = new Random(SEED);
      for (int i = 0; i < 1500; i++) {
        byte[] changed = bytes.clone();
        int at = random.nextInt(text);
        changed[at] ^= (byte) (1 << random.nextInt(7));
        try {
          Judgement judgement = EvidenceJudge.judge(changed, null);
          if (judgement.proved()) {
            proved++;
          }
        } catch (MalformedException e) {
          assertFalse(e.getMessage().isEmpty());
        }
      }
    }
    assertEquals(0, proved, "seed " + SEED);
  }

  @Test
  void onlyTheOneFormIsRead() {
    assertMalformed("ends early", "");
    assertMalformed("must be an object", "[]");
    assertMalformed("lacks", "{}");
    assertMalformed("canonical", text(fork) + "\n");
    assertMalformed("canonical", fork, "{\"blobs\"", "{ \"blobs\"");
    assertMalformed("unknown member", fork, "\"v\":1}", "\"v\":1,\"w\":2}");
    assertMalformed("\"v\" is 1", fork, "\"v\":1}", "\"v\":2}");
    assertMalformed("canonical", fork, "\"v\":1}", "\"v\":1,\"v\":1}");
    assertMalformed("\"fork\", \"entry\"", fork, "\"claim\":\"fork\"", "\"claim\":\"FORK\"");
    assertMalformed("goes with a fork", fork, "\"claim\":\"fork\"", "\"claim\":\"entry\"");
    assertMalformed("goes with a fork", entry, "\"claim\":\"entry\"", "\"claim\":\"fork\"");
    assertMalformed("go with the claim", fork, "\"entries\":[]", entriesOf(entry));
    assertMalformed("has no prefix", fork, "\"claim\":\"fork\"", "\"claim\":\"rollback\"");
    assertMalformed("must be a string", fork, "\"blobs\":[]", "\"blobs\":[1]");
    assertMalformed("base64", fork, "\"blobs\":[]", "\"blobs\":[\"AAA\"]");
    assertMalformed("order of their hashes", fork, "\"blobs\":[]", "\"blobs\":[\"AA==\",\"AA==\"]");
    assertMalformed("an array", fork, "\"entries\":[]", "\"entries\":{}");
    assertMalformed("must be an object", fork, "\"entries\":[]", "\"entries\":[[]]");
    assertMalformed("order of their indexes", entry, "\"index\":6", "\"index\":5");
    assertMalformed("not be negative", entry, "\"index\":6", "\"index\":-6");
    assertMalformed("beyond 2^53", entry, "\"index\":6", "\"index\":99999999999999999999999");
    assertMalformed("beyond 2^53", entry, "\"index\":6", "\"index\":9007199254740993");
    assertMalformed("note", fork, "\\n\\n", "\\n");
    assertMalformed("hex digits", fork, "\"log\":\"", "\"log\":\"a");
    assertMalformed("within each other", "{\"blobs\":" + "[".repeat(100_000));
    assertMalformed("within each other", "[".repeat(17) + "]".repeat(17));
  }

  @Test
  void theOrderOfBlobsIsThatOfTheirHashes() {
    NavigableMap<Hash, byte[]> blobs = new TreeMap<>();
    for (byte i = 0; i < 3; i++) {
      blobs.put(Hash.of(new byte[] {i}), new byte[] {i});
    }
    Evidence with =
        new Evidence(
            fork.claim(),
            fork.log(),
            fork.genesis(),
            fork.older(),
            fork.newer(),
            fork.prefix(),
            List.of(),
            blobs,
            "");
    assertArrayEquals(with.format(), Evidence.parse(with.format()).format());
    String text = text(with);
    String listed = text.substring(0, text.indexOf(']'));
    String first = listed.substring(listed.indexOf('[') + 1, listed.indexOf(','));
    String turned = "{\"blobs\":[" + listed.substring(listed.indexOf(',') + 1) + "," + first;
    assertMalformed("order of their hashes", turned + text.substring(text.indexOf(']')));
  }

  @Test
  void whatIsTooLongIsNotRead() {
    byte[] huge = new byte[Evidence.MAX_BYTES + 1];
    MalformedException e = assertThrows(MalformedException.class, () -> Evidence.parse(huge));
    assertTrue(e.getMessage().contains("over the limit"), e.getMessage());
    NavigableMap<Hash, byte[]> blobs = new TreeMap<>();
    byte[] blob = new byte[13 << 20];
    blobs.put(Hash.of(blob), blob);
    Evidence long1 =
        new Evidence(
            fork.claim(),
            fork.log(),
            fork.genesis(),
            fork.older(),
            fork.newer(),
            fork.prefix(),
            List.of(),
            blobs,
            "");
    assertThrows(MalformedException.class, long1::format);
    assertMalformed("at most 16 items", entry, "\"entries\":[", "\"entries\":[" + "1,".repeat(20));
    assertMalformed("at most 63 items", fork, "\"proof\":[", "\"proof\":[" + "1,".repeat(64));
    String text = "\"text\":\"";
    assertMalformed("4096 characters", fork, text, text + "a".repeat(5000));
  }
}
