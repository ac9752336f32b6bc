package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.rpc.HostSetup;
import dev.glasshouse.rpc.RunningHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  private void assertCaught(String claim, int keptSize, int servedSize) throws Exception {
    try (RunningHost host = other.start()) {
      CaughtHostException e =
          assertThrows(CaughtHostException.class, () -> client(host.address(), known).close());
      assertTrue(e.getMessage().contains(claim), e.getMessage());
      assertEvidence(host.module().log().genesis(), keptSize, servedSize);
      assertThrows(
          CaughtHostException.class,
          () -> client(host.address(), known).close(),
          "what was kept is not replaced by what was caught");
    }
  }

  // Both checkpoints are in the file, and both verify: anybody can check it.
  private void assertEvidence(GenesisEntry genesis, int keptSize, int servedSize)
      throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("home").resolve("evidence"))) {
      List<Path> found = files.toList();
      assertEquals(1, found.size(), found.toString());
      byte[] json = Files.readAllBytes(found.get(0));
      Map<?, ?> evidence = (Map<?, ?>) CanonicalJson.parse(json, Integer.MAX_VALUE);
      assertEquals(genesis.host().format(), evidence.get("host"));
      assertEquals(keptSize, signed(evidence, "kept", genesis).head().size());
      assertEquals(servedSize, signed(evidence, "served", genesis).head().size());
      assertFalse(((String) evidence.get("claim")).isEmpty());
    }
  }

  private static SignedCheckpoint signed(Map<?, ?> evidence, String name, GenesisEntry genesis) {
    byte[] note = ((String) evidence.get(name)).getBytes(StandardCharsets.UTF_8);
    return SignedCheckpoint.verify(note, genesis.origin(), genesis.host());
  }

  @Test
  void rollbackIsCaught() throws Exception {
    grow(one, known, 1);
    assertCaught("rolled back", 4, 3);
  }

  @Test
  void anotherHistoryOfTheSameSizeIsCaught() throws Exception {
    grow(one, known, 2);
    grow(other, stranger(), 2);
    assertCaught("two logs of the same size", 5, 5);
  }

  @Test
  void anotherLongerHistoryIsCaught() throws Exception {
    grow(one, known, 1);
    grow(other, stranger(), 4);
    assertCaught("forked", 4, 7);
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
