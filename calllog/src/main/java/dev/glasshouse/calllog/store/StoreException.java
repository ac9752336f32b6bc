package dev.glasshouse.calllog.store;

/**
 * Input or output failed (no space, no permission, a store already open elsewhere). State unknown:
 * what was being written may or may not be there. Stop, open the store again and reload from it.
 */
public final class StoreException extends StoreFailure {
  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message, null);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
