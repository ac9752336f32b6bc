package dev.glasshouse.vm.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import run.endive.runtime.Memory;

/** The values and texts of one {@link EndiveMachine}, in and out of its memory. */
final class EndiveValues {
  private static final byte[] NOTHING = {};

  private final Memory memory;
  private final EndiveExports js;
  private int scratch;

  EndiveValues(Memory memory, EndiveExports js) {
    this.memory = memory;
    this.js = js;
  }

  /** Where the interpreter leaves the length of a text. */
  void scratchAt(int address) {
    scratch = address;
  }

  int scratch() {
    return scratch;
  }

  /** Copies bytes into a fresh, zero-terminated allocation of the guest; 0 if there is no room. */
  int copyIn(byte[] source) {
    int at = js.malloc(source.length + 1);
    if (at != 0) {
      memory.write(at, source);
      memory.writeByte(at + source.length, (byte) 0);
    }
    return at;
  }

  /** The bytes of a zero-terminated text. */
  byte[] nameAt(int at) {
    int end = at;
    while (memory.read(end) != 0) {
      end++;
    }
    return memory.readBytes(at, end - at);
  }

  /** The value of a script, or an exception. */
  int evaluate(byte[] source, byte[] name, int flags) {
    int code = copyIn(source);
    int file = copyIn(name);
    if (code == 0 || file == 0) {
      js.free(code);
      js.free(file);
      raise(NOTHING);
      return js.throwValue(js.getUndefined());
    }
    int value = js.eval(code, source.length, file, flags);
    js.free(code);
    js.free(file);
    return value;
  }

  /** A string of these bytes; 0 if there is no room. */
  int newString(byte[] source) {
    int at = copyIn(source);
    if (at == 0) {
      return 0;
    }
    int value = js.newString(at, source.length);
    js.free(at);
    return js.isException(value) ? 0 : value;
  }

  /** A Uint8Array of these bytes; 0 if there is no room. */
  int newBytes(byte[] source) {
    int at = copyIn(source);
    if (at == 0) {
      return 0;
    }
    int value = js.newUint8Array(at, source.length);
    js.free(at);
    return value;
  }

  /**
   * A string's bytes: UTF-8, except that unpaired surrogates stay encoded. Null if there is no
   * room.
   */
  byte[] text(int value) {
    int at = js.getStringLen(value, scratch);
    if (at == 0) {
      return null;
    }
    byte[] text = memory.readBytes(at, memory.readInt(scratch));
    js.freeCstring(at);
    return text;
  }

  /** Throws an Error made of {@code Name\nmessage}; gives 0. */
  int raiseError(byte[] content) {
    int cut = new String(content, ISO_8859_1).indexOf('\n');
    int error = js.newError();
    if (setText(error, "name", Arrays.copyOf(content, cut))
        && setText(error, "message", Arrays.copyOfRange(content, cut + 1, content.length))) {
      js.throwValue(error);
      js.freeValue(error);
      return 0;
    }
    js.freeValue(error);
    return raise(NOTHING);
  }

  private boolean setText(int target, String name, byte[] text) {
    int value = newString(text);
    if (value == 0) {
      return false;
    }
    int key = copyIn(name.getBytes(US_ASCII));
    if (key != 0) {
      js.setPropString(target, key, value);
    }
    js.free(key);
    js.freeValue(value);
    return key != 0;
  }

  /** Throws a string; gives 0. */
  int raise(byte[] text) {
    int value = newString(text);
    if (value != 0) {
      js.throwValue(value);
      js.freeValue(value);
    }
    return 0;
  }
}
