package dev.glasshouse.cli;

import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.HttpLogReader;
import dev.glasshouse.rpc.mirror.DirectoryLogReader;
import dev.glasshouse.rpc.mirror.StoreLogReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What a command reads a log from: {@code HOST[:PORT]}, {@code HOST:PORT/NAME} or a {@code ws:} or
 * {@code wss:} URL of a host; a directory, which is an export, a mirror, or that of a host that is
 * not running; or an {@code http:} or {@code https:} URL, at which a host or any web server
 * publishes it.
 */
final class LogSource {
  private final String text;
  private final HostAddress host;
  private final Supplier<LogReader> opening;

  private LogSource(String text, HostAddress host, Supplier<LogReader> opening) {
    this.text = text;
    this.host = host;
    this.opening = opening;
  }

  /**
   * Parses what a person types. A directory that is there wins over a host of that name.
   *
   * @throws MalformedException if it is none of the three
   */
  static LogSource parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      HttpLogReader reader = new HttpLogReader(url(text));
      return new LogSource(text, null, () -> reader);
    }
    if (isDirectory(text)) {
      Path dir = Path.of(text);
      return new LogSource(text, null, () -> directory(dir));
    }
    try {
      HostAddress address = HostAddress.parse(text);
      return new LogSource(address.toString(), address, () -> new HttpLogReader(address));
    } catch (MalformedException e) {
      throw new MalformedException(
          text
              + " is neither a host nor a directory that is there; write HOST, HOST:PORT[/NAME],"
              + " DIR or http://HOST[:PORT]/PATH",
          e);
    }
  }

  private static URI url(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new MalformedException("\"" + text + "\" is no URL: " + e.getReason(), e);
    }
  }

  private static boolean isDirectory(String text) {
    try {
      return Files.isDirectory(Path.of(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * Opens what is in a directory, as {@link #open} does.
   *
   * @throws UnreachableException if it is not there, or holds no log
   */
  static LogReader directory(Path dir) {
    if (DirectoryLogReader.isPublication(dir)) {
      return new DirectoryLogReader(dir);
    }
    if (StoreLogReader.isHostDirectory(dir)) {
      return StoreLogReader.open(dir);
    }
    throw new UnreachableException(
        Files.isDirectory(dir)
            ? dir + " is a directory, but holds no log"
            : dir + " is not a directory that is there");
  }

  /**
   * Opens it; whoever does closes the reader.
   *
   * @throws UnreachableException if it is a directory without a log
   * @throws dev.glasshouse.calllog.store.StoreFailure if it is that of a host, which has it open
   */
  LogReader open() {
    return opening.get();
  }

  /** The host, if it was named as one; null for a directory or URL. */
  HostAddress host() {
    return host;
  }

  /** What to call it. */
  @Override
  public String toString() {
    return text;
  }
}
