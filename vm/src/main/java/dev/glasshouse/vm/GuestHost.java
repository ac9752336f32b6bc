package dev.glasshouse.vm;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.vm.archive.Archive;
import dev.glasshouse.vm.sandbox.HostCalls;
import dev.glasshouse.vm.sandbox.HostOp;
import dev.glasshouse.vm.sandbox.HostReply;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Supplier;

/** The host functions during one entry, for every engine, live and on replay. */
final class GuestHost implements HostCalls {
  /** Bytes of entropy that one question may ask for, as Web Crypto has it. */
  private static final int MAX_ENTROPY = 65_536;

  private static final HexFormat HEX = HexFormat.of();

  private final Archive archive;
  private final ModuleFiles files;
  private final Limits limits;
  private final InputTape tape;
  private final Outside outside;
  private final Console console;
  private final Watch watch;
  private final Map<Hash, byte[]> newBlobs;

  // The source of the oracle that a fork is running, between ORACLE and ORACLE_RESULT.
  private String oracle;
  // Until when oracles of this entry may wait, from the first time that one does; then whether one
  // was told to wait no longer.
  private long waitEnd = -1;
  private boolean waitedTooLong;

  GuestHost(
      Archive archive,
      ModuleFiles files,
      Limits limits,
      InputTape tape,
      Outside outside,
      Console console,
      Watch watch,
      Map<Hash, byte[]> newBlobs) {
    this.archive = archive;
    this.files = files;
    this.limits = limits;
    this.tape = tape;
    this.outside = outside;
    this.console = console;
    this.watch = watch;
    this.newBlobs = newBlobs;
  }

  @Override
  public HostReply answer(HostOp op, String text, byte[] body, boolean fork) {
    return switch (op) {
      case FILE -> FileCalls.answer(archive, text, body, fork);
      case ENTROPY -> entropy(text, fork);
      case LOG -> {
        console.line(text, new String(body, StandardCharsets.UTF_8));
        yield HostReply.NONE;
      }
      case ORACLE -> fork ? outsideOnly("System.oracle") : oracle(text);
      case ORACLE_RESULT -> oracleResult(new String(body, StandardCharsets.UTF_8));
      case FETCH -> fork ? fetch(text, body) : outsideOnly("fetch");
      case WAIT -> fork ? oracleWaits(text) : outsideOnly("waiting");
      case RESOLVE -> files.resolve(text, new String(body, StandardCharsets.UTF_8));
      case SOURCE -> body.length == 0 ? files.required(text) : files.imported(text);
      case CALL -> outsideOnly("calling another module");
    };
  }

  /** Whether the entry can hold no more inputs. */
  boolean isFull() {
    return tape.isFull();
  }

  /**
   * Lets a call wait for a timer.
   *
   * @return the time then, not before {@code due}
   */
  long waitUntil(long due) {
    String answer =
        tape.next(
            Input.TIMER,
            Hash.of("timer " + due),
            newBlobs,
            () -> Long.toString(unwatched(() -> outside.waitUntil(due))));
    long time = decimal(answer);
    if (time < due || time > CanonicalJson.MAX_INTEGER) {
      throw new InputMismatchException(
          "a timer input gives the time " + answer + ", the timer is due at " + due);
    }
    return time;
  }

  private HostReply entropy(String asked, boolean fork) {
    int count = Integer.parseInt(asked);
    if (count < 1 || count > MAX_ENTROPY) {
      return HostReply.error(
          "QuotaExceededError",
          "at most " + MAX_ENTROPY + " random bytes can be asked for at once");
    }
    if (fork) {
      return HostReply.bytes(outside.entropy(count));
    }
    if (tape.isFull()) {
      return tooManyInputs();
    }
    String hex =
        tape.next(
            Input.ENTROPY,
            Hash.of("entropy " + count),
            newBlobs,
            () -> HEX.formatHex(outside.entropy(count)));
    if (hex.length() != 2 * count || !hex.chars().allMatch(GuestHost::isLowerHex)) {
      throw new InputMismatchException("an entropy input is not " + 2 * count + " hex digits");
    }
    return HostReply.bytes(HEX.parseHex(hex));
  }

  private HostReply oracle(String source) {
    if (tape.isFull()) {
      return tooManyInputs();
    }
    if (tape.isLive()) {
      oracle = source;
      return HostReply.runFork();
    }
    return HostReply.text(tape.next(Input.ORACLE, Hash.of(source), newBlobs, null));
  }

  private HostReply oracleResult(String answered) {
    String answer = answered;
    if (waitedTooLong) {
      answer =
          "ae[\"TimeoutError\",\"the oracle waited for more than " + limits.waiting() + " ms\"]";
      waitedTooLong = false;
    } else if (answer.isEmpty()) {
      answer = "se[\"Error\",\"the oracle ran out of fuel or memory\"]";
    } else if (answer.getBytes(StandardCharsets.UTF_8).length > limits.result()) {
      answer =
          "se[\"RangeError\",\"the oracle's answer is over the limit of "
              + limits.result()
              + " bytes\"]";
    }
    String captured = answer;
    return HostReply.text(tape.next(Input.ORACLE, Hash.of(oracle), newBlobs, () -> captured));
  }

  // The time then. All oracles of an entry share one allowance, for whoever waits, waits under the
  // lock.
  private HostReply oracleWaits(String asked) {
    long due = decimal(asked);
    if (waitEnd < 0) {
      waitEnd = outside.waitUntil(0) + limits.waiting();
    }
    if (due > waitEnd) {
      waitedTooLong = true;
      return HostReply.error("TimeoutError", "waited too long");
    }
    return HostReply.text(Long.toString(unwatched(() -> outside.waitUntil(due))));
  }

  private <T> T unwatched(Supplier<T> question) {
    watch.pause();
    try {
      return question.get();
    } finally {
      watch.resume();
    }
  }

  private static long decimal(String text) {
    if (!text.matches("0|[1-9][0-9]{0,14}")) {
      throw new InputMismatchException("a timer input is not a time: " + text);
    }
    return Long.parseLong(text);
  }

  private static boolean isLowerHex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  private HostReply fetch(String request, byte[] body) {
    try {
      return HostReply.bytes(unwatched(() -> outside.fetch(request, body)));
    } catch (OutsideException e) {
      return HostReply.error("TypeError", e.getMessage());
    }
  }

  private static HostReply outsideOnly(String what) {
    return HostReply.error("OutsideError", what + " is not available here");
  }

  private static HostReply tooManyInputs() {
    return HostReply.error(
        "RangeError",
        "more than "
            + Input.MAX_PER_ENTRY
            + " oracle answers, random seeds and waits in one request");
  }
}
