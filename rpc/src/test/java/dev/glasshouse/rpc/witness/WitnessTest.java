package dev.glasshouse.rpc.witness;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MlDsaIdentity;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.SigningKey;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.witness.AddCheckpoint;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.calllog.witness.WitnessKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The answers of C2SP tlog-witness, and what survives. */
@Timeout(60)
final class WitnessTest {
  private static final String NAME = "witness.example/w";
  private static final String ORIGIN = "example.com/log";
  private static final String EMPTY = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

  @TempDir private Path dir;
  private final SmallLog log = new SmallLog(ORIGIN, 40);
  private final SmallLog fork = new SmallLog(ORIGIN, 40, 5, " of the fork");
  private final AtomicLong time = new AtomicLong(1_700_000_000);
  private Witness witness;

  @BeforeEach
  void open() throws IOException {
    witness = open(Approval.APPEND_ONLY);
  }

  @AfterEach
  void close() throws IOException {
    witness.close();
  }

  private Witness open(Approval approval) throws IOException {
    return open(SmallLog.identity(1), NAME, approval);
  }

  private Witness open(SigningKey identity, String name, Approval approval) throws IOException {
    Policy policy = Policy.parse(utf8("log " + log.vkey() + "\nquorum none\n"));
    return Witness.open(dir.resolve("w"), name, identity, policy, approval, time::get);
  }

  private void reopen(Approval approval) throws IOException {
    witness.close();
    witness = open(approval);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(WitnessReply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private void assertStatus(int status, byte[] submission) {
    WitnessReply reply = witness.add(submission);
    assertEquals(status, reply.status(), () -> text(reply));
  }

  /** Submits and expects the cosignature. */
  private Cosignature cosign(int from, int to) {
    WitnessReply reply = witness.add(log.submission(from, to));
    assertEquals(200, reply.status(), () -> text(reply));
    String line = text(reply);
    assertTrue(line.endsWith("\n"));
    return Cosignature.verify(
        witness.key(),
        log.checkpoint(to).note().text(),
        NoteSignature.parse(line.substring(0, line.length() - 1)));
  }

  private void assertConflict(int size, byte[] submission) {
    WitnessReply reply = witness.add(submission);
    assertEquals(409, reply.status(), () -> text(reply));
    assertEquals(size + "\n", text(reply));
    assertEquals("text/x.tlog.size", reply.type());
  }

  private long kept() throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("w").resolve("refused"))) {
      return files.filter(file -> file.toString().endsWith(".request")).count();
    }
  }

  @Test
  void cosignsWhatExtendsAndTellsItsSizeToOthers() {
    assertEquals(time.get(), cosign(0, 3).time());
    assertConflict(3, log.submission(0, 5));
    assertConflict(3, log.submission(0, 3));
    assertConflict(3, log.submission(2, 5));
    assertConflict(3, log.submission(5, 7));
    time.addAndGet(60);
    assertEquals(time.get(), cosign(3, 3).time(), "the same tree at a later time");
    cosign(3, 8);
    cosign(8, 40);
    assertConflict(40, log.submission(8, 10));
  }

  @Test
  void aClockThatIsSetBackMakesNoTreeOlderThanASmallerOne() {
    long first = cosign(0, 3).time();
    time.addAndGet(-1000);
    assertEquals(first, cosign(3, 4).time());
  }

  @Test
  void refusesWhatTheSpecificationSays() {
    Note note = log.checkpoint(7).note();
    assertStatus(400, utf8("garbage"));
    assertStatus(400, new byte[0]);
    assertStatus(400, new AddCheckpoint(8, List.of(), note).format());
    String elsewhere = "example.com/other";
    assertStatus(404, new SmallLog(elsewhere, 7).submission(0, 7));
    SignedCheckpoint forged = SignedCheckpoint.sign(ORIGIN, log.head(7), SmallLog.identity(3));
    assertStatus(403, new AddCheckpoint(0, List.of(), forged.note()).format());
    NoteSignature own = note.signatures().get(0);
    NoteSignature broken = new NoteSignature(own.name(), own.keyId(), new byte[64]);
    Note twice = new Note(note.text(), List.of(own, broken));
    assertStatus(403, new AddCheckpoint(0, List.of(), twice).format());
    assertStatus(422, new AddCheckpoint(0, List.of(Hash.of("x")), note).format());
    cosign(0, 7);
    assertStatus(422, new AddCheckpoint(7, List.of(), log.checkpoint(9).note()).format());
    assertStatus(422, new AddCheckpoint(7, log.proof(6, 9), log.checkpoint(9).note()).format());
    assertStatus(422, new AddCheckpoint(7, List.of(Hash.of("x")), note).format());
    assertStatus(400, new AddCheckpoint(7, List.of(), log.checkpoint(3).note()).format());
    assertArrayEquals(utf8("7\n"), witness.add(log.submission(0, 9)).body(), "nothing changed");
  }

  @Test
  void theEmptyTreeHasOneRoot() throws IOException {
    for (String root : List.of(Hash.of("root").base64(), EMPTY)) {
      String text = ORIGIN + "\n0\n" + root + "\n";
      Note note = new Note(text, List.of(NoteSignature.sign(ORIGIN, log.key, text)));
      byte[] body = new AddCheckpoint(0, List.of(), note).format();
      assertStatus(root.equals(EMPTY) ? 200 : 422, body);
    }
    reopen(Approval.APPEND_ONLY);
    cosign(0, 3);
  }

  @Test
  void extensionLinesAreCosigned() {
    String text = log.checkpoint(4).note().text() + "extension\n";
    Note note = new Note(text, List.of(NoteSignature.sign(ORIGIN, log.key, text)));
    WitnessReply reply = witness.add(new AddCheckpoint(0, List.of(), note).format());
    assertEquals(200, reply.status());
    NoteSignature line = NoteSignature.parse(text(reply).strip());
    assertEquals(time.get(), Cosignature.verify(witness.key(), text, line).time());
    cosign(4, 5);
  }

  @Test
  void aForkIsRefusedAndKept() throws IOException {
    cosign(0, 7);
    assertStatus(422, fork.submission(7, 7));
    assertEquals(1, kept());
    assertStatus(422, fork.submission(7, 7));
    assertEquals(1, kept(), "once is enough");
    assertStatus(422, fork.submission(7, 12));
    assertEquals(2, kept(), "its proof is one of another tree of size 7");
    assertConflict(7, fork.submission(0, 7));
    assertEquals(3, kept(), "two trees of size 7 are signed, whatever is asked");
    assertStatus(422, new AddCheckpoint(7, List.of(), log.checkpoint(9).note()).format());
    assertEquals(3, kept(), "anybody can send a wrong proof of a true checkpoint");

    Path refused = dir.resolve("w").resolve("refused");
    try (Stream<Path> files = Files.list(refused)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".request")).toList()) {
        AddCheckpoint request = AddCheckpoint.parse(Files.readAllBytes(file));
        assertTrue(request.checkpoint().text().startsWith(ORIGIN + "\n"));
        String held = file.getFileName().toString().replace(".request", ".cosigned");
        Note cosigned = Note.parse(Files.readAllBytes(refused.resolve(held)), Note.MAX_BYTES);
        assertEquals(log.checkpoint(7).note().text(), cosigned.text());
      }
    }
    cosign(7, 12);
  }

  @Test
  void evidenceIsBounded() throws IOException {
    cosign(0, 7);
    for (int i = 0; i < WitnessFiles.MAX_REFUSED + 5; i++) {
      assertStatus(422, new SmallLog(ORIGIN, 7, 3, " fork " + i).submission(7, 7));
    }
    assertEquals(WitnessFiles.MAX_REFUSED, kept());
  }

  @Test
  void monitorsReadWhatWasCosigned() throws IOException {
    String address = Hash.of(ORIGIN).hex();
    assertEquals(404, witness.checkpoint(address).status());
    assertEquals(404, witness.checkpoint(Hash.of("other").hex()).status());
    NoteSignature stranger = new NoteSignature("stranger", 5, new byte[9]);
    List<NoteSignature> lines = new ArrayList<>(log.checkpoint(5).note().signatures());
    lines.add(stranger);
    Note submitted = new Note(log.checkpoint(5).note().text(), lines);
    assertEquals(200, witness.add(new AddCheckpoint(0, List.of(), submitted).format()).status());
    for (int i = 0; i < 2; i++) {
      Note note = Note.parse(witness.checkpoint(address).body(), Note.MAX_BYTES);
      assertEquals(2, note.signatures().size(), "the stranger's line is dropped");
      assertEquals(log.head(5), SignedCheckpoint.verify(note, ORIGIN, log.key.publicKey()).head());
      String policy = "witness w " + witness.key().format() + "\nquorum w\n";
      assertTrue(Policy.parse(utf8(policy)).quorum(note, ORIGIN).isMet());
      reopen(Approval.APPEND_ONLY);
    }
  }

  @Test
  void whatWasCosignedSurvives() throws IOException {
    cosign(0, 7);
    long before = time.getAndAdd(-50);
    reopen(Approval.APPEND_ONLY);
    assertConflict(7, log.submission(0, 9));
    assertStatus(422, fork.submission(7, 9));
    assertEquals(before, cosign(7, 9).time());
  }

  @Test
  void anMlDsaKeyCosignsAsWell() throws IOException {
    witness.close();
    MlDsaIdentity key = MlDsaIdentity.ofSeed(new byte[MlDsaIdentity.SEED_BYTES]);
    witness = open(key, NAME, Approval.APPEND_ONLY);
    assertEquals(new WitnessKey(NAME, key.publicKey()), witness.key());
    assertEquals(time.get(), cosign(0, 7).time());
    assertStatus(422, fork.submission(7, 9));
    witness.close();
    assertThrows(IOException.class, () -> open(Approval.APPEND_ONLY), "another key's files");
    witness = open(key, NAME, Approval.APPEND_ONLY);
    assertConflict(7, log.submission(0, 9));
    cosign(7, 9);
    byte[] published = witness.checkpoint(Hash.of(ORIGIN).hex()).body();
    String policy = "witness w " + witness.key().format() + "\nquorum w\n";
    Note note = Note.parse(published, Note.MAX_BYTES);
    assertTrue(Policy.parse(utf8(policy)).quorum(note, ORIGIN).isMet());
  }

  @Test
  void anotherNameOrKeyDoesNotGoOnWithItsFiles() throws IOException {
    cosign(0, 7);
    witness.close();
    assertThrows(IOException.class, () -> open(SmallLog.identity(2), NAME, Approval.APPEND_ONLY));
    assertThrows(
        IOException.class, () -> open(SmallLog.identity(1), NAME + "2", Approval.APPEND_ONLY));
    Path file = dir.resolve("w").resolve("cosigned").resolve(Hash.of(ORIGIN).hex());
    byte[] bytes = Files.readAllBytes(file);
    bytes[ORIGIN.length() + 1]++;
    Files.write(file, bytes);
    assertThrows(IOException.class, () -> open(Approval.APPEND_ONLY));
    bytes[ORIGIN.length() + 1]--;
    Files.write(file, bytes);
    witness = open(Approval.APPEND_ONLY);
    assertThrows(IOException.class, () -> open(Approval.APPEND_ONLY), "it is in use");
  }

  @Test
  void whatCannotBeWrittenIsNotCosigned() throws IOException {
    cosign(0, 7);
    Path file = dir.resolve("w").resolve("cosigned").resolve(Hash.of(ORIGIN).hex());
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    Files.createDirectory(draft);
    assertStatus(500, log.submission(7, 9));
    assertConflict(7, log.submission(0, 9));
    Files.delete(draft);
    cosign(7, 9);
  }

  @Test
  void ofManyAtOnceOneIsCosigned() throws Exception {
    cosign(0, 3);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<WitnessReply>> all = new ArrayList<>();
      for (int to = 4; to < 36; to++) {
        byte[] body = log.submission(3, to);
        all.add(() -> witness.add(body));
      }
      int cosigned = 0;
      for (Future<WitnessReply> reply : threads.invokeAll(all)) {
        int status = reply.get().status();
        assertTrue(status == 200 || status == 409, "status " + status);
        cosigned += status == 200 ? 1 : 0;
      }
      assertEquals(1, cosigned);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void onlyWhatIsApprovedIsCosigned() throws IOException {
    AtomicReference<Approval.Verdict> verdict = new AtomicReference<>();
    AtomicInteger asked = new AtomicInteger();
    reopen(
        (oldSize, newer) -> {
          asked.incrementAndGet();
          if (verdict.get() == null) {
            throw new IllegalStateException("it broke");
          }
          return verdict.get();
        });
    assertStatus(503, log.submission(0, 3));
    verdict.set(Approval.Verdict.undecided("the host is away"));
    assertStatus(503, log.submission(0, 3));
    verdict.set(Approval.Verdict.refused("entry 2 is false"));
    assertStatus(422, log.submission(0, 3));
    assertTrue(text(witness.add(log.submission(0, 3))).contains("entry 2 is false"));
    assertEquals(404, witness.checkpoint(Hash.of(ORIGIN).hex()).status());
    verdict.set(Approval.Verdict.approved());
    cosign(0, 3);
    int before = asked.get();
    cosign(3, 3);
    assertEquals(before, asked.get(), "this tree was approved already");
    assertStatus(422, new AddCheckpoint(3, List.of(), log.checkpoint(9).note()).format());
    assertEquals(before, asked.get(), "what is inconsistent is not even looked at");
  }

  @Test
  void whileOneIsCheckedOthersComeAgainAndTheFirstToBeCosignedCounts() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    reopen(
        (oldSize, newer) -> {
          entered.countDown();
          try {
            assertTrue(leave.await(20, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Approval.Verdict.approved();
        });
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<WitnessReply> first = thread.submit(() -> witness.add(log.submission(0, 5)));
      assertTrue(entered.await(20, TimeUnit.SECONDS));
      assertStatus(503, log.submission(0, 6));
      leave.countDown();
      assertEquals(200, first.get(20, TimeUnit.SECONDS).status());
      assertConflict(5, log.submission(0, 6));
    } finally {
      thread.shutdown();
    }
  }

  @Test
  void severalKeysOfOneLogAreTrusted() throws IOException {
    Identity next = SmallLog.identity(78);
    String vkey = new NoteKey(ORIGIN, next.publicKey()).format();
    Policy policy = Policy.parse(utf8("log " + log.vkey() + "\nlog " + vkey + "\nquorum none\n"));
    witness.close();
    witness =
        Witness.open(
            dir.resolve("w"), NAME, SmallLog.identity(1), policy, Approval.APPEND_ONLY, time::get);
    cosign(0, 3);
    TreeHead head = log.head(5);
    Note byNext = SignedCheckpoint.sign(ORIGIN, head, next).note();
    assertStatus(200, new AddCheckpoint(3, log.proof(3, 5), byNext).format());
  }
}
