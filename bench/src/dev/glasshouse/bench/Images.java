package dev.glasshouse.bench;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.InputTape;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.TakenImage;
import dev.glasshouse.vm.World;
import dev.glasshouse.vm.sandbox.Engines;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.SandboxThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Takes images of a small module between calls, and prints what one costs the module's thread. */
final class Images {
  private static final int IMAGES = 200;
  private static final String COUNTER = "let n = 0; exports.increment = () => ++n";

  private Images() {}

  public static void main(String[] args) throws InterruptedException {
    Thread thread = SandboxThread.create("images", Images::measure);
    thread.start();
    thread.join();
  }

  private static void measure() {
    System.out.println("| engine | pages | changed, median | image ms, median | longest ms |");
    System.out.println("|---|--:|--:|--:|--:|");
    for (String engine : Engines.names()) {
      try (Executor executor =
          new Executor(Engines.named(engine), Limits.DEFAULT, hash -> null, World.NONE)) {
        executor.load(
            new Script("counter.js", Script.Kind.COMMONJS, COUNTER), 0, InputTape.recording());
        measure(engine, executor);
      } catch (ScriptException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void measure(String engine, Executor executor) {
    List<Double> millis = new ArrayList<>();
    List<Double> changed = new ArrayList<>();
    int pages = 0;
    for (int i = 0; i < IMAGES; i++) {
      for (int call = 0; call < 20; call++) {
        executor.execute(
            null, List.of(new MethodCall("increment", "[]")), i, InputTape.recording());
      }
      long start = System.nanoTime();
      TakenImage image = executor.image(i);
      image.entry(i + 1, Hash.ZERO, i);
      millis.add((System.nanoTime() - start) / 1e6);
      changed.add((double) image.pages().fresh().size());
      pages = image.pages().pages().size();
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %.0f | %.2f | %.2f |%n",
        engine,
        pages,
        median(changed),
        median(millis),
        millis.stream().mapToDouble(m -> m).max().orElseThrow());
  }

  private static double median(List<Double> values) {
    return Load.median(values.stream().mapToDouble(value -> value).toArray());
  }
}
