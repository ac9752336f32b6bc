package dev.glasshouse.vm;

/** Where {@code console.*} of a module goes: the host's own log, never the call log. */
public interface Console {
  /** Drops every line, for replays. */
  Console NONE = (level, line) -> {};

  /**
   * One line.
   *
   * @param level {@code debug}, {@code info}, {@code warn} or {@code error}
   */
  void line(String level, String line);
}
