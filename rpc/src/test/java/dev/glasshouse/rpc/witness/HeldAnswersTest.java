package dev.glasshouse.rpc.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldAnswersTest {
  private final HeldAnswers held = new HeldAnswers();
  private final List<String> told = new ArrayList<>();

  private HeldAnswers.Held answers(int count, String name) {
    return new HeldAnswers.Held(count, () -> told.add(name), why -> told.add(name + ": " + why));
  }

  @Test
  void eachIsToldOnceAndOnlyWhatIsCovered() {
    HeldAnswers.Held late = answers(1, "late");
    assertTrue(held.hold(9, late));
    assertTrue(held.hold(5, answers(2, "a")));
    assertTrue(held.hold(7, answers(1, "b")));
    assertTrue(held.hold(5, answers(1, "c")));
    held.covered(4);
    assertEquals(List.of(), told);
    held.covered(7);
    assertEquals(List.of("a", "c", "b"), told);
    held.covered(8);
    held.expire(9, late, "too late");
    held.expire(9, late, "too late");
    held.covered(9);
    assertEquals(List.of("a", "c", "b", "late: too late"), told);
    assertTrue(held.isEmpty());
  }

  @Test
  void noMoreAreHeldThanThereIsRoomFor() {
    assertTrue(held.hold(1, answers(HeldAnswers.MAX - 1, "many")));
    assertFalse(held.hold(2, answers(2, "more")));
    assertTrue(held.hold(2, answers(1, "one")));
    assertFalse(held.hold(3, answers(1, "another")));
    held.covered(1);
    assertTrue(held.hold(3, answers(HeldAnswers.MAX - 1, "again")), "there is room again");
    held.expireAll("over");
    assertEquals(List.of("many", "one: over", "again: over"), told);
    assertTrue(held.isEmpty());
    assertTrue(held.hold(1, answers(HeldAnswers.MAX, "all")));
  }
}
