package dev.glasshouse.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnverifiedException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a host says of itself. */
class HostDescriptionTest {
  private final LyingLog log = new LyingLog(false).grow(3, "words");
  private final Map<String, Object> said =
      new TreeMap<>(
          Map.of(
              "checkpoint", text(log.checkpoint(3).format()), "genesis", text(log.at(0)), "v", 1L));

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private HostDescription read() {
    return HostDescription.parse(text(CanonicalJson.format(said)), log.blobs::get);
  }

  private void requireMalformed(String message) {
    MalformedException e = assertThrows(MalformedException.class, this::read, message);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  @Test
  void theLogFollowsFromItsGenesisEntry() {
    HostDescription host = read();
    assertEquals(log.id(), host.log());
    assertEquals(log.genesis.origin(), host.genesis().origin());
    assertEquals(log.head(3), host.checkpoint().head());
  }

  @Test
  void whatIsMissingOrNoTextIsRefused() {
    said.put("checkpoint", 1L);
    requireMalformed("the host does not say its checkpoint");
    said.remove("checkpoint");
    requireMalformed("the host does not say its checkpoint");
    said.remove("genesis");
    requireMalformed("the host does not say its genesis");
    MalformedException e =
        assertThrows(MalformedException.class, () -> HostDescription.parse("[]", log.blobs::get));
    assertTrue(e.getMessage().contains("the host does not say its genesis"), e::getMessage);
  }

  @Test
  void anEntryOfAnotherKindIsNoGenesis() {
    said.put("genesis", text(log.at(1)));
    requireMalformed("the host's genesis entry is none");
  }

  @Test
  void aCheckpointOfAnotherKeyIsRefused() {
    Identity eve = Identity.ofSeed(new byte[Identity.SEED_BYTES]);
    SignedCheckpoint other = SignedCheckpoint.sign(log.genesis.origin(), log.head(3), eve);
    said.put("checkpoint", text(other.format()));
    assertThrows(UnverifiedException.class, this::read);
  }
}
