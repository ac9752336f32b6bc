package dev.glasshouse.vm;

/** An image whose pages are not all there: an older one, or genesis, is to be started from. */
public final class DamagedImageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DamagedImageException(String message) {
    super(message);
  }
}
