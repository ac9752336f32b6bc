package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.rpc.ModuleSettings;
import dev.glasshouse.rpc.Mount;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The modules of one host start side by side, and all or none are left. */
@Timeout(60)
final class ModulesTest {
  private static final String GOOD = "exports.a = () => 1";
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path dir;
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  private Modules.Planned plan(String name, String source) {
    ModuleSettings settings =
        new ModuleSettings(
            name, false, UnaryOperator.identity(), ModuleSettings.DEFAULT_QUEUE, 0, 0);
    return new Modules.Planned(
        name,
        new ModulePlace(name, dir.resolve(name)),
        List.of(new Script(name + ".js", Script.Kind.COMMONJS, source)),
        settings);
  }

  private Modules start(List<Modules.Planned> plans, Modules.Keys keys) throws Exception {
    return Modules.start(
        plans, V8Engine.instance(), keys, RANDOM, why -> told.add(Sentence.of(why)));
  }

  private static Identity key(ModulePlace place) throws IOException {
    return place.identity(RANDOM, new PrintWriter(new StringWriter()));
  }

  @Test
  void noneWaitsForAnother() throws Exception {
    List<Modules.Planned> plans =
        List.of(plan("one", GOOD), plan("two", GOOD), plan("three", GOOD));
    CyclicBarrier all = new CyclicBarrier(plans.size());
    Modules.Keys keys =
        place -> {
          try {
            // Nobody passes before all have come.
            int unused = all.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IOException("not all start", e);
          }
          return key(place);
        };
    try (Modules modules = start(plans, keys)) {
      List<String> names = modules.mounts().stream().map(Mount::name).toList();
      assertEquals(List.of("one", "two", "three"), names, "in the order in which they were given");
      assertTrue(told.isEmpty());
    }
  }

  @Test
  void eachThatDoesNotStartIsNamedAndNoneIsLeft() throws Exception {
    List<Modules.Planned> plans =
        List.of(plan("bad", "no.such()"), plan("good", GOOD), plan("keyless", GOOD));
    Modules.Keys keys =
        place -> {
          if (place.name().equals("keyless")) {
            throw new CommandException(1, "no key");
          }
          return key(place);
        };
    CommandException none = assertThrows(CommandException.class, () -> start(plans, keys));
    assertEquals("Nothing is served.", none.getMessage());
    assertEquals(2, told.size(), told.toString());
    Collections.sort(told);
    assertTrue(told.get(0).startsWith("cannot serve bad: bad.js:1:"), told.toString());
    assertEquals("cannot serve keyless: no key", told.get(1));
    // What was left running would have its store open.
    try (Modules again = start(List.of(plans.get(1)), ModulesTest::key)) {
      assertEquals("good", again.mounts().get(0).name());
    }
  }

  @Test
  void oneThatIsAloneIsToldByItsFailure() {
    CommandException named =
        assertThrows(
            CommandException.class,
            () -> start(List.of(plan("bad", "no.such()")), ModulesTest::key));
    assertTrue(named.getMessage().startsWith("cannot serve bad: "), named.getMessage());
    assertTrue(told.isEmpty());
  }
}
