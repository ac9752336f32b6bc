package dev.glasshouse.vm.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A module's sources as the interpreter evaluates them.
 *
 * @param main the path of the file that is loaded, as stack traces show it
 * @param kind how it exports
 * @param files every file of the module by its path ({@code /}-separated, relative), each as its
 *     author wrote it
 */
public record Script(String main, Kind kind, SortedMap<String, String> files) {
  /** How a module exports its methods. */
  public enum Kind {
    /** {@code exports.x = …} or {@code module.exports = …}. */
    COMMONJS("commonjs", 0),
    /** {@code export function …}. */
    MODULE("module", 1),
    /** A line at a prompt: its declarations stay, its value is kept, it may await. */
    LINE("line", 128);

    private final String text;
    private final int evalFlags;

    Kind(String text, int evalFlags) {
      this.text = text;
      this.evalFlags = evalFlags;
    }

    /** The interpreter's flags for evaluating it. */
    int evalFlags() {
      return evalFlags;
    }

    /** The name a genesis entry uses. */
    public String text() {
      return text;
    }
  }

  // On the first line, so that line numbers are the author's; only the columns of line 1 are
  // shifted.
  private static final String COMMONJS_HEAD =
      "(function (exports, require, module, __filename, __dirname) {";
  private static final String COMMONJS_TAIL = "\n})";

  public Script {
    if (!files.containsKey(main)) {
      throw new IllegalArgumentException("the module has no file " + main);
    }
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** A module of one file. */
  public Script(String name, Kind kind, String source) {
    this(name, kind, new TreeMap<>(Map.of(name, source)));
  }

  /** The source of the file that is loaded. */
  public String source() {
    return files.get(main);
  }

  /** The column as the author's editor counts it, from 1. */
  public int authorColumn(int line, int column) {
    boolean shifted = kind == Kind.COMMONJS && line == 1;
    return shifted ? Math.max(1, column - COMMONJS_HEAD.length()) : column;
  }

  byte[] evaluated() {
    String text = kind == Kind.COMMONJS ? commonjs(source()) : source();
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The function whose body a CommonJS file is. */
  public static String commonjs(String source) {
    return COMMONJS_HEAD + source + COMMONJS_TAIL;
  }
}
