package dev.glasshouse.vm.sandbox;

import java.nio.charset.StandardCharsets;

/**
 * A module's source as the interpreter evaluates it.
 *
 * @param name the file name that stack traces show
 * @param kind how it exports
 * @param source UTF-8 text as its author wrote it
 */
public record Script(String name, Kind kind, String source) {
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

  // On the first line, so that line numbers are the author's; the column of line 1 is shifted by
  // its
  // length.
  private static final String COMMONJS_HEAD = "(function (exports, require, module) {";
  private static final String COMMONJS_TAIL = "\n})";

  /** The column as the author's editor counts it, from 1. */
  public int authorColumn(int line, int column) {
    boolean shifted = kind == Kind.COMMONJS && line == 1;
    return shifted ? Math.max(1, column - COMMONJS_HEAD.length()) : column;
  }

  byte[] evaluated() {
    String text = kind == Kind.COMMONJS ? COMMONJS_HEAD + source + COMMONJS_TAIL : source;
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
