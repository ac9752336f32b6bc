package dev.glasshouse.calllog.store;

/**
 * What the bytes under the log can suffer: {@link StoreException} or {@link StoreDamagedException}.
 */
public abstract class StoreFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
