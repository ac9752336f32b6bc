package dev.glasshouse.vm.sandbox;

import dev.glasshouse.calllog.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A guest under test with a host of its own: one that keeps what it was asked, runs oracles, gives
 * the same entropy each time, and holds files as the test tells it to.
 */
final class Guest implements HostCalls, AutoCloseable {
  static final long FUEL = 300;
  static final long HEAP = 64L << 20;
  static final long STACK = 900_000;
  static final String ENDED = "se[\"Error\",\"the oracle ended\"]";
  static final long TIME = 1_700_000_000_000L;

  /** One thing that the guest asked for. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Asked(HostOp op, String text, byte[] body, boolean fork) {
    String bodyText() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  final Sandbox sandbox;
  final List<Asked> asked = new ArrayList<>();
  final Reply loaded;
  HostReply fileReply = HostReply.NONE;
  HostReply fetchReply = HostReply.error("TypeError", "nobody answers");

  /** Answers of oracles: recorded when live, played back when {@link #playing}. */
  final List<String> answers = new ArrayList<>();

  private boolean playing;
  private int played;
  private int entropy = 1;

  private Guest(Script script, long heap) {
    sandbox = V8Engine.instance().open(GuestImage.bundled(), heap, STACK);
    loaded = sandbox.load(script, TIME, FUEL, this);
  }

  static Guest commonjs(String source) {
    return new Guest(new Script("test.js", Script.Kind.COMMONJS, source), HEAP);
  }

  static Guest commonjs(String source, long heap) {
    return new Guest(new Script("test.js", Script.Kind.COMMONJS, source), heap);
  }

  static Guest module(String source) {
    return new Guest(new Script("test.mjs", Script.Kind.MODULE, source), HEAP);
  }

  /** A guest whose oracles do not run but answer what those of another did. */
  Guest playing(List<String> recorded) {
    answers.addAll(recorded);
    playing = true;
    return this;
  }

  Reply reply(String method, String params) {
    return reply(method, params, FUEL);
  }

  Reply reply(String method, String params, long fuel) {
    String request =
        "{\"caller\":\"ann\",\"method\":\"" + method + "\",\"params\":[" + params + "]}";
    return sandbox.call(request.getBytes(StandardCharsets.UTF_8), TIME, fuel, this);
  }

  /** The guest's answer, or the trap's name. */
  String call(String method, String params) {
    Reply reply = reply(method, params);
    return reply.trap() == null ? reply.text() : reply.trap().text();
  }

  String call(String method) {
    return call(method, "");
  }

  Hash memoryHash() {
    HeapImage image = sandbox.image();
    return Hash.of(image.memory(), image.pointers().getBytes(StandardCharsets.UTF_8));
  }

  List<String> lines() {
    return asked.stream()
        .filter(a -> a.op() == HostOp.LOG)
        .map(a -> a.text() + " " + a.bodyText())
        .toList();
  }

  @Override
  public HostReply answer(HostOp op, String text, byte[] body, boolean fork) {
    asked.add(new Asked(op, text, body, fork));
    switch (op) {
      case FILE -> {
        return fileReply;
      }
      case ORACLE -> {
        if (fork) {
          return HostReply.error("OutsideError", "not here");
        }
        return playing ? HostReply.text(answers.get(played++)) : HostReply.runFork();
      }
      case ORACLE_RESULT -> {
        String answer = new String(body, StandardCharsets.UTF_8);
        answers.add(answer.isEmpty() ? ENDED : answer);
        return HostReply.text(answers.get(answers.size() - 1));
      }
      case ENTROPY -> {
        byte[] bytes = new byte[16];
        Arrays.fill(bytes, (byte) (fork ? 99 : entropy++));
        return HostReply.bytes(bytes);
      }
      case FETCH -> {
        return fork ? fetchReply : HostReply.error("OutsideError", "not here");
      }
      default -> {
        return HostReply.NONE;
      }
    }
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
