package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallRefused;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A request in the queue: its signature may still be under verification elsewhere. */
final class Waiting {
  private final CompletableFuture<Submission> verified;
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();

  Waiting(CompletableFuture<Submission> verified) {
    this.verified = verified;
  }

  /**
   * The verified request; waits for its verification, and throws {@link CallRefused} if it fails.
   */
  Submission submission() {
    try {
      return verified.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof CallRefused) {
        throw (CallRefused) e.getCause();
      }
      throw e;
    }
  }

  /** Completes when the request was answered; exceptionally with {@link CallRefused}. */
  CompletableFuture<Answer> future() {
    return answer;
  }

  void answer(Answer result) {
    answer.complete(result);
  }

  void refuse(CallRefused refusal) {
    answer.completeExceptionally(refusal);
  }
}
