package dev.glasshouse.rpc;

import dev.glasshouse.rpc.access.CallerRules;
import java.util.concurrent.CompletableFuture;

/** A connection without a socket. */
public final class SimulatedSession {
  private final Session session;

  /**
   * Connects to a module.
   *
   * @param user whom the client says it is, or null
   */
  public SimulatedSession(HostedModule module, String user) {
    this.session =
        new Session(Mount.atRoot(module), CallerRules.NONE, user, "ws://simulated", null);
  }

  /** Answers a frame, as {@link Session#answer}. */
  public CompletableFuture<String> answer(String frame) {
    return session.answer(frame);
  }
}
