package dev.glasshouse.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glasshouse.vm.sandbox.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A module's script as a file, or as a folder with a {@code package.json}. */
public final class ScriptFile {
  /** Bytes of all files of a script together. */
  public static final int MAX_BYTES = 4 << 20;

  private static final String PACKAGE = "package.json";
  private static final Pattern MODULE_SYNTAX =
      Pattern.compile("(?m)^\\s*(export(\\s+[\\w{*]|[{*])|import(\\s+[\\w{*'\"]|[{*'\"]))");

  // Where Node looks for the file that "main" means.
  private static final List<String> MAIN_ENDINGS =
      List.of("", ".js", ".cjs", ".mjs", "/index.js", "/index.cjs", "/index.mjs");

  private ScriptFile() {}

  /**
   * Reads a script and says in which ways to try to load it.
   *
   * <p>{@code .mjs} is a module and {@code .cjs} is CommonJS. {@code .js} is what the folder's
   * {@code package.json} says in {@code type}, and else CommonJS unless it only parses as a module.
   *
   * <p>Of a folder all {@code .js}, {@code .cjs}, {@code .mjs} and {@code .json} files are taken,
   * as {@link ScriptFolder} has it, and {@code main} of its {@code package.json} is where it
   * begins: {@code index.js} unless it says something else.
   *
   * @throws ModuleException if it cannot be read; the message says why
   */
  public static List<Script> read(Path path) {
    if (Files.isDirectory(path)) {
      SortedMap<String, String> files = ScriptFolder.read(path);
      Map<String, String> described = described(path, files);
      return kinds(main(path, files, described.get("main")), described.get("type"), files);
    }
    String source;
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new ModuleException(path + " is over the limit of " + MAX_BYTES + " bytes");
      }
      source = ScriptFolder.text(path);
    } catch (IOException e) {
      throw new ModuleException(
          "cannot read the script " + path + ": " + (Files.exists(path) ? e : "no such file"), e);
    }
    String name = path.getFileName().toString();
    return kinds(name, null, new TreeMap<>(Map.of(name, source)));
  }

  private static List<Script> kinds(String main, String type, SortedMap<String, String> files) {
    Script commonjs = new Script(main, Script.Kind.COMMONJS, files);
    Script module = new Script(main, Script.Kind.MODULE, files);
    if (main.endsWith(".mjs")) {
      return List.of(module);
    }
    if (main.endsWith(".cjs")) {
      return List.of(commonjs);
    }
    if (type != null) {
      return List.of(type.equals("module") ? module : commonjs);
    }
    boolean mayBeModule = MODULE_SYNTAX.matcher(files.get(main)).find();
    return mayBeModule ? List.of(commonjs, module) : List.of(commonjs);
  }

  private static String main(Path folder, SortedMap<String, String> files, String said) {
    String plain = said == null ? "index.js" : plain(said);
    for (String ending : MAIN_ENDINGS) {
      String name =
          plain.isEmpty() && ending.startsWith("/") ? ending.substring(1) : plain + ending;
      if (files.containsKey(name) && !name.endsWith(".json")) {
        return name;
      }
    }
    throw new ModuleException(
        said == null
            ? folder
                + " has no index.js; name the file that the module begins with as \"main\" in its"
                + " package.json"
            : folder.resolve(PACKAGE)
                + " names \""
                + said
                + "\" as \"main\", which is none of its scripts");
  }

  // ./lib//main.js/ is lib/main.js.
  private static String plain(String said) {
    List<String> segments = new ArrayList<>();
    for (String segment : said.split("/", -1)) {
      if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    return String.join("/", segments);
  }

  // The texts among the members of package.json.
  private static Map<String, String> described(Path folder, SortedMap<String, String> files) {
    Map<String, String> members = new TreeMap<>();
    String text = files.get(PACKAGE);
    if (text == null) {
      return members;
    }
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ModuleException(folder.resolve(PACKAGE) + " is no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING) {
          members.put(name, parser.getText());
        } else {
          parser.skipChildren();
        }
      }
      return members;
    } catch (IOException e) {
      throw new ModuleException(folder.resolve(PACKAGE) + " is not JSON: " + e.getMessage(), e);
    }
  }
}
