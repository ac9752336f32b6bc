package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.evidence.Evidence;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import dev.glasshouse.calllog.evidence.Judgement;
import dev.glasshouse.calllog.evidence.SecondJudge;
import dev.glasshouse.rpc.HostSetup;
import dev.glasshouse.rpc.RunningHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host that has two histories under one key: who has seen one catches it showing the other. */
class ForkTest {
  @TempDir Path dir;
  private HostSetup one;
  private HostSetup other;
  private KnownLogs known;

  /** Two directories with the same log of three entries. */
  @BeforeEach
  void copy() throws Exception {
    one = HostSetup.of(dir.resolve("one"), "let n = 0; exports.add = k => n += k");
    other = one.in(dir.resolve("other"));
    known = new KnownLogs(dir.resolve("home"));
    grow(one, known, 2);
    try (Stream<Path> files = Files.walk(one.dir())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, other.dir().resolve(one.dir().relativize(file)));
      }
    }
  }

  private static Client client(HostAddress address, KnownLogs known) {
    return Client.signed(address, Identity.ofSeed(new byte[Identity.SEED_BYTES]), null, known);
  }

  private static void grow(HostSetup setup, KnownLogs known, int calls) throws Exception {
    try (RunningHost host = setup.start();
        Client client = client(host.address(), known)) {
      for (int i = 0; i < calls; i++) {
        client.call("add", "[" + calls + "]");
      }
    }
  }

  private KnownLogs stranger() {
    return new KnownLogs(dir.resolve("stranger"));
  }

  // The file is judged alone, by us and by code that shares nothing with us.
  private CaughtHostException assertCaught(
      String claim, boolean proved, int olderSize, int newerSize) throws Exception {
    try (RunningHost host = other.start()) {
      CaughtHostException e =
          assertThrows(CaughtHostException.class, () -> client(host.address(), known).close());
      assertTrue(e.getMessage().contains(claim), e.getMessage());
      assertEquals(proved, e.proved(), e.getMessage());
      Path file = e.evidence().orElseThrow();
      assertTrue(e.getMessage().endsWith("glass verify --evidence " + file), e.getMessage());
      byte[] bytes = Files.readAllBytes(file);
      Evidence evidence = Evidence.parse(bytes);
      assertEquals(olderSize, Checkpoint.parse(evidence.older().text()).head().size());
      assertEquals(newerSize, Checkpoint.parse(evidence.newer().text()).head().size());
      Judgement judgement = EvidenceJudge.judge(bytes, host.module().log().id());
      assertEquals(proved, judgement.proved(), judgement.sentence());
      assertEquals(host.module().log().genesis().host(), judgement.key().key());
      assertEquals(proved, SecondJudge.proves(bytes));
      assertThrows(
          CaughtHostException.class,
          () -> client(host.address(), known).close(),
          "what was kept is not replaced by what was caught");
      assertRemoteLogIsCaught(host, claim, proved);
      try (Stream<Path> files = Files.list(dir.resolve("home").resolve("evidence"))) {
        assertEquals(List.of(file), files.toList(), "the same evidence is one file");
      }
      return e;
    }
  }

  private void assertRemoteLogIsCaught(RunningHost host, String claim, boolean proved) {
    HttpLogReader reader = new HttpLogReader(host.address());
    String place = host.address().toString();
    CaughtHostException e =
        assertThrows(CaughtHostException.class, () -> RemoteLog.open(reader, place, null, known));
    assertTrue(e.getMessage().contains(claim), e.getMessage());
    assertEquals(proved, e.proved());
  }

  @Test
  void rollbackIsCaughtThoughItIsNoProof() throws Exception {
    grow(one, known, 1);
    assertCaught("rolled back", false, 3, 4);
  }

  @Test
  void anotherHistoryOfTheSameSizeIsProved() throws Exception {
    grow(one, known, 2);
    grow(other, stranger(), 2);
    assertCaught("two logs of the same size", true, 5, 5);
  }

  // Of a power of two the host's own proof does not show the older root: its tiles do.
  @ParameterizedTest
  @CsvSource({"1, 4, 4, 7", "3, 6, 6, 9"})
  void anotherLongerHistoryIsProved(int mine, int theirs, int older, int newer) throws Exception {
    grow(one, known, mine);
    grow(other, stranger(), theirs);
    assertCaught("forked", true, older, newer);
  }

  @Test
  void forkAfterARestartIsCaughtAtTheNextCallAndProved() throws Exception {
    grow(other, stranger(), 3);
    try (RunningHost first = one.start();
        RunningHost second = other.start();
        Proxy proxy = new Proxy(first.service().port());
        Client client = client(proxy.address(), known)) {
      client.call("add", "[1]");
      // The host is back, with another history, and hides it from calls that name the first one:
      // it answers them with what it answered to one who had seen nothing.
      Receipt elsewhere;
      try (Client newcomer = client(second.address(), stranger())) {
        elsewhere = newcomer.callForReceipt(List.of(new MethodCall("add", "[1]")));
      }
      SignedCheckpoint forked =
          elsewhere.verify(client.host().genesis().origin(), client.host().genesis().host());
      LogWatch watch =
          new LogWatch(
              known,
              client.host(),
              new LogWatch.Source() {
                @Override
                public List<Hash> consistency(long older, long newer) {
                  throw new MalformedException("no proof today");
                }

                @Override
                public HashReader tree(long size) {
                  return TileHashReader.published(new HttpLogReader(second.address()), size);
                }
              });
      CaughtHostException e =
          assertThrows(CaughtHostException.class, () -> watch.accept(forked, List.of(), 0));
      assertTrue(e.proved(), e.getMessage());
      assertTrue(SecondJudge.proves(Files.readAllBytes(e.evidence().orElseThrow())));
    }
  }

  @Test
  void hostThatWithholdsItsTreeIsCaughtThoughItIsNoProof() throws Exception {
    grow(one, known, 1);
    grow(other, stranger(), 4);
    try (RunningHost host = other.start();
        Proxy proxy = new Proxy(host.service().port())) {
      proxy.toHost = Proxy.replacing("GET /tile/", "GET /till/");
      // Of size 4, the host's own proof does not show the root.
      CaughtHostException e =
          assertThrows(CaughtHostException.class, () -> client(proxy.address(), known).close());
      assertTrue(e.getMessage().contains("does not show that its tree of 7"), e.getMessage());
      assertFalse(e.proved());
      byte[] bytes = Files.readAllBytes(e.evidence().orElseThrow());
      assertNull(Evidence.parse(bytes).prefix());
      assertFalse(EvidenceJudge.judge(bytes, null).proved());
      assertFalse(SecondJudge.proves(bytes));
    }
  }

  @Test
  void aProofThatDoesNotHoldIsNoForkIfTheTilesShowNone() throws Exception {
    grow(one, stranger(), 5);
    try (RunningHost host = one.start();
        Proxy proxy = new Proxy(host.service().port())) {
      AtomicInteger changed = new AtomicInteger();
      proxy.toClient =
          piece -> {
            String text = new String(piece, StandardCharsets.ISO_8859_1);
            int at = text.indexOf("\"proof\":[\"") + "\"proof\":[\"".length();
            if (text.contains("\"proof\":[\"")) {
              piece[at] = (byte) (piece[at] == 'A' ? 'B' : 'A');
              changed.incrementAndGet();
            }
            return piece;
          };
      client(proxy.address(), known).close();
      assertEquals(1, changed.get(), "the proof was asked for, and spoilt");
      assertFalse(Files.exists(dir.resolve("home").resolve("evidence")));
    }
  }

  @Test
  void evidenceThatCannotBeWrittenIsStillACatch() throws Exception {
    grow(one, known, 2);
    grow(other, stranger(), 2);
    Files.writeString(dir.resolve("home").resolve("evidence"), "in the way");
    try (RunningHost host = other.start()) {
      CaughtHostException e =
          assertThrows(CaughtHostException.class, () -> client(host.address(), known).close());
      assertTrue(e.getMessage().contains("The evidence is lost: cannot write"), e.getMessage());
      assertEquals(Optional.empty(), e.evidence());
      assertFalse(e.proved());
    }
  }

  @Test
  void twoProgramsOfOneUserCannotBeShownTwoHistories() throws Exception {
    grow(other, stranger(), 3);
    KnownLogs another = new KnownLogs(dir.resolve("home"));
    try (RunningHost first = one.start();
        RunningHost second = other.start()) {
      Client mine = client(first.address(), known);
      SignedCheckpoint elsewhere;
      try (Client newcomer = client(second.address(), stranger())) {
        elsewhere = newcomer.host().checkpoint();
      }
      // What another program of this user has kept meanwhile.
      another.keep(mine.host().log(), elsewhere);
      CaughtHostException e =
          assertThrows(
              CaughtHostException.class,
              () -> {
                mine.call("add", "[1]");
                mine.close();
              });
      assertTrue(e.evidence().isPresent(), e.getMessage());
    }
  }

  @Test
  void hostThatGrewIsNotCaught() throws Exception {
    grow(one, stranger(), 5);
    grow(one, known, 1);
    assertFalse(Files.exists(dir.resolve("home").resolve("evidence")));
  }

  @Test
  void switchDuringAConnectionIsNoticed() throws Exception {
    grow(other, stranger(), 3);
    try (RunningHost first = one.start();
        RunningHost second = other.start();
        Proxy proxy = new Proxy(first.service().port());
        Client client = client(proxy.address(), known)) {
      client.call("add", "[1]");
      proxy.target = second.service().port();
      proxy.toHost = Proxy.cuttingNext();
      // The call says what its caller has seen; the other history refuses it.
      RefusedException e = assertThrows(RefusedException.class, () -> client.call("add", "[1]"));
      assertEquals(-32006, e.code());
      assertEquals(6, second.size(), "it is not in the other log");
    }
  }
}
