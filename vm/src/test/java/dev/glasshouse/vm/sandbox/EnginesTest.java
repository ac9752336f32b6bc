package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which engine runs, and what is said of it. */
class EnginesTest {
  private final List<String> warnings = new ArrayList<>();

  @Test
  void everyNameIsThatOfItsEngine() {
    for (String name : Engines.names()) {
      assertEquals(name, Engines.named(name).name());
      assertSame(Engines.named(name), Engines.named(name));
    }
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Engines.named("V8"));
    assertEquals("no engine is called V8; there are v8 and endive", e.getMessage());
  }

  @Test
  void v8IsPreferredWithoutAWord() {
    assertEquals("v8", Engines.preferred(warnings::add).name());
    assertTrue(warnings.isEmpty(), warnings.toString());
  }

  @Test
  void withoutV8ScriptsRunOnTheJvmWithOneWarning() {
    SandboxEngine engine =
        Engines.preferred(
            () -> {
              throw new SandboxFailure("V8 does not load: no library for this platform");
            },
            warnings::add);
    assertEquals("endive", engine.name());
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.get(0).contains("slower"), warnings.get(0));
    assertTrue(warnings.get(0).contains("no library for this platform"), warnings.get(0));
  }
}
