package dev.glasshouse.vm.crosscheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.vm.crosscheck.Subject.Change;
import dev.glasshouse.vm.sandbox.Engines;
import dev.glasshouse.vm.sandbox.OnSandboxThread;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The short form of {@code bench/crosscheck.sh}: two engines, one JVM, a few seeds. */
@ExtendWith(OnSandboxThread.class)
class CrossCheckTest {
  private static final long FIRST = 1_000_000;

  private static String seen(Subject subject, long seed) {
    List<Observation> turns = subject.run(Program.of(seed));
    return turns.stream().map(Observation::line).collect(Collectors.joining("\n"));
  }

  @Test
  void enginesGiveTheSameRepliesFuelAndHeaps() {
    try (Subject v8 = new Subject(Engines.named("v8"), Change.NONE);
        Subject endive = new Subject(Engines.named("endive"), Change.NONE)) {
      for (long seed = FIRST; seed < FIRST + 4; seed++) {
        assertEquals(seen(v8, seed), seen(endive, seed), "seed " + seed);
      }
    }
  }

  @Test
  void rehearsalsAndRestartsLeaveNoTrace() {
    try (Subject plain = new Subject(Engines.named("v8"), Change.NONE);
        Subject disturbed = new Subject(Engines.named("v8"), Change.DISTURBED)) {
      for (long seed = FIRST; seed < FIRST + 10; seed++) {
        assertEquals(seen(plain, seed), seen(disturbed, seed), "seed " + seed);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Change.class,
      names = {"CLOCK", "FUEL", "ENTROPY"})
  void changeIsFound(Change change) {
    try (Subject plain = new Subject(Engines.named("v8"), Change.NONE);
        Subject changed = new Subject(Engines.named("v8"), change)) {
      long seed = FIRST;
      while (seed < FIRST + 50 && seen(plain, seed).equals(seen(changed, seed))) {
        seed++;
      }
      assertTrue(seed < FIRST + 50, change + " is not found from seed " + FIRST + " on");
    }
  }

  @Test
  void programsDoRealWork() {
    int turns = 0;
    int values = 0;
    int traps = 0;
    try (Subject subject = new Subject(Engines.named("v8"), Change.NONE)) {
      for (long seed = FIRST; seed < FIRST + 25; seed++) {
        List<Observation> seen = subject.run(Program.of(seed));
        assertTrue(seen.size() > Program.CALLS, "seed " + seed + ": " + seen.get(0).reply());
        for (Observation turn : seen) {
          turns++;
          values += turn.reply().matches("(t\\d+;)?v(?s:.*)") ? 1 : 0;
          traps += turn.reply().startsWith("trap") ? 1 : 0;
        }
      }
    }
    String found = values + " values and " + traps + " traps in " + turns + " turns from " + FIRST;
    assertTrue(values > turns * 7 / 10 && traps > 0, found);
  }
}
