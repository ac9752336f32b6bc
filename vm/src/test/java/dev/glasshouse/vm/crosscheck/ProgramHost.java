package dev.glasshouse.vm.crosscheck;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.sandbox.HostCalls;
import dev.glasshouse.vm.sandbox.HostOp;
import dev.glasshouse.vm.sandbox.HostReply;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The host of one program: files in a map, entropy from a seed, oracles that run. Its answers
 * depend on the seed and on what was asked before, so that what differs comes from the engine.
 */
final class ProgramHost implements HostCalls {
  private final Random entropy;
  private final long seed;
  private Map<String, byte[]> files = new TreeMap<>();
  private Map<String, byte[]> kept = new TreeMap<>();
  private Hash asked = Hash.of("");

  ProgramHost(long seed) {
    this.seed = seed;
    this.entropy = new Random(seed);
  }

  /** Begins a turn, which {@link #undo} would take back. */
  void begin(int turn) {
    kept = new TreeMap<>(files);
    entropy.setSeed(seed * 1009 + turn);
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
    byte[] head = (op + " " + fork + " " + text + "\n").getBytes(StandardCharsets.UTF_8);
    asked = Hash.of(asked.bytes(), head, body);
    return switch (op) {
      case FILE -> file(text, body);
      case ENTROPY -> entropy(text);
      case LOG -> HostReply.NONE;
      case ORACLE -> fork ? HostReply.error("OutsideError", "not here") : HostReply.runFork();
      case ORACLE_RESULT -> HostReply.text(oracleResult(body));
      default -> HostReply.error("OutsideError", "not here");
    };
  }

  // Only an oracle waits, and its clock is the outside's. The answer is the time then.
  private static HostReply waited(long due) {
    long now = System.currentTimeMillis();
    while (now < due) {
      LockSupport.parkNanos((due - now) * 1_000_000);
      now = System.currentTimeMillis();
    }
    return HostReply.text(Long.toString(now));
  }

  private HostReply entropy(String text) {
    byte[] bytes = new byte[text.isEmpty() ? 16 : Integer.parseInt(text)];
    entropy.nextBytes(bytes);
    return HostReply.bytes(bytes);
  }

  private static String oracleResult(byte[] body) {
    return body.length == 0
        ? "se[\"Error\",\"the oracle ended\"]"
        : new String(body, StandardCharsets.UTF_8);
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
