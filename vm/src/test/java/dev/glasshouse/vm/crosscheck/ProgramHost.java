package dev.glasshouse.vm.crosscheck;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.sandbox.HostCalls;
import dev.glasshouse.vm.sandbox.HostOp;
import dev.glasshouse.vm.sandbox.HostReply;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The host of one program: files in a map, entropy from a seed, oracles that run and whose answers
 * are then made up, as they depend on the clock outside. Its answers depend on the seed and on what
 * was asked before, so that what differs comes from the engine.
 */
final class ProgramHost implements HostCalls {
  private final Random entropy;
  private final long seed;
  private Map<String, byte[]> files = new TreeMap<>();
  private Map<String, byte[]> kept = new TreeMap<>();
  private Hash asked = Hash.of("");
  private int oracles;

  ProgramHost(long seed) {
    this.seed = seed;
    this.entropy = new Random(seed);
  }

  /** Begins a turn, which {@link #undo} would take back. */
  void begin(int turn) {
    kept = new TreeMap<>(files);
    entropy.setSeed(seed * 1009 + turn);
    oracles = turn;
    asked = Hash.of("");
  }

  void undo() {
    files = kept;
  }

  /** The hash of everything that the guest has asked for since {@link #begin}. */
  Hash asked() {
    return asked;
  }

  @Override
  public HostReply answer(HostOp op, String text, byte[] body, boolean fork) {
    if (op == HostOp.WAIT) {
      return waited(Long.parseLong(text));
    }
    if (op == HostOp.ORACLE_RESULT) {
      return HostReply.text(oracleResult());
    }
    if (fork && op != HostOp.LOG) {
      return HostReply.error("OutsideError", "not here");
    }
    if (!fork) {
      byte[] head = (op + " " + text + "\n").getBytes(StandardCharsets.UTF_8);
      asked = Hash.of(asked.bytes(), head, body);
    }
    return switch (op) {
      case FILE -> file(text, body);
      case ENTROPY -> entropy(text);
      case LOG -> HostReply.NONE;
      case ORACLE -> HostReply.runFork();
      default -> HostReply.error("OutsideError", "not here");
    };
  }

  // Only an oracle waits, and its clock is the outside's: that goes to when it waits for.
  private static HostReply waited(long due) {
    return HostReply.text(Long.toString(Math.max(System.currentTimeMillis(), due)));
  }

  private HostReply entropy(String text) {
    byte[] bytes = new byte[text.isEmpty() ? 16 : Integer.parseInt(text)];
    entropy.nextBytes(bytes);
    return HostReply.bytes(bytes);
  }

  // At once or by a promise, a value or an error.
  private String oracleResult() {
    int answer = Math.floorMod(seed + oracles++, 4);
    String kind = answer < 2 ? "s" : "a";
    return kind + (answer == 1 ? "e[\"RangeError\",\"outside\"]" : "v[" + seed + ",\"outside\"]");
  }

  // The request is [operation, path, …] in JSON; the grammar's paths need no unescaping.
  private HostReply file(String request, byte[] body) {
    String[] words = request.split("\"", -1);
    String operation = words[1];
    String path = words.length > 3 ? words[3] : "";
    if (operation.equals("write")) {
      files.put(path, body);
      return HostReply.NONE;
    }
    if (operation.equals("readdir")) {
      return HostReply.text("[\"" + String.join("\",\"", files.keySet()) + "\"]");
    }
    byte[] content = files.get(path);
    if (content == null) {
      return HostReply.error("NotFoundError", "there is no file " + path);
    }
    return switch (operation) {
      case "readText", "readJson" -> HostReply.text(new String(content, StandardCharsets.UTF_8));
      case "readBytes" -> HostReply.bytes(content);
      case "stat" ->
          HostReply.text(
              "{\"type\":\"file\",\"size\":"
                  + content.length
                  + ",\"sha256\":\""
                  + Hash.of(content).hex()
                  + "\"}");
      case "unlink" -> {
        files.remove(path);
        yield HostReply.NONE;
      }
      default -> HostReply.error("TypeError", "no operation " + operation);
    };
  }
}
