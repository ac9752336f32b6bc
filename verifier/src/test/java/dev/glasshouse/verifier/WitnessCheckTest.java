package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.Witnesses.BOTH;
import static dev.glasshouse.verifier.Witnesses.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.TreeHead;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is kept of many cosigned checkpoints, and what is none. */
final class WitnessCheckTest {
  private static final long SEED = 29;

  private final PublishedLog log = Story.counting();
  private final GenesisEntry genesis = (GenesisEntry) Entry.parse(log.entries.get(0), log);

  @Test
  void ofManyTheOneWhoseNeighboursAreClosestIsForgotten() {
    WitnessDemand demand =
        new WitnessDemand(BOTH, Optional.empty(), () -> Instant.ofEpochSecond(START + 4000));
    WitnessCheck check = new WitnessCheck(demand, genesis, 0, 0);
    List<Long> regular = new ArrayList<>();
    for (long i = 0; i < 64; i++) {
      regular.add(START + 10 * i);
    }
    List<Long> times = new ArrayList<>(regular);
    times.add(START + 405);
    Collections.shuffle(times, new Random(SEED));
    times.forEach(time -> check.recall(Witnesses.cosign(log, time, "alice", "bob")));

    List<Long> kept =
        check.result().keep().stream()
            .map(each -> BOTH.quorum(each.note(), each.checkpoint().origin()).newest().orElse(0))
            .toList();
    assertEquals(regular, kept, () -> "with seed " + SEED);
  }

  @Test
  void anEmptyLogIsNoCheckpointThatCounts() {
    byte[] shown = log.checkpoint;
    assertEquals(
        Optional.of(log.head()), WitnessCheck.signed(shown, genesis).map(each -> each.head()));
    log.sign(HonestLog.HOST, genesis.origin(), TreeHead.EMPTY);
    assertEquals(Optional.empty(), WitnessCheck.signed(log.checkpoint, genesis));
  }
}
