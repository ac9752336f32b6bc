package dev.glasshouse.vm.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** One guest on Endive. */
final class EndiveSandbox implements Sandbox {
  private final EndiveLink link = new EndiveLink();
  private final HeapImage[] marks = new HeapImage[MARKS];
  private EndiveMachine machine;

  EndiveSandbox(GuestImage image, long heapLimit, long stackLimit) {
    machine =
        unlessBroken(() -> EndiveMachine.boot(link, image.bootstrap(), heapLimit, stackLimit));
  }

  @Override
  public Reply load(Script script, long timeMillis, long fuel, HostCalls calls) {
    byte[] source = script.evaluated();
    byte[] name = script.main().getBytes(StandardCharsets.UTF_8);
    return turn(
        timeMillis, fuel, calls, () -> machine.load(source, name, script.kind().evalFlags()));
  }

  @Override
  public Reply run(Turn turn, long timeMillis, long fuel, HostCalls calls) {
    return turn(
        timeMillis,
        fuel,
        calls,
        () -> turn.isCall() ? machine.call(turn) : machine.turn(turn.tag(), 0));
  }

  private Reply turn(long timeMillis, long fuel, HostCalls calls, Supplier<byte[]> run) {
    if (machine.isStopped()) {
      throw new SandboxFailure("the guest was stopped; it must be rewound first");
    }
    machine.begin(timeMillis, fuel);
    link.begin(calls);
    try {
      byte[] text = unlessBroken(() -> machine.untilTrap(run));
      return new Reply(new String(text, StandardCharsets.UTF_8), null, machine.fuel().polls());
    } catch (GuestTrap e) {
      return new Reply(null, e.trap(), machine.fuel().polls());
    } finally {
      link.end();
    }
  }

  // What the host threw stands for itself, as does an outcome; all else is the engine's failure.
  // That includes the end of the thread's stack or of the JVM's memory: the guest has limits of
  // its own, which come first.
  private <T> T unlessBroken(Supplier<T> run) {
    try {
      return run.get();
    } catch (GuestTrap | SandboxFailure | AbortedException e) {
      throw e;
    } catch (RuntimeException e) {
      if (link.wasInterrupted()) {
        throw new AbortedException();
      }
      if (e == link.thrownByHost()) {
        throw e;
      }
      throw new SandboxFailure("the sandbox failed: " + e, e);
    } catch (Error e) {
      throw new SandboxFailure("the sandbox failed: " + e, e);
    }
  }

  @Override
  public long mark(int slot) {
    marks[slot] = image();
    return marks[slot].memory().length;
  }

  @Override
  public void rewind(int slot) {
    restore(marks[slot]);
  }

  @Override
  public HeapImage image() {
    return machine.image();
  }

  @Override
  public void restore(HeapImage image) {
    machine = unlessBroken(() -> EndiveMachine.adopt(link, image));
  }

  @Override
  public void interrupt() {
    link.interrupt();
  }

  @Override
  public int progress() {
    return link.progress();
  }

  @Override
  public void close() {
    // Nothing outside the JVM's own heap.
  }
}
