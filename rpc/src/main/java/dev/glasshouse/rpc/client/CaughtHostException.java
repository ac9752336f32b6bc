package dev.glasshouse.rpc.client;

import java.nio.file.Path;
import java.util.Optional;

/** The host contradicts itself or its log. The message says how, and where the evidence is. */
public final class CaughtHostException extends ClientException {
  private static final long serialVersionUID = 1L;

  private final transient Path evidence;
  private final boolean proved;

  public CaughtHostException(String message) {
    this(message, (Throwable) null);
  }

  public CaughtHostException(String message, Throwable cause) {
    super(message, cause);
    this.evidence = null;
    this.proved = false;
  }

  /**
   * With evidence.
   *
   * @param proved whether the file alone proves it to anybody
   */
  CaughtHostException(String message, Path evidence, boolean proved) {
    super(message);
    this.evidence = evidence;
    this.proved = proved;
  }

  /** The file of evidence, a {@link dev.glasshouse.calllog.evidence.Evidence}, if there is one. */
  public Optional<Path> evidence() {
    return Optional.ofNullable(evidence);
  }

  /** Whether the evidence alone proves to anybody that the host has lied. */
  public boolean proved() {
    return proved;
  }
}
