package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.V8Thread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A module that is being served: its log, its guest, its queue, and the thread that owns them.
 *
 * <p>A failure of the host (store, engine, memory) is never logged as the guest's: the batch is
 * refused, everything is closed and loaded again from the log. If that fails too, the module stays
 * stopped and says why.
 */
public final class HostedModule implements AutoCloseable {
  /** Requests that may share one sync. */
  static final int MAX_BATCH = 256;

  private static final Logger LOG = LoggerFactory.getLogger(HostedModule.class);
  private static final Waiting STOP = new Waiting();

  private final ModuleLoader loader;
  private final ModuleSettings settings;
  private final Executor verifiers;
  private final BlockingQueue<Waiting> queue;
  private final Thread thread;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private volatile LoadedModule loaded;

  // Written under the queue's lock: whatever was let in before it is set is served or refused by
  // the
  // module's thread, and nothing is let in after.
  private volatile String stopped;

  /**
   * Loads the module in {@code dir} and serves it from a thread of its own. Returns when it has
   * replayed its log and takes calls.
   *
   * @param scripts ways to load the script, tried in order for a new log
   * @param verifiers where signatures are verified, on as many cores as it has
   * @throws ScriptException if the script of a new log does not load
   * @throws ModuleException if the directory holds another script's log, or one that does not
   *     replay
   */
  public static HostedModule start(
      Path dir,
      Identity identity,
      List<Script> scripts,
      ModuleSettings settings,
      HostEnvironment environment,
      Executor verifiers)
      throws ScriptException {
    ModuleLoader loader = new ModuleLoader(dir, identity, scripts, settings, environment);
    HostedModule module = new HostedModule(loader, settings, verifiers);
    module.thread.start();
    try {
      module.ready.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ScriptException) {
        throw (ScriptException) e.getCause();
      }
      if (e.getCause() instanceof RuntimeException) {
        throw (RuntimeException) e.getCause();
      }
      throw e;
    }
    return module;
  }

  private HostedModule(ModuleLoader loader, ModuleSettings settings, Executor verifiers) {
    this.loader = loader;
    this.settings = settings;
    this.verifiers = verifiers;
    this.queue = new LinkedBlockingQueue<>();
    this.thread = V8Thread.create("module " + settings.title(), this::run);
  }

  /** The log; replaced when the module is loaded again. */
  public CallLog log() {
    return loaded.log();
  }

  /** The archive as of the newest checkpoint, or a batch later. */
  public ArchiveTree files() {
    return loaded.files();
  }

  /** The exported methods as JSON text {@code [[name, parameters],…]}. */
  public String methods() {
    return loaded.methods();
  }

  /** Whether unsigned calls are accepted. */
  public boolean isDebug() {
    return settings.debug();
  }

  /** Why the module has stopped, or null while it serves. */
  public String stopped() {
    return stopped;
  }

  /** Requests that wait for the lock. */
  public int waiting() {
    return queue.size();
  }

  /**
   * Submits a signed request.
   *
   * @return completes with the answer once it is durable, exceptionally with {@link CallRefused}
   */
  CompletableFuture<Answer> submit(Caller.Key caller, String request) {
    long limit = log().genesis().limits().request();
    Waiting waiting = new Waiting();
    // Only what has a place in the queue is verified: a flood costs no more than the queue holds.
    if (enqueue(waiting)) {
      try {
        waiting.verify(() -> Submission.verify(caller, request, limit), verifiers);
      } catch (RejectedExecutionException e) {
        waiting.refuseVerification(
            new CallRefused(CallRefused.Reason.STOPPED, "the host is shutting down"));
      }
    }
    return waiting.future();
  }

  /** Submits a call whose caller is taken at its word; refused unless this is a debug host. */
  CompletableFuture<Answer> submit(Caller.User caller, MethodCall call) {
    if (!settings.debug()) {
      return CompletableFuture.failedFuture(
          new CallRefused(
              CallRefused.Reason.UNSIGNED,
              "calls to this host must be signed: use rpc.call (glass repl does), or run the host"
                  + " with --debug to try it out unsigned"));
    }
    long limit = log().genesis().limits().request();
    try {
      Waiting waiting = new Waiting(Submission.trust(caller, call, limit));
      enqueue(waiting);
      return waiting.future();
    } catch (CallRefused e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Computes what only reads, off the thread that asks: the store may have to go to the disk. */
  <T> CompletableFuture<T> read(Supplier<T> reading) {
    try {
      return CompletableFuture.supplyAsync(reading, verifiers);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new CallRefused(CallRefused.Reason.STOPPED, "the host is shutting down"));
    }
  }

  private boolean enqueue(Waiting waiting) {
    CallRefused refusal;
    synchronized (queue) {
      if (stopped != null) {
        refusal = new CallRefused(CallRefused.Reason.STOPPED, stopped);
      } else if (queue.size() >= settings.queue()) {
        refusal =
            new CallRefused(
                CallRefused.Reason.OVERLOADED,
                "overloaded: "
                    + settings.queue()
                    + " requests are waiting already; try again later");
      } else {
        queue.add(waiting);
        return true;
      }
    }
    waiting.refuse(refusal);
    return false;
  }

  /** Finishes what is queued, then closes guest and log. */
  @Override
  public void close() {
    synchronized (queue) {
      if (stopped == null) {
        stopped = "the host is shutting down";
        queue.add(STOP);
      }
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      loaded = loader.load();
      ready.complete(null);
    } catch (ScriptException | RuntimeException | Error e) {
      stop("the module did not load");
      ready.completeExceptionally(e);
      return;
    }
    try {
      serveUntilStopped();
    } catch (RuntimeException | Error e) {
      LOG.error("the module stops: {}", e.getMessage(), e);
      stop("the module has stopped: " + e.getMessage());
    } finally {
      stop("the module has stopped");
      refuseQueued();
      loaded.close();
    }
  }

  // The first reason stands.
  private void stop(String why) {
    synchronized (queue) {
      if (stopped == null) {
        stopped = why;
      }
    }
  }

  private void serveUntilStopped() {
    while (true) {
      List<Waiting> batch = new ArrayList<>();
      boolean stopping = !nextBatch(batch);
      try {
        loaded.serve(batch);
      } catch (RuntimeException | Error e) {
        refuseAll(batch);
        if (stopping) {
          throw e;
        }
        LOG.error("the host failed during a call; loading again from the log", e);
        loaded = loader.reload(loaded);
      }
      if (stopping) {
        return;
      }
    }
  }

  // False when this is the last batch.
  private boolean nextBatch(List<Waiting> batch) {
    try {
      batch.add(queue.take());
    } catch (InterruptedException e) {
      return false;
    }
    queue.drainTo(batch, MAX_BATCH - 1);
    int stop = batch.indexOf(STOP);
    if (stop < 0) {
      return true;
    }
    batch.subList(stop, batch.size()).clear();
    return false;
  }

  private void refuseQueued() {
    List<Waiting> left = new ArrayList<>();
    queue.drainTo(left);
    refuseAll(left);
  }

  private void refuseAll(List<Waiting> batch) {
    String why =
        stopped != null
            ? stopped
            : "the host failed during the call and is loading again; ask again";
    for (Waiting waiting : batch) {
      waiting.refuse(new CallRefused(CallRefused.Reason.STOPPED, why));
    }
  }
}
