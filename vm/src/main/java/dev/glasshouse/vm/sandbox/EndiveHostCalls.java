package dev.glasshouse.vm.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntFunction;
import run.endive.runtime.Memory;

/** What the guest of one {@link EndiveMachine} asks of the host. */
final class EndiveHostCalls {
  /** Kinds of replies that more than the guest looks at. */
  static final int TEXT = 1;

  static final int ERROR = 3;

  private static final int NONE = 0;
  private static final int BYTES = 2;
  private static final int SCRIPT = 5;
  private static final int CALL_TOLL = 1024;
  private static final byte[] NOTHING = {};

  private final EndiveLink link;
  private final boolean fork;
  private final Memory memory;
  private final EndiveExports js;
  private final EndiveValues values;
  private final EndiveFuel fuel;
  private final IntFunction<byte[]> runFork;

  EndiveHostCalls(
      EndiveLink link,
      boolean fork,
      Memory memory,
      EndiveExports js,
      EndiveValues values,
      EndiveFuel fuel,
      IntFunction<byte[]> runFork) {
    this.link = link;
    this.fork = fork;
    this.memory = memory;
    this.js = js;
    this.values = values;
    this.fuel = fuel;
    this.runFork = runFork;
  }

  /** (op, text, body) with a body of text or bytes; see {@link HostOp} for what each does. */
  int call(int count, int arguments) {
    HostOp op = HostOp.of((int) js.getFloat64(memory.readInt(arguments)));
    byte[] text = values.text(memory.readInt(arguments + 4));
    if (text == null) {
      return values.raise(NOTHING);
    }
    int last = count > 2 ? memory.readInt(arguments + 8) : 0;
    HostReply reply;
    if (last != 0 && js.isString(last)) {
      int at = js.getStringLen(last, values.scratch());
      if (at == 0) {
        return values.raise(NOTHING);
      }
      reply = ask(op, text, memory.readBytes(at, memory.readInt(values.scratch())));
      js.freeCstring(at);
    } else if (last != 0 && !js.isFunction(last)) {
      reply = askWithBytes(op, text, last);
    } else {
      reply = ask(op, text, NOTHING);
    }
    if (reply.isRunFork()) {
      reply = link.ask(HostOp.ORACLE_RESULT, "", runFork.apply(last), fork);
    }
    return received(reply);
  }

  private HostReply askWithBytes(HostOp op, byte[] text, int value) {
    int scratch = values.scratch();
    int buffer = js.getTypedArrayBuffer(value, scratch, scratch + 4, scratch + 8);
    if (js.isException(buffer)) {
      js.freeValue(buffer);
      js.freeValue(js.getException());
      return ask(op, text, NOTHING);
    }
    int offset = memory.readInt(scratch);
    int length = memory.readInt(scratch + 4);
    int at = js.getArrayBuffer(buffer, scratch + 12);
    HostReply reply = ask(op, text, memory.readBytes(at + offset, length));
    js.freeValue(buffer);
    return reply;
  }

  private HostReply ask(HostOp op, byte[] text, byte[] body) {
    fuel.charge(CALL_TOLL + (long) text.length + body.length);
    return link.ask(op, new String(text, UTF_8), body, fork);
  }

  // The guest's value of a reply; 0 if it is thrown.
  private int received(HostReply reply) {
    byte[] content = reply.content();
    fuel.charge(1 + content.length);
    return switch (reply.kind()) {
      case NONE -> js.dupValue(js.getUndefined());
      case TEXT -> orRaise(values.newString(content));
      case BYTES -> orRaise(values.newBytes(content));
      case ERROR -> values.raise(content);
      case SCRIPT -> script(content);
      default -> throw new SandboxFailure("the host answered with kind " + reply.kind());
    };
  }

  private int orRaise(int value) {
    return value == 0 ? values.raise(NOTHING) : value;
  }

  // The value of a script that the host gave: the length of its name, the name, the source.
  private int script(byte[] content) {
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    byte[] name = new byte[in.getInt()];
    in.get(name);
    byte[] source = new byte[in.remaining()];
    in.get(source);
    int value = values.evaluate(source, name, 0);
    return js.isException(value) ? 0 : value;
  }

  /** For {@code import}: the file that a name stands for, as zero-terminated text; 0 if thrown. */
  int resolve(int base, int name) {
    return imported(HostOp.RESOLVE, values.nameAt(base), values.nameAt(name), 0);
  }

  /** For {@code import}: a file's source as zero-terminated text, its length; 0 if thrown. */
  int source(int name, int lengthAt) {
    return imported(HostOp.SOURCE, values.nameAt(name), "module".getBytes(US_ASCII), lengthAt);
  }

  private int imported(HostOp op, byte[] text, byte[] body, int lengthAt) {
    HostReply reply = ask(op, text, body);
    byte[] content = reply.content();
    fuel.charge(1 + content.length);
    if (reply.kind() == ERROR) {
      return values.raiseError(content);
    }
    int at = values.copyIn(content);
    if (at == 0) {
      return values.raise(NOTHING);
    }
    if (lengthAt != 0) {
      memory.writeI32(lengthAt, content.length);
    }
    return at;
  }
}
