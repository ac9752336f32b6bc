package dev.glasshouse.vm.sandbox;

import dev.glasshouse.calllog.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExportSection;

/**
 * Runs the guest interpreter as JVM bytecode, through Endive: no native code. The build compiles
 * the WebAssembly to the classes {@code QuickJsMachine…}; {@code QuickJs.meta} is what is left of
 * it: its types, tables and data.
 */
public final class EndiveEngine implements SandboxEngine {
  /** Measured: 10,000 loop turns take about 30 ms, more while the JVM is cold. */
  private static final long POLL_MILLIS = 250;

  private static final EndiveEngine INSTANCE = new EndiveEngine();

  private EndiveEngine() {}

  /** The one engine of this process. */
  public static EndiveEngine instance() {
    return INSTANCE;
  }

  @Override
  public String name() {
    return "endive";
  }

  @Override
  public long pollMillis() {
    return POLL_MILLIS;
  }

  @Override
  public Sandbox open(GuestImage image, long heapLimit, long stackLimit) {
    if (!image.interpreterHash().equals(Interpreter.HASH)) {
      throw new SandboxFailure(
          "this build compiled the interpreter "
              + Interpreter.HASH
              + " and has no other; asked for was "
              + image.interpreterHash());
    }
    return new EndiveSandbox(image, heapLimit, stackLimit);
  }

  // Of Endive's two memories the faster one. Both grow by whole pages, and neither looks at the
  // bits of a NaN.
  static Instance instantiate(ImportValues imports) {
    return Instance.builder(Interpreter.MODULE)
        .withMachineFactory(QuickJsMachine::new)
        .withMemoryFactory(ByteArrayMemory::new)
        .withImportValues(imports)
        .build();
  }

  /** The index of an exported function. */
  static int exported(String name) {
    return Interpreter.EXPORTS.get(name);
  }

  /** Read on first use. */
  private static final class Interpreter {
    static final WasmModule MODULE = Parser.parse(resource("QuickJs.meta"));
    static final Hash HASH =
        Hash.parseHex(new String(resource("QuickJs.sha256"), StandardCharsets.US_ASCII).strip());
    static final Map<String, Integer> EXPORTS = exports();

    private static Map<String, Integer> exports() {
      ExportSection section = MODULE.exportSection();
      Map<String, Integer> indexes = new HashMap<>();
      for (int i = 0; i < section.exportCount(); i++) {
        indexes.put(section.getExport(i).name(), section.getExport(i).index());
      }
      return indexes;
    }

    private static byte[] resource(String name) {
      try (InputStream in = EndiveEngine.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IllegalStateException(
              name + " is missing from this build; build with Maven, which compiles it");
        }
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
