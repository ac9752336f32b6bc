package dev.glasshouse.rpc.simulation;

import dev.glasshouse.vm.sandbox.AbortedException;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.HeapImage;
import dev.glasshouse.vm.sandbox.HostCalls;
import dev.glasshouse.vm.sandbox.HostOp;
import dev.glasshouse.vm.sandbox.HostReply;
import dev.glasshouse.vm.sandbox.Reply;
import dev.glasshouse.vm.sandbox.Sandbox;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.Turn;
import java.nio.charset.StandardCharsets;

/**
 * The engine of one host: a turn that says that it loops does so after all else that it does, in
 * simulated time, until that is over or somebody interrupts it. All other turns take no time.
 */
final class LoopingEngine implements SandboxEngine {
  private final Schedule schedule;
  private final Variant variant;

  LoopingEngine(Schedule schedule, Variant variant) {
    this.schedule = schedule;
    this.variant = variant;
  }

  @Override
  public String name() {
    return SimulatedEngine.INSTANCE.name();
  }

  @Override
  public long pollMillis() {
    return SimulatedEngine.INSTANCE.pollMillis();
  }

  @Override
  public Sandbox open(GuestImage image, long heapLimit, long stackLimit) {
    return new Looping(SimulatedEngine.INSTANCE.open(image, heapLimit, stackLimit));
  }

  /** Hears how long a turn loops. */
  private static final class Ear implements HostCalls {
    private final HostCalls host;
    private long millis;

    Ear(HostCalls host) {
      this.host = host;
    }

    @Override
    public HostReply answer(HostOp op, String text, byte[] body, boolean fork) {
      String line = op == HostOp.LOG ? new String(body, StandardCharsets.UTF_8) : "";
      if (line.startsWith(CountsModule.LOOPS)) {
        millis += Long.parseLong(line.substring(CountsModule.LOOPS.length()));
      }
      return host.answer(op, text, body, fork);
    }
  }

  private final class Looping implements Sandbox {
    private final Sandbox sandbox;
    private boolean running;
    private boolean interrupted;

    Looping(Sandbox sandbox) {
      this.sandbox = sandbox;
    }

    @Override
    public Reply load(Script script, long timeMillis, long fuel, HostCalls host) {
      return sandbox.load(script, timeMillis, fuel, host);
    }

    @Override
    public Reply run(Turn turn, long timeMillis, long fuel, HostCalls host) {
      if (variant == Variant.ABORTS_AT_WILL && schedule.dice().nextInt(10) == 0) {
        throw new AbortedException();
      }
      Ear ear = new Ear(host);
      Reply reply = sandbox.run(turn, timeMillis, fuel, ear);
      if (ear.millis > 0 && reply.trap() == null) {
        loop(ear.millis);
      }
      return reply;
    }

    private void loop(long millis) {
      interrupted = false;
      running = true;
      try {
        schedule.block(() -> interrupted, millis * 1_000_000);
      } finally {
        running = false;
      }
      if (interrupted) {
        throw new AbortedException();
      }
    }

    @Override
    public void interrupt() {
      interrupted = running && variant != Variant.WATCHDOG_SLEEPS;
    }

    @Override
    public int progress() {
      return sandbox.progress();
    }

    @Override
    public long mark(int slot) {
      return sandbox.mark(slot);
    }

    @Override
    public void rewind(int slot) {
      // What was interrupted is in the heap as if it had come to its end.
      if (!(interrupted && variant == Variant.ABORT_LEAVES_TRACES)) {
        sandbox.rewind(slot);
      }
    }

    @Override
    public HeapImage image() {
      return sandbox.image();
    }

    @Override
    public void restore(HeapImage image) {
      sandbox.restore(image);
    }

    @Override
    public void close() {
      sandbox.close();
    }
  }
}
