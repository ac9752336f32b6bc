package dev.glasshouse.rpc.simulation;

import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.HeapImage;
import dev.glasshouse.vm.sandbox.HostCalls;
import dev.glasshouse.vm.sandbox.Reply;
import dev.glasshouse.vm.sandbox.Sandbox;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.SandboxThread;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.Turn;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * V8, with sandboxes that are used again: to put a fresh guest into one takes a tenth of what it
 * takes to start another. They live on a thread of their own, wherever they are used from.
 *
 * <p>All guests of a process have the same limits here.
 */
final class SimulatedEngine implements SandboxEngine {
  /** The one of this process. */
  static final SimulatedEngine INSTANCE = new SimulatedEngine();

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          body -> {
            Thread made = SandboxThread.create("sandboxes", body);
            made.setDaemon(true);
            return made;
          });

  // Of that thread alone.
  private final Deque<Sandbox> idle = new ArrayDeque<>();
  private HeapImage fresh;

  private SimulatedEngine() {}

  @Override
  public String name() {
    return V8Engine.instance().name();
  }

  @Override
  public long pollMillis() {
    return V8Engine.instance().pollMillis();
  }

  @Override
  public Sandbox open(GuestImage image, long heapLimit, long stackLimit) {
    return new Used(on(() -> take(image, heapLimit, stackLimit)));
  }

  private Sandbox take(GuestImage image, long heapLimit, long stackLimit) {
    Sandbox used = idle.poll();
    if (used != null) {
      used.restore(fresh);
      return used;
    }
    Sandbox opened = V8Engine.instance().open(image, heapLimit, stackLimit);
    fresh = opened.image();
    return opened;
  }

  private <T> T on(Callable<T> body) {
    try {
      return thread.submit(body).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Used implements Sandbox {
    private final Sandbox sandbox;

    Used(Sandbox sandbox) {
      this.sandbox = sandbox;
    }

    @Override
    public Reply load(Script script, long timeMillis, long fuel, HostCalls host) {
      return on(() -> sandbox.load(script, timeMillis, fuel, host));
    }

    @Override
    public Reply run(Turn turn, long timeMillis, long fuel, HostCalls host) {
      return on(() -> sandbox.run(turn, timeMillis, fuel, host));
    }

    @Override
    public long mark(int slot) {
      return on(() -> sandbox.mark(slot));
    }

    @Override
    public void rewind(int slot) {
      int unused =
          on(
              () -> {
                sandbox.rewind(slot);
                return slot;
              });
    }

    @Override
    public HeapImage image() {
      return on(sandbox::image);
    }

    @Override
    public void restore(HeapImage image) {
      Sandbox unused =
          on(
              () -> {
                sandbox.restore(image);
                return sandbox;
              });
    }

    @Override
    public void interrupt() {
      sandbox.interrupt();
    }

    @Override
    public int progress() {
      return sandbox.progress();
    }

    @Override
    public void close() {
      boolean unused = on(() -> idle.add(sandbox));
    }
  }
}
