package dev.glasshouse.calllog;

/** The half of a key that may be known: it tells which signatures the other half made. */
public sealed interface VerifyingKey permits PublicKey, MlDsaKey {
  /** A copy of the key's bytes, in the encoding of its algorithm. */
  byte[] bytes();

  /** Whether {@code signature} is valid for {@code message}; never throws. */
  boolean verify(byte[] message, byte[] signature);
}
