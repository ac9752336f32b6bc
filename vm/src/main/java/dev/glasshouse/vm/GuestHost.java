package dev.glasshouse.vm;

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

/** The host functions during one entry, for every engine, live and on replay. */
final class GuestHost implements HostCalls {
  private static final int ENTROPY_BYTES = 16;
  private static final Hash ENTROPY_REQUEST = Hash.of("entropy " + ENTROPY_BYTES);
  private static final HexFormat HEX = HexFormat.of();

  private final Archive archive;
  private final Limits limits;
  private final InputTape tape;
  private final Outside outside;
  private final Console console;
  private final Map<Hash, byte[]> newBlobs;

  GuestHost(
      Archive archive,
      Limits limits,
      InputTape tape,
      Outside outside,
      Console console,
      Map<Hash, byte[]> newBlobs) {
    this.archive = archive;
    this.limits = limits;
    this.tape = tape;
    this.outside = outside;
    this.console = console;
    this.newBlobs = newBlobs;
  }

  // The source of the oracle that a fork is running, between ORACLE and ORACLE_RESULT.
  private String oracle;

  @Override
  public HostReply answer(HostOp op, String text, byte[] body, boolean fork) {
    return switch (op) {
      case FILE -> FileCalls.answer(archive, text, body, fork);
      case ENTROPY -> entropy(fork);
      case LOG -> {
        console.line(text, new String(body, StandardCharsets.UTF_8));
        yield HostReply.NONE;
      }
      case ORACLE -> fork ? outsideOnly("System.oracle") : oracle(text);
      case ORACLE_RESULT -> oracleResult(new String(body, StandardCharsets.UTF_8));
      case FETCH -> fork ? fetch(text, body) : outsideOnly("fetch");
      case CALL -> outsideOnly("calling another module");
      default -> throw new IllegalStateException("no host function " + op);
    };
  }

  private HostReply entropy(boolean fork) {
    if (fork) {
      return HostReply.bytes(outside.entropy(ENTROPY_BYTES));
    }
    if (tape.isFull()) {
      return tooManyInputs();
    }
    String hex =
        tape.next(
            Input.ENTROPY,
            ENTROPY_REQUEST,
            newBlobs,
            () -> HEX.formatHex(outside.entropy(ENTROPY_BYTES)));
    if (hex.length() != 2 * ENTROPY_BYTES || !hex.chars().allMatch(HexFormat::isHexDigit)) {
      throw new InputMismatchException("an entropy input is not 32 hex digits");
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
    if (answer.isEmpty()) {
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

  private HostReply fetch(String request, byte[] body) {
    try {
      return HostReply.bytes(outside.fetch(request, body));
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
        "more than " + Input.MAX_PER_ENTRY + " oracle answers and random seeds in one request");
  }
}
