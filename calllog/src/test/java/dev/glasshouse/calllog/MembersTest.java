package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MembersTest {
  private static final Members MEMBERS =
      Members.of("it", Map.of("list", List.of(1L, 2L), "number", 1L));

  @Test
  void aListIsAnArrayThatIsNotTooLong() {
    assertEquals(List.of(1L, 2L), MEMBERS.list("list", 2));
    assertThrows(MalformedException.class, () -> MEMBERS.list("list", 1));
    assertThrows(MalformedException.class, () -> MEMBERS.list("number", 2));
  }
}
