package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.rpc.access.CallerRules;
import dev.glasshouse.rpc.witness.Cosigning;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.sandbox.Script;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A module that is being served: its log, its guest, its queue, and the thread that owns them.
 *
 * <p>A failure of the host (store, engine, memory) is never logged as the guest's: whoever waits is
 * refused, everything is closed and loaded again from the log. If that fails too, the module stays
 * stopped and says why.
 */
public final class HostedModule implements AutoCloseable {
  // A host's clock may be set forward: what it makes due is not waited for any longer than this.
  private static final long MAX_IDLE_MILLIS = 1000;

  // Of what is taken out of the queue at once, whoever comes next has to wait for the end.
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  // Characters.
  private static final int SHORT_REQUEST = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(HostedModule.class);

  private final ModuleLoader loader;
  private final ModuleSettings settings;
  private final Executor verifiers;
  private final RequestQueue queue;
  private final Watchdog watchdog;
  private final Cosigning cosigning;
  private final ModuleMeters meters;
  private final Machine machine;
  private final TimerHold hold;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  // The module's thread has nothing left to do but to close.
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private volatile LoadedModule loaded;
  private volatile boolean reloading;

  /**
   * Loads the module in {@code dir} and serves it from a thread of its own. Returns when it has
   * replayed its log and takes calls.
   *
   * @param scripts ways to load the script, tried in order for a new log
   * @param verifiers where signatures are verified, on as many cores as it has
   * @throws ScriptException if the script of a new log does not load
   * @throws ModuleException if the directory holds another script's log, or one that does not
   *     replay, or not all that witnesses have cosigned
   */
  public static HostedModule start(
      Path dir,
      Identity identity,
      List<Script> scripts,
      ModuleSettings settings,
      HostEnvironment environment,
      Executor verifiers)
      throws ScriptException {
    return start(dir, identity, scripts, settings, environment, verifiers, Machine.REAL);
  }

  /** As above, on any machine. */
  public static HostedModule start(
      Path dir,
      Identity identity,
      List<Script> scripts,
      ModuleSettings settings,
      HostEnvironment environment,
      Executor verifiers,
      Machine machine)
      throws ScriptException {
    RequestQueue queue = new RequestQueue(settings.queue(), machine);
    Watchdog watchdog = new Watchdog(settings.title(), machine);
    Cosigning cosigning = new Cosigning(settings.witnesses(), dir.resolve("cosigned"), machine);
    ModuleMeters meters = new ModuleMeters(environment.meters(), settings.title());
    ModuleLoader loader =
        new ModuleLoader(
            dir,
            identity,
            scripts,
            settings,
            environment,
            watchdog,
            () -> queue.stopped() != null,
            cosigning,
            meters,
            machine);
    HostedModule module =
        new HostedModule(loader, settings, queue, watchdog, cosigning, meters, verifiers, machine);
    machine.startModule("module " + settings.title(), module::run);
    try {
      machine.await(module.ready);
    } catch (CompletionException e) {
      if (e.getCause() instanceof ScriptException) {
        throw (ScriptException) e.getCause();
      }
      if (e.getCause() instanceof RuntimeException) {
        throw (RuntimeException) e.getCause();
      }
      throw e;
    }
    meters.watch(module);
    return module;
  }

  private HostedModule(
      ModuleLoader loader,
      ModuleSettings settings,
      RequestQueue queue,
      Watchdog watchdog,
      Cosigning cosigning,
      ModuleMeters meters,
      Executor verifiers,
      Machine machine) {
    this.loader = loader;
    this.settings = settings;
    this.verifiers = verifiers;
    this.queue = queue;
    this.watchdog = watchdog;
    this.cosigning = cosigning;
    this.meters = meters;
    this.machine = machine;
    this.hold = new TimerHold(machine::nanoTime);
  }

  /** The log; replaced when the module is loaded again. */
  public CallLog log() {
    return loaded.log();
  }

  /** The checkpoint for readers, with the cosignatures that there are. */
  public SignedCheckpoint checkpoint() {
    return cosigning.published(loaded.log().checkpoint());
  }

  /** The newest checkpoint that met the quorum of the witnesses; empty if none did. */
  public Optional<SignedCheckpoint> cosigned() {
    return cosigning.cosigned();
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
    return queue.stopped();
  }

  /** Why it serves nobody any more, or null; one that finishes what is queued still does. */
  String failed() {
    String why = queue.stopped();
    boolean isFinishing = RequestQueue.SHUTTING_DOWN.equals(why) && !closing.isDone();
    return isFinishing ? null : why;
  }

  /** Why it takes no calls at the moment, or null if it does. */
  public String unready() {
    String why = queue.stopped();
    return why == null && reloading ? "the host failed and is loading again" : why;
  }

  /** What it reports to. */
  ModuleMeters meters() {
    return meters;
  }

  /** Requests that wait for the lock. */
  public int waiting() {
    return queue.size();
  }

  /**
   * Submits a signed request.
   *
   * @param source the connection that it came by: each has its turn
   * @param rules are charged with its calls once its signature holds
   * @return completes with the answer once it is durable, exceptionally with {@link CallRefused}
   */
  CompletableFuture<Answer> submit(
      Object source, Caller.Key caller, String request, CallerRules rules) {
    long limit = log().genesis().limits().request();
    Waiting waiting = new Waiting(machine);
    // Only what has a place in the queue is verified: a flood costs no more than the queue holds.
    if (queue.add(waiting, source, request.length())) {
      try {
        waiting.verify(
            () -> Submission.verify(caller, request, limit).charged(rules),
            isLone(request) ? Runnable::run : verifiers);
      } catch (RejectedExecutionException e) {
        waiting.refuseVerification(
            new CallRefused(CallRefused.Reason.STOPPED, RequestQueue.SHUTTING_DOWN));
      }
    }
    return waiting.future();
  }

  // Whether its signature is verified where the request has come in, while the module's thread
  // wakes
  // up: to wake another thread would take as long as a short request's signature.
  private boolean isLone(String request) {
    return request.length() <= SHORT_REQUEST && queue.size() <= 1;
  }

  /** Submits a call whose caller is taken at its word; refused unless this is a debug host. */
  CompletableFuture<Answer> submit(Object source, Caller.User caller, MethodCall call) {
    if (!settings.debug()) {
      return CompletableFuture.failedFuture(
          new CallRefused(
              CallRefused.Reason.UNSIGNED,
              "calls to this host must be signed: use rpc.call (glass repl does), or run the host"
                  + " with --debug to try it out unsigned"));
    }
    long limit = log().genesis().limits().request();
    try {
      Submission submission = Submission.trust(caller, call, limit);
      Waiting waiting = new Waiting(submission, machine);
      boolean unused = queue.add(waiting, source, submission.request().length());
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
          new CallRefused(CallRefused.Reason.STOPPED, RequestQueue.SHUTTING_DOWN));
    }
  }

  /** Takes no more calls; those that are queued are the last. */
  public void end() {
    queue.end();
  }

  /**
   * Ends, and waits until what is queued is durable and answered and an image is left behind. Calls
   * that wait for a timer end when the outside's waits do. The log can still be read.
   */
  public void finish() {
    end();
    machine.await(finished);
  }

  /** {@linkplain #finish Finishes}, and closes guest and log. */
  @Override
  public void close() {
    end();
    closing.complete(null);
    machine.await(closed);
  }

  private void run() {
    try {
      live();
    } finally {
      closed.complete(null);
    }
  }

  private void live() {
    try {
      loaded = loader.load();
      cosigning.begin(loaded.log());
      ready.complete(null);
    } catch (ScriptException | RuntimeException | Error e) {
      queue.stop("the module did not load");
      cosigning.close();
      if (loaded != null) {
        loaded.close();
      }
      watchdog.close();
      ready.completeExceptionally(e);
      return;
    }
    try {
      serveUntilStopped();
      finished.complete(null);
      machine.await(closing);
    } catch (RuntimeException | Error e) {
      LOG.error("the module {} stops: {}", settings.title(), e.getMessage(), e);
      queue.stop("the module has stopped: " + e.getMessage());
    } finally {
      queue.stop("the module has stopped");
      queue.refuseAll();
      finished.complete(null);
      cosigning.close();
      watchdog.close();
      closeLoaded();
    }
  }

  // All that was acknowledged is durable by now, whatever else the disk refuses.
  private void closeLoaded() {
    try {
      loaded.close();
    } catch (RuntimeException e) {
      LOG.error("the module {} did not close: {}", settings.title(), e.getMessage());
    }
  }

  // How many requests fit into a turn, going by those of the last one.
  static int most(int served, long nanos, int before) {
    long fit = served == 0 ? before : served * TURN_NANOS / Math.max(1, nanos);
    return (int) Math.max(1, Math.min(RequestQueue.MAX_BATCH, fit));
  }

  private void serveUntilStopped() {
    int most = 1;
    while (true) {
      if (cosigning.contradiction() != null) {
        throw new ModuleException(cosigning.contradiction());
      }
      List<Waiting> batch = new ArrayList<>();
      long idle = Math.min(MAX_IDLE_MILLIS, loaded.idleMillis(hold.isOver()));
      boolean stopping = !queue.next(batch, most, idle);
      long began = machine.nanoTime();
      try {
        serve(batch, stopping);
        most = most(batch.size(), machine.nanoTime() - began, most);
        if (stopping) {
          loaded.finish();
          return;
        }
      } catch (RuntimeException | Error e) {
        // What is on its way into the log is answered, the rest of the turn never was.
        loaded.end();
        queue.refuse(batch);
        if (stopping) {
          throw e;
        }
        LOG.error(
            "the host failed during a turn of {}; loading again from the log", settings.title(), e);
        meters.failed();
        reloading = true;
        loaded = loader.reload(loaded);
        reloading = false;
        cosigning.appended(loaded.log());
      }
    }
  }

  // What is due while the host stops is due again after the next start.
  private void serve(List<Waiting> batch, boolean stopping) {
    boolean timers = !stopping && hold.isOver();
    try {
      loaded.serve(batch, timers, queue.size() == 0);
    } catch (TimerFailedException e) {
      hold.failed();
      throw e;
    }
    if (timers) {
      hold.passed();
    }
  }
}
