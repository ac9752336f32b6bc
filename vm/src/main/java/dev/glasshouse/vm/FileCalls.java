package dev.glasshouse.vm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.vm.archive.Archive;
import dev.glasshouse.vm.archive.FileException;
import dev.glasshouse.vm.archive.Stat;
import dev.glasshouse.vm.sandbox.HostReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@code System.files} as the guest asks for it: {@code [operation, arguments…]} and a body. */
final class FileCalls {
  // A path of any length is refused for its length, as one that is too long by a little.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();
  private static final Set<String> READS =
      Set.of("readText", "readJson", "readBytes", "stat", "readdir", "decode");

  private FileCalls() {}

  /**
   * Performs one operation.
   *
   * @param readOnly true inside an oracle, whose writes would be thrown away with its fork
   */
  static HostReply answer(Archive archive, String call, byte[] body, boolean readOnly) {
    try {
      List<Object> args = parse(call);
      String operation = text(args, 0);
      if (readOnly && !READS.contains(operation)) {
        return HostReply.error(
            "OutsideError", "files cannot be changed inside System.oracle, only read");
      }
      return perform(archive, operation, args, body);
    } catch (FileException e) {
      return HostReply.error(e.name(), e.getMessage());
    }
  }

  private static HostReply perform(
      Archive archive, String operation, List<Object> args, byte[] body) throws FileException {
    return switch (operation) {
      case "readText" -> HostReply.text(LossyUtf8.decode(archive.readFile(text(args, 1))));
      case "readJson" -> readJson(archive, text(args, 1));
      case "readBytes" -> HostReply.bytes(archive.readFile(text(args, 1)));
      case "stat" -> HostReply.text(stat(archive.stat(text(args, 1))));
      case "readdir" -> {
        List<String> names = archive.readdir(text(args, 1), flag(args, 2));
        yield HostReply.text(new String(CanonicalJson.format(names), StandardCharsets.UTF_8));
      }
      case "decode" -> HostReply.text(LossyUtf8.decode(body));
      default -> {
        change(archive, operation, args, body);
        yield HostReply.NONE;
      }
    };
  }

  private static void change(Archive archive, String operation, List<Object> args, byte[] body)
      throws FileException {
    switch (operation) {
      case "write" -> archive.writeFile(text(args, 1), body);
      case "mkdir" -> archive.mkdir(text(args, 1));
      case "unlink" -> archive.unlink(text(args, 1));
      case "rmdir" -> archive.rmdir(text(args, 1), flag(args, 2));
      case "rename" -> archive.rename(text(args, 1), text(args, 2));
      case "copy" -> archive.copy(text(args, 1), text(args, 2));
      default -> throw new FileException("TypeError", "there is no file operation " + operation);
    }
  }

  private static HostReply readJson(Archive archive, String path) throws FileException {
    try {
      return HostReply.text(LossyUtf8.decode(archive.readFile(path)));
    } catch (FileException e) {
      if (e.name().equals("NotFoundError")) {
        return HostReply.NONE;
      }
      throw e;
    }
  }

  private static String stat(Stat stat) {
    Map<String, Object> map = new TreeMap<>();
    map.put("size", stat.size());
    map.put("type", stat.sha256().isPresent() ? "file" : "directory");
    stat.sha256().ifPresent(sha256 -> map.put("sha256", sha256.hex()));
    return new String(CanonicalJson.format(map), StandardCharsets.UTF_8);
  }

  private static List<Object> parse(String call) throws FileException {
    List<Object> args = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(call)) {
      if (parser.nextToken() == JsonToken.START_ARRAY) {
        for (JsonToken token = parser.nextToken();
            token != JsonToken.END_ARRAY;
            token = parser.nextToken()) {
          args.add(token == JsonToken.VALUE_TRUE ? true : parser.getText());
        }
      }
    } catch (IOException e) {
      throw new FileException("TypeError", "a file operation is malformed");
    }
    return args;
  }

  private static String text(List<Object> args, int at) throws FileException {
    if (at >= args.size() || !(args.get(at) instanceof String)) {
      throw new FileException("TypeError", "a file operation lacks an argument");
    }
    return (String) args.get(at);
  }

  private static boolean flag(List<Object> args, int at) {
    return at < args.size() && Boolean.TRUE.equals(args.get(at));
  }
}
