package dev.glasshouse.vm.sandbox;

import dev.glasshouse.calllog.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

  /** What a fork hears that wants to wait; null lets its time pass at once. */
  HostReply waitReply;

  private long outsideTime = 1_700_000_000_000L;
  HostReply fetchReply = HostReply.error("TypeError", "nobody answers");

  /** Answers of oracles: recorded when live, played back when {@link #playing}. */
  final List<String> answers = new ArrayList<>();

  private boolean playing;
  private int played;
  private int entropy = 1;
  private final Script script;

  /** What the guest's clock shows. */
  long time = TIME;

  private Guest(Script script, long heap) {
    this.script = script;
    sandbox = OnSandboxThread.engine().open(GuestImage.bundled(), heap, STACK);
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

  /** A module of several CommonJS files. */
  static Guest folder(String main, Map<String, String> files) {
    return new Guest(new Script(main, Script.Kind.COMMONJS, new TreeMap<>(files)), HEAP);
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
    return sandbox.run(Turn.call(method, "ann", "[" + params + "]"), time, fuel, this);
  }

  /** The guest's answer, or the trap's name. */
  String call(String method, String params) {
    Reply reply = reply(method, params);
    return reply.trap() == null ? reply.text() : reply.trap().text();
  }

  String call(String method) {
    return call(method, "");
  }

  /** A turn that is no call, at this time. */
  String turn(Turn turn) {
    Reply reply = sandbox.run(turn, time, FUEL, this);
    return reply.trap() == null ? reply.text() : reply.trap().text();
  }

  /** Calls, and lets the time pass until the call has settled. */
  String wait(String method, String params) {
    String answer = call(method, params);
    while (answer.startsWith("w")) {
      time = Long.parseLong(answer.substring(1));
      answer = turn(Turn.FIRE);
    }
    return answer;
  }

  /** The same without the time that the next timer is due at. */
  static String outcome(String answer) {
    return answer.startsWith("t") ? answer.substring(answer.indexOf(';') + 1) : answer;
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
        byte[] bytes = new byte[text.isEmpty() ? 16 : Integer.parseInt(text)];
        Arrays.fill(bytes, (byte) (fork ? 99 : entropy++));
        return HostReply.bytes(bytes);
      }
      case FETCH -> {
        return fork ? fetchReply : HostReply.error("OutsideError", "not here");
      }
      case RESOLVE -> {
        return resolve(text, new String(body, StandardCharsets.UTF_8));
      }
      case SOURCE -> {
        return source(text, body.length > 0);
      }
      case WAIT -> {
        if (waitReply != null && !text.equals("0")) {
          return waitReply;
        }
        outsideTime = Math.max(outsideTime, Long.parseLong(text));
        return HostReply.text(Long.toString(outsideTime));
      }
      default -> {
        return HostReply.NONE;
      }
    }
  }

  // Only what the tests ask for: a file beside the importing one, or below it.
  private HostReply resolve(String from, String specifier) {
    String path =
        from.substring(0, from.lastIndexOf('/') + 1) + specifier.replaceFirst("^\\./", "");
    return specifier.startsWith("./") && script.files().containsKey(path)
        ? HostReply.text(path)
        : HostReply.error("ModuleNotFoundError", "no " + specifier + " from " + from);
  }

  private HostReply source(String path, boolean imported) {
    String source = script.files().get(path);
    if (imported) {
      return HostReply.text(source);
    }
    String body = path.endsWith(".json") ? "module.exports = (" + source + "\n)" : source;
    return HostReply.script(path, Script.commonjs(body));
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
