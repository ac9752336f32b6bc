import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import run.endive.build.time.compiler.Config;
import run.endive.build.time.compiler.Generator;
import run.endive.compiler.InterpreterFallback;

/**
 * Run by the build: compiles quickjs.wasm to JVM bytecode, as endive-compiler-maven-plugin does, and
 * notes which file that was. Arguments: the WebAssembly file, the directory for classes, the name of
 * the module. The classes are the name with "Machine…"; name.meta is what Endive needs of the file
 * besides, and name.sha256 the hash of the file in hex.
 */
final class CompileInterpreter {
  // The names of functions that do not fit into a method of the JVM, and are to be interpreted by
  // Endive. There are none: the largest, JS_CallInternal, takes 52,110 of the 65,535 bytes.
  private static final Set<Integer> INTERPRETED = Set.of();

  private CompileInterpreter() {}

  public static void main(String[] arguments) throws IOException, NoSuchAlgorithmException {
    Path wasm = Path.of(arguments[0]);
    Path classes = Path.of(arguments[1]);
    String name = arguments[2];
    Generator generator =
        new Generator(
            Config.builder()
                .withWasmFile(wasm)
                .withName(name)
                .withTargetClassFolder(classes)
                .withTargetSourceFolder(classes)
                .withTargetWasmFolder(classes)
                .withInterpreterFallback(InterpreterFallback.FAIL)
                .withInterpretedFunctions(INTERPRETED)
                .build());
    generator.generateMetaWasm(generator.generateResources());
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(wasm));
    // Last: the build takes this file as the sign that all others are there.
    Files.writeString(
        classes.resolve(name.replace('.', '/') + ".sha256"), HexFormat.of().formatHex(hash) + "\n");
  }
}
