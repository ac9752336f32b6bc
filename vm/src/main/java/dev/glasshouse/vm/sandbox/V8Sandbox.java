package dev.glasshouse.vm.sandbox;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.callback.IJavetDirectCallable;
import com.caoccao.javet.interop.callback.JavetCallbackContext;
import com.caoccao.javet.interop.callback.JavetCallbackType;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.primitive.V8ValueInteger;
import com.caoccao.javet.values.reference.V8ValueArrayBuffer;
import com.caoccao.javet.values.reference.V8ValueFunction;
import com.caoccao.javet.values.reference.V8ValueObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One guest in one V8 isolate. The other half of this class is {@code v8.js}, and {@code
 * machine.js}, which it shares with other engines of JavaScript.
 */
final class V8Sandbox implements Sandbox {
  private static final int FORK_FLAG = 128;
  private static final int HEADER = 9;
  private static final int RUN_FORK = -2;
  private static final int STOPPED = -1;
  private static final byte[] NOTHING = {};
  private static final int FUEL_ENDED = -1;
  private static final int STATE_GENERATION = 0;
  private static final int STATE_PROGRESS = 4;
  private static final int STATE_POLLS = 8;
  private static final int STATE_RESULT = 16;
  private static final int STATE_TAG = 20;
  private static final int STATE_CLOCK = 24;
  private static final int STATE_FUEL = 32;
  private static final int STATE_METHOD = 40;
  private static final int STATE_CALLER = 44;
  private static final int STATE_PARAMS = 48;

  private final V8Runtime runtime;
  private final V8ValueObject machine;
  private final V8ValueFunction load;
  private final V8ValueFunction run;
  private final V8ValueArrayBuffer stateBuffer;
  private final ByteBuffer state;
  private final JavetCallbackContext hostContext;
  private V8ValueArrayBuffer mailbox;
  private ByteBuffer box;
  private int generation;
  private HostCalls host;
  private Throwable thrownByHost;

  // Guards V8's flag: an interrupt that comes too late for one turn must not end the next.
  private final Object interruption = new Object();
  private boolean running;
  private boolean interrupted;

  V8Sandbox(V8Runtime runtime, GuestImage image, long heapLimit, long stackLimit)
      throws JavetException {
    this.runtime = runtime;
    this.hostContext = hostFunction();
    byte[] interpreter = image.interpreter();
    try (V8ValueFunction machines = runtime.getExecutor(resource("machine.js")).execute();
        V8ValueFunction start = runtime.getExecutor(resource("v8.js")).execute();
        V8ValueArrayBuffer wasm = runtime.createV8ValueArrayBuffer(interpreter.length);
        V8ValueFunction ask = runtime.createV8ValueFunction(hostContext)) {
      wasm.fromBytes(interpreter);
      machine = start.call(null, machines, wasm, ask);
      load = machine.get("load");
      run = machine.get("run");
      stateBuffer = machine.get("state");
      state = stateBuffer.getByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      byte[] bootstrap = image.bootstrap();
      reserve(bootstrap.length).put(0, bootstrap);
      machine.invokeVoid("boot", bootstrap.length, (double) heapLimit, (double) stackLimit);
    } catch (JavetException | RuntimeException e) {
      runtime.close();
      throw e;
    }
  }

  @Override
  public Reply load(Script script, long timeMillis, long fuel, HostCalls calls) {
    byte[] name = script.main().getBytes(StandardCharsets.UTF_8);
    byte[] source = script.evaluated();
    return turn(
        calls,
        () -> {
          reserve(name.length + source.length).put(0, name).put(name.length, source);
          return load.callInteger(
              null,
              name.length,
              name.length + source.length,
              script.kind().evalFlags(),
              (double) timeMillis,
              (double) fuel);
        });
  }

  @Override
  public Reply run(Turn turn, long timeMillis, long fuel, HostCalls calls) {
    return turn(
        calls,
        () -> {
          if (turn.isCall()) {
            write(turn);
          }
          state
              .putInt(STATE_TAG, turn.tag())
              .putDouble(STATE_CLOCK, (double) timeMillis)
              .putDouble(STATE_FUEL, (double) fuel);
          run.callVoid(null);
          return state.getInt(STATE_RESULT);
        });
  }

  // Each part of a call, and where it ends.
  private void write(Turn call) throws JavetException {
    boolean hasCaller = call.caller() != null;
    byte[] caller = hasCaller ? call.caller() : NOTHING;
    int method = call.method().length;
    int params = method + caller.length;
    int end = params + call.params().length;
    reserve(end).put(0, call.method()).put(method, caller).put(params, call.params());
    state
        .putInt(STATE_METHOD, method)
        .putInt(STATE_CALLER, hasCaller ? params : -1)
        .putInt(STATE_PARAMS, end);
  }

  @Override
  public long mark(int slot) {
    try {
      return machine.invokeInteger("mark", slot);
    } catch (JavetException e) {
      throw failure(e);
    }
  }

  @Override
  public void rewind(int slot) {
    try {
      machine.invokeVoid("rewind", slot);
    } catch (JavetException e) {
      throw failure(e);
    }
  }

  @Override
  public void interrupt() {
    synchronized (interruption) {
      if (running) {
        interrupted = true;
        runtime.terminateExecution();
      }
    }
  }

  @Override
  public int progress() {
    return state.getInt(STATE_PROGRESS);
  }

  @Override
  public HeapImage image() {
    try (V8ValueArrayBuffer memory = machine.invoke("memory")) {
      return new HeapImage(memory.toBytes(), machine.invokeString("pointers"));
    } catch (JavetException e) {
      throw failure(e);
    }
  }

  @Override
  public void restore(HeapImage image) {
    try (V8ValueArrayBuffer memory = runtime.createV8ValueArrayBuffer(image.memory().length)) {
      memory.fromBytes(image.memory());
      machine.invokeVoid("restore", memory, image.pointers());
    } catch (JavetException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    try {
      if (mailbox != null) {
        mailbox.close();
      }
      for (V8Value handle : List.of(load, run, stateBuffer, machine)) {
        handle.close();
      }
      runtime.removeCallbackContext(hostContext.getHandle());
      runtime.close();
    } catch (JavetException e) {
      throw failure(e);
    }
  }

  private interface Entry {
    int run() throws JavetException;
  }

  private Reply turn(HostCalls calls, Entry entry) {
    host = calls;
    thrownByHost = null;
    try {
      int length = interruptibly(entry);
      long used = (long) state.getDouble(STATE_POLLS);
      if (length < 0) {
        return new Reply(null, length == FUEL_ENDED ? Reply.Trap.FUEL : Reply.Trap.MEMORY, used);
      }
      byte[] text = new byte[length];
      reserve(length).get(0, text);
      return new Reply(new String(text, StandardCharsets.UTF_8), null, used);
    } catch (JavetException e) {
      throw failure(e);
    } finally {
      host = null;
    }
  }

  private int interruptibly(Entry entry) throws JavetException {
    synchronized (interruption) {
      running = true;
      interrupted = false;
    }
    try {
      return entry.run();
    } catch (JavetException e) {
      if (wasInterrupted()) {
        throw new AbortedException();
      }
      throw e;
    } finally {
      endInterruptible();
    }
  }

  private boolean wasInterrupted() {
    synchronized (interruption) {
      return interrupted;
    }
  }

  // The turn may have finished before V8 looked at its flag.
  private void endInterruptible() {
    synchronized (interruption) {
      running = false;
      if (interrupted) {
        runtime.cancelTerminateExecution();
      }
    }
  }

  // What a host function threw has unwound the interpreter's frames and stands for itself.
  private RuntimeException failure(JavetException e) {
    Throwable thrown = thrownByHost;
    if (thrown instanceof RuntimeException runtimeException) {
      return runtimeException;
    }
    if (thrown != null) {
      return new SandboxFailure("the host failed during a call: " + thrown, thrown);
    }
    return new SandboxFailure("the sandbox failed: " + e.getMessage(), e);
  }

  private JavetCallbackContext hostFunction() {
    IJavetDirectCallable.NoThisAndResult<RuntimeException> direct = this::answer;
    return new JavetCallbackContext("host", JavetCallbackType.DirectCallNoThisAndResult, direct);
  }

  // Nothing may be thrown into V8 from here: the guest must not see it and must not go on after it.
  @SuppressWarnings("CatchAndPrintStackTrace")
  private V8Value answer(V8Value... arguments) throws JavetException {
    int result;
    try {
      result = answer(((V8ValueInteger) arguments[0]).getValue());
    } catch (Throwable e) {
      thrownByHost = e;
      result = STOPPED;
    }
    return runtime.createV8ValueInteger(result);
  }

  private int answer(int length) throws JavetException {
    ByteBuffer request = reserve(length);
    int code = request.get(0) & 0xff;
    byte[] text = new byte[request.getInt(1)];
    byte[] body = new byte[request.getInt(5)];
    request.get(HEADER, text).get(HEADER + text.length, body);
    boolean fork = (code & FORK_FLAG) != 0;
    HostReply reply =
        host.answer(
            HostOp.of(code & ~FORK_FLAG), new String(text, StandardCharsets.UTF_8), body, fork);
    if (reply.isRunFork()) {
      return RUN_FORK;
    }
    byte[] content = reply.content();
    reserve(1 + content.length).put(0, (byte) reply.kind()).put(1, content);
    return 1 + content.length;
  }

  // The mailbox with room for this many bytes. Only the glue makes and grows it; Java maps it again
  // when it has moved.
  private ByteBuffer reserve(int size) throws JavetException {
    if (box == null || box.capacity() < size || generation != state.getInt(STATE_GENERATION)) {
      if (mailbox != null) {
        mailbox.close();
      }
      mailbox = machine.invoke("mailbox", size);
      box = mailbox.getByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      generation = state.getInt(STATE_GENERATION);
    }
    return box;
  }

  private static String resource(String name) {
    try (InputStream in = V8Sandbox.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SandboxFailure("cannot read " + name + " from this build", e);
    }
  }
}
