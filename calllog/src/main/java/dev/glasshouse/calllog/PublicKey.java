package dev.glasshouse.calllog;

import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 public key that our verification rule accepts. Its text form is {@code
 * ed25519:<base64url without padding>}, 51 characters.
 *
 * <p><b>The rule.</b> Implementations of Ed25519 differ on crafted keys and signatures; a log must
 * not, because replicas would part ways. Let A be the 32 bytes of the key, M the message, and the
 * signature R ‖ S, exactly 64 bytes; numbers are little-endian; p = 2^255 - 19; L = 2^252 +
 * 27742317777372353535851937790883648493; B is the base point of RFC 8032. A signature is valid if
 * and only if all of this holds:
 *
 * <ol>
 *   <li>S is below L.
 *   <li>A and R are canonical: the lower 255 bits, y, are below p.
 *   <li>A and R are not of low order: y is none of 0, 1, p - 1 and the two y-coordinates of the
 *       points of order 8, 26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05 and
 *       c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a, whatever the sign bit is.
 *       (That leaves no encoding with x = 0, hence none of "minus zero".)
 *   <li>A and R decode to points of the curve (RFC 8032 section 5.1.3).
 *   <li>[8][S]B = [8]R + [8][k]A, where k = SHA-512(R ‖ A ‖ M) over the bytes as given. This is the
 *       cofactored equation of RFC 8032 section 5.1.7. Many verifiers use the cofactorless one,
 *       which refuses some signatures when A or R has a part of low order; ours accepts them.
 * </ol>
 *
 * <p>Bouncy Castle's verifier computes the last two (it scales the equation by a factor that is no
 * multiple of L, and multiplies by 8). In the words of the C2SP/CCTV test vectors: refused are
 * {@code low_order_A}, {@code low_order_R}, {@code non_canonical_A} and {@code non_canonical_R};
 * accepted are {@code low_order_component_A}, {@code low_order_component_R} and {@code
 * low_order_residue}. A ZIP 215 verifier after the checks 2 and 3 gives the same answers.
 */
public final class PublicKey implements VerifyingKey {
  /** Length of a key in bytes. */
  public static final int BYTES = 32;

  /** Length of a signature in bytes. */
  public static final int SIGNATURE_BYTES = 64;

  private static final String PREFIX = "ed25519:";

  private final byte[] bytes;
  private final Ed25519.PublicPoint point;
  private final String text;
  private final int hash;

  private PublicKey(byte[] bytes, Ed25519.PublicPoint point) {
    this.bytes = bytes;
    this.point = point;
    this.text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    this.hash = Arrays.hashCode(bytes);
  }

  /** Takes a copy of 32 bytes. Refuses what the rule refuses as A. */
  public static PublicKey ofBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new MalformedException("an Ed25519 key has 32 bytes, not " + bytes.length);
    }
    byte[] copy = bytes.clone();
    if (!Ed25519Rule.allowsPoint(copy, 0)) {
      throw new MalformedException("an Ed25519 key of low order or not in its canonical form");
    }
    Ed25519.PublicPoint point = Ed25519.validatePublicKeyPartialExport(copy, 0);
    if (point == null) {
      throw new MalformedException("an Ed25519 key that is no point of the curve");
    }
    return new PublicKey(copy, point);
  }

  /** Parses the text form; accepts only what {@link #format} writes. */
  public static PublicKey parse(String text) {
    if (!text.startsWith(PREFIX)) {
      throw new MalformedException("a public key is written as ed25519:<base64url>");
    }
    byte[] decoded;
    try {
      decoded = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("a public key is written as ed25519:<base64url>", e);
    }
    PublicKey key = ofBytes(decoded);
    if (!key.format().equals(text)) {
      throw new MalformedException("base64url of a public key is not in its canonical form");
    }
    return key;
  }

  /** The text form. */
  public String format() {
    return text;
  }

  /** Whether {@code signature} is valid for {@code message} under the rule; never throws. */
  @Override
  public boolean verify(byte[] message, byte[] signature) {
    return signature.length == SIGNATURE_BYTES
        && Ed25519Rule.allowsScalar(signature, BYTES)
        && Ed25519Rule.allowsPoint(signature, 0)
        && Ed25519.verify(signature, 0, point, message, 0, message.length);
  }

  /** A copy of the 32 bytes. */
  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** The text form. */
  @Override
  public String toString() {
    return format();
  }
}
