package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallRefused;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request in the queue: its signature may still be under verification elsewhere. */
final class Waiting {
  private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

  private final Machine machine;
  private final long since;
  private final CompletableFuture<Submission> verified = new CompletableFuture<>();
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();

  /** A request that will be verified. */
  Waiting(Machine machine) {
    this.machine = machine;
    this.since = machine.nanoTime();
  }

  /** A request that needs no verification. */
  Waiting(Submission submission, Machine machine) {
    this(machine);
    verified.complete(submission);
  }

  /** When it came, on {@link Machine#nanoTime}. */
  long since() {
    return since;
  }

  /** Starts the verification. */
  void verify(Supplier<Submission> verification, Executor executor) {
    verified.completeAsync(verification, executor);
  }

  /** Ends a verification that cannot be started. */
  void refuseVerification(CallRefused refusal) {
    verified.completeExceptionally(refusal);
  }

  /**
   * The verified request; waits for its verification, and throws {@link CallRefused} if it fails.
   */
  Submission submission() {
    try {
      return machine.await(verified);
    } catch (CompletionException e) {
      if (e.getCause() instanceof CallRefused) {
        throw (CallRefused) e.getCause();
      }
      // Nothing was executed: this request fails, not the module.
      LOG.error("a request could not be verified", e.getCause());
      throw new CallRefused(
          CallRefused.Reason.STOPPED, "the host failed to verify the request; its log says why");
    }
  }

  /** Completes when the request was answered; exceptionally with {@link CallRefused}. */
  CompletableFuture<Answer> future() {
    return answer;
  }

  /** Is answered with the same as the request that came first. */
  void follow(Waiting first) {
    CompletableFuture<Answer> unused =
        first.answer.whenComplete(
            (result, failure) -> {
              if (failure == null) {
                answer.complete(result);
              } else {
                answer.completeExceptionally(failure);
              }
            });
  }

  /** Is refused because of what came first, once that is known to last. */
  void refuseAfter(Waiting first, CallRefused refusal) {
    CompletableFuture<Answer> unused =
        first.answer.whenComplete(
            (result, failure) -> {
              boolean isLost =
                  failure instanceof CallRefused why && why.reason() == CallRefused.Reason.STOPPED;
              refuse(isLost ? (CallRefused) failure : refusal);
            });
  }

  void answer(Answer result) {
    answer.complete(result);
  }

  void refuse(CallRefused refusal) {
    answer.completeExceptionally(refusal);
  }
}
