package dev.glasshouse.vm;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.vm.sandbox.HostReply;
import dev.glasshouse.vm.sandbox.Script;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;

/** The files of a module, as its own imports find them. Nothing else can be imported. */
final class ModuleFiles {
  // As require does in Node: the path itself, then with each of these.
  private static final List<String> ENDINGS =
      List.of("", ".js", ".cjs", ".mjs", ".json", "/index.js", "/index.json");

  private final SortedMap<String, String> files;

  ModuleFiles(Script script) {
    this.files = script.files();
  }

  /** The path of the file that {@code specifier} means in the file {@code from}. */
  HostReply resolve(String from, String specifier) {
    String path = path(from, specifier);
    if (path == null) {
      return HostReply.error(
          "ModuleNotFoundError",
          "cannot find \""
              + specifier
              + "\": a module can import only its own files, by a path that begins with ./ or ../"
              + " and stays inside it; bundle what it needs from elsewhere");
    }
    for (String ending : ENDINGS) {
      String candidate =
          path.isEmpty() && ending.startsWith("/") ? ending.substring(1) : path + ending;
      if (files.containsKey(candidate)) {
        return HostReply.text(candidate);
      }
    }
    return HostReply.error(
        "ModuleNotFoundError",
        "cannot find \"" + specifier + "\" from " + from + ": the module has no file " + path);
  }

  /** A file for {@code import}: the text of an ES module. */
  HostReply imported(String path) {
    String source = files.get(path);
    if (source == null) {
      return missing(path);
    }
    return HostReply.text(path.endsWith(".json") ? "export default " + json(source) : source);
  }

  /** A file for {@code require}: a function whose body the file is. */
  HostReply required(String path) {
    String source = files.get(path);
    if (source == null) {
      return missing(path);
    }
    if (path.endsWith(".mjs")) {
      return HostReply.error(
          "Error", "cannot require " + path + ": it is an ES module; use import(…)");
    }
    String body = path.endsWith(".json") ? "module.exports = " + json(source) : source;
    return HostReply.script(path, Script.commonjs(body));
  }

  // Parsed as JSON, not read as a script: "__proto__" is a member like any other.
  private static String json(String source) {
    StringBuilder out = new StringBuilder("JSON.parse(");
    CanonicalJson.write(source, out);
    return out.append(')').toString();
  }

  private static HostReply missing(String path) {
    return HostReply.error("ModuleNotFoundError", "the module has no file " + path);
  }

  // Null for what is no relative path, or leads outside.
  private static String path(String from, String specifier) {
    boolean relative =
        specifier.equals(".")
            || specifier.equals("..")
            || specifier.startsWith("./")
            || specifier.startsWith("../");
    if (!relative) {
      return null;
    }
    int slash = from.lastIndexOf('/');
    String joined = slash < 0 ? specifier : from.substring(0, slash) + "/" + specifier;
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : joined.split("/", -1)) {
      if (segment.equals("..")) {
        if (segments.pollLast() == null) {
          return null;
        }
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    return String.join("/", segments);
  }
}
