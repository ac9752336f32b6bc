package dev.glasshouse.rpc;

import dev.glasshouse.rpc.access.CallerRules;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

/**
 * A module, or a copy of a log, as its service has it. Who may call it, and the threads that read
 * for it, are its own: readers of a module whose disk is slow take nothing from another's.
 */
final class Mounted {
  private static final int READERS = 4;

  // Null for a copy, which is not called.
  private final Mount mount;
  private final Published log;
  private final Publication publication;
  private final Operations.Health health;
  private final CallerRules callers;
  private final WorkerExecutor readers;

  Mounted(Mount mount, ServiceSettings.Access access, Vertx vertx) {
    this(mount, new ModuleLog(mount.module()), access, vertx);
  }

  /** A copy at the root. */
  Mounted(CopiedLog copy, Vertx vertx) {
    this(null, copy, ServiceSettings.Access.DEFAULT, vertx);
  }

  private Mounted(Mount mount, Published log, ServiceSettings.Access access, Vertx vertx) {
    this.mount = mount;
    this.log = log;
    this.publication = new Publication(log);
    this.health = new Operations.Health(log);
    this.callers = CallerRules.of(access.callers(), access.callsPerSecond());
    this.readers = vertx.createSharedWorkerExecutor("readers of /" + name(), READERS);
  }

  /** As {@link Mount#name}. */
  String name() {
    return mount == null ? "" : mount.name();
  }

  /** As {@link Mount#prefix}. */
  String prefix() {
    return mount == null ? "" : mount.prefix();
  }

  /** What is published. */
  Published log() {
    return log;
  }

  Operations.Health health() {
    return health;
  }

  /**
   * Opens a session, unless this {@linkplain Published#isCopy is a copy}.
   *
   * @param user whom the client says it is, or null
   * @param base URL of the service as the client addresses it, without a slash at its end
   * @param remote the client's address, or null
   */
  Session session(String user, String base, String remote) {
    return new Session(mount, callers, user, base + mount.prefix(), remote);
  }

  /** Answers a GET of something below the mount. */
  Future<HttpAnswer> get(Asked asked) {
    if (asked.path().isEmpty()) {
      // Relative, because a server before this one may have put a path before ours.
      return Future.succeededFuture(HttpAnswer.moved("." + prefix() + "/"));
    }
    if (Operations.Health.covers(asked.path())) {
      return Future.succeededFuture(health.get(asked.path()));
    }
    return readers.executeBlocking(() -> publication.get(asked), false);
  }
}
