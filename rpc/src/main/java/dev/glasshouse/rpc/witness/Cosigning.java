package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.rpc.Machine;
import dev.glasshouse.rpc.ModuleException;
import dev.glasshouse.rpc.TaskThread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host's side of its witnesses: submits each new checkpoint, collects what is cosigned, and says
 * what to publish. Nobody who calls it waits for a witness, but for {@link #begin}.
 *
 * <p>It works in rounds: all witnesses are asked for the same checkpoint, for cosignatures of
 * different ones do not add up to a quorum. A round ends when the quorum is met, when all witnesses
 * have answered, or after a while; then the newest checkpoint has its turn. What a slow witness
 * cosigns of an earlier round still counts there.
 *
 * <p>Everything happens on one thread of its own; what others read is volatile.
 */
public final class Cosigning implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Cosigning.class);
  private static final long GRACE_MILLIS = 2_000;

  private final WitnessSettings settings;
  private final CosignedFile file;
  private final Machine machine;
  private final TaskThread thread;
  private final List<Submitter> submitters;
  private final AtomicBoolean isTold = new AtomicBoolean();
  private final HeldAnswers held = new HeldAnswers();

  private final OwnHistory own = new OwnHistory();

  private volatile SignedCheckpoint shown;
  private volatile SignedCheckpoint met;

  // Of this class's thread alone.
  private SignedCheckpoint newest;
  private Round round;
  private final List<Round> earlier = new ArrayList<>();
  private boolean isStarting;
  private String ahead;

  /**
   * Prepares to submit; nothing is sent before {@link #begin}.
   *
   * @param file where the last checkpoint that met the quorum is kept
   * @param machine what it runs on
   * @throws IllegalArgumentException if the address of a witness is no http or https URL
   */
  public Cosigning(WitnessSettings settings, Path file, Machine machine) {
    this.settings = settings;
    this.file = new CosignedFile(file, machine::nanoTime);
    this.machine = machine;
    submitters = Submitter.ofAll(this, settings, machine);
    thread = submitters.isEmpty() ? null : machine.startTasks("witnesses");
  }

  /**
   * Starts with a log, and asks the witnesses first what they have cosigned of it. A witness that
   * does not answer in time is no obstacle.
   *
   * @throws ModuleException if one has cosigned more than this log has, or something else: then
   *     this log's key has signed another history, and must not sign on
   */
  public void begin(CallLog begun) {
    own.become(begun);
    shown = begun.checkpoint();
    restore();
    if (thread == null) {
      return;
    }
    later(
        () -> {
          isStarting = true;
          renew();
        });
    after(settings.patience().refresh(), this::refresh);
    await(
        CompletableFuture.allOf(
            submitters.stream().map(each -> each.heard).toArray(CompletableFuture<?>[]::new)));
    CompletableFuture<String> found = new CompletableFuture<>();
    later(
        () -> {
          isStarting = false;
          found.complete(own.contradiction() != null ? own.contradiction() : ahead);
        });
    String refusal = await(found);
    if (refusal != null) {
      throw new ModuleException(refusal);
    }
  }

  private <T> T await(CompletableFuture<T> future) {
    try {
      return machine.await(future, settings.patience().start());
    } catch (TimeoutException e) {
      LOG.warn("not all witnesses have said what they cosigned of this log; going on without them");
      return null;
    }
  }

  // What was cosigned before this start. The file is worth nothing to a verifier that the host did
  // not sign, and a lot against a host that did.
  private void restore() {
    Note note = file.read();
    if (note == null) {
      return;
    }
    try {
      SignedCheckpoint kept = own.verified(note);
      own.compare(kept, "the file " + file);
      if (settings.policy().quorum(note, own.origin()).isMet()) {
        met = kept;
        if (kept.head().equals(shown.head())) {
          shown = kept;
        }
      }
    } catch (MalformedException | UnverifiedException e) {
      LOG.warn("{} is of no use: {}", file, e.getMessage());
    }
    if (own.contradiction() != null) {
      throw new ModuleException(own.contradiction());
    }
  }

  /** Hears that the log has a new checkpoint, or was loaded again. */
  public void appended(CallLog grown) {
    own.become(grown);
    if (thread == null) {
      shown = grown.checkpoint();
    } else if (isTold.compareAndSet(false, true)) {
      later(
          () -> {
            isTold.set(false);
            renew();
          });
    }
  }

  /**
   * The checkpoint to give to readers, with the cosignatures that there are. If callers wait for
   * the quorum, readers do, too: it is the newest that met it, once there is one. It never shrinks.
   *
   * @param head the newest checkpoint of the log
   */
  public SignedCheckpoint published(SignedCheckpoint head) {
    SignedCheckpoint candidate = shown;
    boolean isBehind = candidate == null || candidate.head().size() < head.head().size();
    return isBehind && !isRequired() ? head : candidate;
  }

  /** The newest checkpoint that met the quorum; empty if none did, or none is wanted. */
  public Optional<SignedCheckpoint> cosigned() {
    return Optional.ofNullable(met);
  }

  /** Why this log's key must not sign on, or null: it has signed another history. */
  public String contradiction() {
    return own.contradiction();
  }

  /**
   * Answers at once, or when the quorum has cosigned a tree of {@code size} if callers are to wait
   * for that. Either {@code covered} or {@code late} runs, and soon.
   *
   * @param count how many answers it is about
   * @param late gets the reason why it takes too long
   */
  public void whenCovered(long size, int count, Runnable covered, Consumer<String> late) {
    if (!isRequired()) {
      covered.run();
      return;
    }
    long millis = settings.patience().quorum();
    try {
      thread.run(
          () -> {
            HeldAnswers.Held answers = new HeldAnswers.Held(count, covered, late);
            if (met != null && met.head().size() >= size) {
              covered.run();
            } else if (!held.hold(size, answers)) {
              late.accept("too many answers wait for the witnesses");
            } else {
              after(
                  millis,
                  () ->
                      held.expire(
                          size,
                          answers,
                          "the witnesses have not cosigned it in " + millis + " ms"));
            }
          });
    } catch (RejectedExecutionException e) {
      late.accept("the host is shutting down");
    }
  }

  /** Whether callers wait for the quorum. */
  public boolean isRequired() {
    return settings.requireQuorum() && settings.policy().wantsCosignatures() && thread != null;
  }

  /** The log, for whoever shows it to a witness. */
  OwnHistory own() {
    return own;
  }

  // From here on: on this class's thread.

  /** Runs something on this class's thread, unless that has ended. */
  void later(Runnable task) {
    try {
      thread.run(guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("it is closed");
    }
  }

  /** Runs something on this class's thread after a while. */
  void after(long millis, Runnable task) {
    try {
      thread.runAfter(millis, guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("it is closed");
    }
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LOG.error("a step with the witnesses failed", e);
      }
    };
  }

  private void renew() {
    SignedCheckpoint head = own.checkpoint();
    if (head != null && (newest == null || head.head().size() >= newest.head().size())) {
      newest = head;
    }
    advance();
  }

  private void refresh() {
    after(settings.patience().refresh(), this::refresh);
    advance();
  }

  /** Begins a new round if it is time, and asks all witnesses that are free. */
  void advance() {
    if (newest == null || own.contradiction() != null) {
      return;
    }
    if (round == null || (newest.head().size() > round.target().head().size() && isRoundOver())) {
      if (round != null) {
        earlier.add(round);
      }
      round = new Round(newest, machine::nanoTime);
      after(settings.patience().round(), this::advance);
    }
    earlier.removeIf(each -> !isAwaited(each));
    submitters.forEach(each -> each.offer(round.target()));
  }

  private boolean isAwaited(Round each) {
    return submitters.stream().anyMatch(submitter -> submitter.isBusyWith(each.target()));
  }

  private boolean isRoundOver() {
    return round.isMet() || round.isOlderThan(settings.patience().round()) || !isAwaited(round);
  }

  /** Takes a cosignature that holds. */
  void cosigned(SignedCheckpoint checkpoint, Cosignature cosignature) {
    for (Round each : earlier) {
      if (each.target().equals(checkpoint)) {
        collect(each, cosignature);
      }
    }
    if (round.target().equals(checkpoint)) {
      collect(round, cosignature);
    }
  }

  private void collect(Round of, Cosignature cosignature) {
    SignedCheckpoint together = own.verified(of.with(cosignature));
    long size = together.head().size();
    of.met(settings.policy().quorum(together.note(), own.origin()).isMet());
    if (size >= shown.head().size() && (of.isMet() || !isRequired())) {
      shown = together;
    }
    boolean isNewest = met == null || size >= met.head().size();
    if (of.isMet() && isNewest && settings.policy().wantsCosignatures()) {
      met = together;
      file.writeNowAndThen(together.note());
      held.covered(size);
    }
  }

  /** Hears that a witness claims to have cosigned more entries than there are. */
  void isAhead(Policy.Witness witness, long size) {
    if (isStarting) {
      ahead =
          "the witness "
              + witness.name()
              + " has cosigned "
              + size
              + " entries of this log, which has "
              + own.size()
              + ": is it a restored backup? If it signed on, its key would have signed two"
              + " histories. If you are sure that the witness is wrong, take it out of the policy";
    }
  }

  /** Compares what a witness shows as cosigned with this log; null if it shows nothing. */
  void compare(Policy.Witness witness, Note note) {
    try {
      if (note != null) {
        own.compare(own.verified(note), "the witness " + witness.name());
      }
    } catch (MalformedException | UnverifiedException e) {
      LOG.debug("the witness {} shows nothing of this log: {}", witness.name(), e.getMessage());
    }
  }

  /**
   * Waits a moment for answers that are held, gives up on those that are left, and keeps what was
   * cosigned last.
   */
  @Override
  public void close() {
    if (thread == null) {
      return;
    }
    long end = machine.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
    CompletableFuture<Void> done = new CompletableFuture<>();
    later(() -> finish(end, done));
    try {
      machine.await(done, 2 * GRACE_MILLIS);
    } catch (TimeoutException e) {
      LOG.warn("the witnesses did not close in time: {}", e.toString());
    }
    thread.end();
  }

  private void finish(long end, CompletableFuture<Void> done) {
    if (!held.isEmpty() && machine.nanoTime() < end) {
      after(10, () -> finish(end, done));
      return;
    }
    held.expireAll("the host is shutting down");
    if (met != null) {
      file.write(met.note());
    }
    done.complete(null);
  }
}
