package dev.glasshouse.rpc;

import dev.glasshouse.vm.sandbox.Script;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A module's script as a file. */
public final class ScriptFile {
  /** Bytes of a script. */
  public static final int MAX_BYTES = 4 << 20;

  private static final Pattern MODULE_SYNTAX =
      Pattern.compile("(?m)^\\s*(export(\\s+[\\w{*]|[{*])|import(\\s+[\\w{*'\"]|[{*'\"]))");

  private ScriptFile() {}

  /**
   * Reads a script and says in which ways to try to load it: {@code .mjs} is a module, {@code .cjs}
   * is CommonJS, and {@code .js} is CommonJS unless it only parses as a module.
   *
   * @throws ModuleException if it cannot be read; the message says why
   */
  public static List<Script> read(Path file) {
    byte[] bytes;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ModuleException(file + " is over the limit of " + MAX_BYTES + " bytes");
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ModuleException(
          "cannot read the script " + file + ": " + (Files.exists(file) ? e : "no such file"), e);
    }
    String source;
    try {
      source = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ModuleException("the script " + file + " is not UTF-8 text", e);
    }
    String name = file.getFileName().toString();
    Script commonjs = new Script(name, Script.Kind.COMMONJS, source);
    Script module = new Script(name, Script.Kind.MODULE, source);
    if (name.endsWith(".mjs")) {
      return List.of(module);
    }
    if (name.endsWith(".cjs") || !MODULE_SYNTAX.matcher(source).find()) {
      return List.of(commonjs);
    }
    return List.of(commonjs, module);
  }
}
