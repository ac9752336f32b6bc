package dev.glasshouse.vm.sandbox;

import com.caoccao.javet.enums.JSRuntimeType;
import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.loader.JavetLibLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The engines of this build. Which of them runs a guest makes no difference to it but in speed. */
public final class Engines {
  private static final String V8 = "v8";
  private static final String ENDIVE = "endive";

  private Engines() {}

  /** What {@link #named} takes. */
  public static List<String> names() {
    return List.of(V8, ENDIVE);
  }

  /**
   * The engine of that name.
   *
   * @throws IllegalArgumentException if there is none
   * @throws SandboxFailure if its native library does not load here
   */
  public static SandboxEngine named(String name) {
    return switch (name) {
      case V8 -> v8();
      case ENDIVE -> EndiveEngine.instance();
      default ->
          throw new IllegalArgumentException(
              "no engine is called " + name + "; there are " + String.join(" and ", names()));
    };
  }

  /**
   * The fastest engine that runs here.
   *
   * @param warn is told, in one line, if that is not V8
   */
  public static SandboxEngine preferred(Consumer<String> warn) {
    return preferred(Engines::v8, warn);
  }

  // Loads V8's library, which takes its flags before that, from the engine's constructor.
  private static SandboxEngine v8() {
    try {
      requireLibrary(new JavetLibLoader(JSRuntimeType.V8));
      SandboxEngine engine = V8Engine.instance();
      V8Host host = V8Host.getV8Instance();
      if (!host.isLibraryLoaded()) {
        throw new SandboxFailure("V8 does not load", host.getLastException());
      }
      return engine;
    } catch (JavetException | LinkageError e) {
      throw new SandboxFailure("V8 does not load: " + e.getMessage(), e);
    }
  }

  // Javet itself tells standard error at length when it has none. It looks in the directory that it
  // is told, or else on the class path.
  private static void requireLibrary(JavetLibLoader loader) throws JavetException {
    String directory = System.getProperty("javet.lib.loading.path");
    if (directory == null) {
      loader.getResourceFileName();
    } else if (!Files.isReadable(Path.of(directory, loader.getLibFileName()))) {
      throw new SandboxFailure(
          "V8 does not load: " + directory + " lacks " + loader.getLibFileName());
    }
  }

  static SandboxEngine preferred(Supplier<SandboxEngine> fastest, Consumer<String> warn) {
    try {
      return fastest.get();
    } catch (SandboxFailure e) {
      warn.accept(
          "scripts run on the JVM alone, 20 to 60 times slower than on V8: " + e.getMessage());
      return EndiveEngine.instance();
    }
  }
}
