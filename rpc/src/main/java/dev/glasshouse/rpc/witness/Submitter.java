package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.witness.AddCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.rpc.Machine;
import dev.glasshouse.rpc.witness.WitnessClient.Conflict;
import dev.glasshouse.rpc.witness.WitnessClient.Cosigned;
import dev.glasshouse.rpc.witness.WitnessClient.Failed;
import dev.glasshouse.rpc.witness.WitnessClient.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets one witness's cosignatures: at most one submission on the way, a pause after each failure
 * that grows, one line in the log when it starts to fail and one when it recovers. Confined to the
 * thread of its {@link Cosigning}.
 */
final class Submitter {
  private static final Logger LOG = LoggerFactory.getLogger(Submitter.class);

  // A witness's size changes under us only if somebody else submits, too.
  private static final int MAX_CONFLICTS = 2;
  private static final int MAX_DOUBLINGS = 16;

  /** Completes with the first word of the witness, or with the first failure. */
  final CompletableFuture<Void> heard = new CompletableFuture<>();

  private final Cosigning owner;
  private final Policy.Witness witness;
  private final WitnessClient client;
  private final WitnessSettings.Patience patience;
  private final LongSupplier nanoTime;
  private long known;
  private SignedCheckpoint onTheWay;
  private SignedCheckpoint cosigned;
  private long cosignedAt;
  private boolean isPausing;
  private boolean hasComplained;
  private int failures;

  /**
   * One for each of a policy's witnesses that has an address.
   *
   * @throws IllegalArgumentException if that is no http or https URL
   */
  static List<Submitter> ofAll(Cosigning owner, WitnessSettings settings, Machine machine) {
    List<Policy.Witness> reachable =
        settings.policy().witnesses().stream().filter(each -> each.url().isPresent()).toList();
    if (reachable.isEmpty()) {
      return List.of();
    }
    WitnessHttp http = machine.witnesses();
    WitnessSettings.Patience patience = settings.patience();
    return reachable.stream()
        .map(
            each ->
                new Submitter(
                    owner,
                    each,
                    new WitnessClient(http, each.key(), each.url().get(), patience.request()),
                    patience,
                    machine::nanoTime))
        .toList();
  }

  Submitter(
      Cosigning owner,
      Policy.Witness witness,
      WitnessClient client,
      WitnessSettings.Patience patience,
      LongSupplier nanoTime) {
    this.owner = owner;
    this.witness = witness;
    this.client = client;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  Policy.Witness witness() {
    return witness;
  }

  /** Whether its answer on this checkpoint is awaited. */
  boolean isBusyWith(SignedCheckpoint target) {
    return target.equals(onTheWay);
  }

  /** Submits a checkpoint, unless it is cosigned, or the witness is not to be asked now. */
  void offer(SignedCheckpoint target) {
    boolean isFresh =
        target.equals(cosigned)
            && nanoTime.getAsLong() - cosignedAt < patience.refresh() * 1_000_000;
    if (onTheWay == null && !isPausing && !isFresh && known <= target.head().size()) {
      send(target, 0);
    }
  }

  private void send(SignedCheckpoint target, int conflicts) {
    List<Hash> proof;
    try {
      proof = owner.own().consistency(known, target.head().size());
    } catch (RuntimeException e) {
      // The log is being loaded again; there will be a newer checkpoint.
      LOG.debug("no proof for {}: {}", witness.name(), e.toString());
      pause();
      return;
    }
    onTheWay = target;
    long sent = known;
    CompletableFuture<Void> unused =
        client
            .add(new AddCheckpoint(sent, proof, target.note()))
            .thenAccept(reply -> owner.later(() -> answered(target, sent, conflicts, reply)));
  }

  private void answered(SignedCheckpoint target, long sent, int conflicts, Reply reply) {
    onTheWay = null;
    if (reply instanceof Cosigned it) {
      known = target.head().size();
      cosigned = target;
      cosignedAt = nanoTime.getAsLong();
      recovered();
      heard.complete(null);
      owner.cosigned(target, it.cosignature());
    } else if (reply instanceof Conflict conflict) {
      conflict(target, sent, conflicts, conflict.size());
    } else {
      Failed failed = (Failed) reply;
      if (failed.status() == 422) {
        compare(failed.sentence());
      } else {
        failed(failed.sentence() + owner.own().hint(failed.status()));
      }
    }
    owner.advance();
  }

  private void conflict(SignedCheckpoint target, long sent, int conflicts, long size) {
    if (size > owner.own().size()) {
      owner.isAhead(witness, size);
      compare("it says that it has cosigned " + size + " entries, more than there are");
    } else if (size == sent || conflicts == MAX_CONFLICTS) {
      failed("it answers that it has cosigned " + size + " entries, and refuses to go on there");
    } else {
      known = size;
      if (size <= target.head().size()) {
        send(target, conflicts + 1);
      }
    }
  }

  // What it says would mean that this log's key has signed another history: it can show that.
  private void compare(String sentence) {
    isPausing = true;
    CompletableFuture<Void> unused =
        client
            .cosigned(owner.own().origin())
            .thenAccept(
                note ->
                    owner.later(
                        () -> {
                          isPausing = false;
                          owner.compare(witness, note);
                          failed(sentence);
                        }));
  }

  private void recovered() {
    failures = 0;
    if (hasComplained) {
      hasComplained = false;
      LOG.info("witness {} cosigns again", witness.name());
    }
  }

  private void failed(String sentence) {
    heard.complete(null);
    if (hasComplained) {
      LOG.debug("witness {}: {}", witness.name(), sentence);
    } else {
      hasComplained = true;
      LOG.warn(
          "witness {} ({}) does not cosign: {}", witness.name(), witness.key().name(), sentence);
    }
    pause();
  }

  private void pause() {
    long doubled = patience.retry() << Math.min(failures, MAX_DOUBLINGS);
    failures++;
    isPausing = true;
    owner.after(
        Math.min(doubled, patience.maxRetry()),
        () -> {
          isPausing = false;
          owner.advance();
        });
  }
}
