package dev.glasshouse.calllog.evidence;

import dev.glasshouse.calllog.VectorFile;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Judges evidence of a fork with nothing of ours: the JDK's SHA-256 and Ed25519, and the algorithm
 * of RFC 9162, section 2.1.4.2, for consistency proofs. Reads docs/formats.md and no code.
 */
public final class SecondJudge {
  private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

  @SuppressWarnings("ArrayRecordComponent") // compared by their parts only
  private record Tree(long size, byte[] root) {}

  private SecondJudge() {}

  /** Whether the file proves a fork. */
  public static boolean proves(byte[] file) throws GeneralSecurityException {
    Map<?, ?> evidence = object(VectorFile.parse(new String(file, StandardCharsets.UTF_8)));
    byte[] entry = decode(object(evidence.get("genesis")).get("entry"));
    if (!evidence.get("log").equals(HexFormat.of().formatHex(sha256(new byte[] {0}, entry)))
        || !"fork".equals(evidence.get("claim"))) {
      return false;
    }
    Map<?, ?> genesis = object(VectorFile.parse(new String(entry, StandardCharsets.UTF_8)));
    Tree older = open((String) evidence.get("older"), genesis);
    Tree newer = open((String) evidence.get("newer"), genesis);
    if (older == null || newer == null) {
      return false;
    }
    if (older.size == newer.size) {
      return !Arrays.equals(older.root, newer.root);
    }
    if (evidence.get("prefix") == null || older.size == 0) {
      return false;
    }
    Map<?, ?> prefix = object(evidence.get("prefix"));
    byte[] root = HexFormat.of().parseHex((String) prefix.get("root"));
    return !Arrays.equals(root, older.root)
        && isConsistent(new Tree(older.size, root), newer, (List<?>) prefix.get("proof"));
  }

  private static boolean isConsistent(Tree first, Tree second, List<?> proof) {
    if (first.size >= second.size) {
      return false;
    }
    boolean isPower = Long.bitCount(first.size) == 1;
    byte[] seed = isPower ? first.root : decode(proof.get(0));
    byte[] fr = seed;
    byte[] sr = seed;
    long fn = first.size - 1;
    long sn = second.size - 1;
    while ((fn & 1) == 1) {
      fn >>= 1;
      sn >>= 1;
    }
    for (Object each : proof.subList(isPower ? 0 : 1, proof.size())) {
      byte[] hash = decode(each);
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        fr = sha256(new byte[] {1}, hash, fr);
        sr = sha256(new byte[] {1}, hash, sr);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        sr = sha256(new byte[] {1}, sr, hash);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && Arrays.equals(fr, first.root) && Arrays.equals(sr, second.root);
  }

  // Null if the log's key did not sign it.
  private static Tree open(String note, Map<?, ?> genesis) throws GeneralSecurityException {
    int blank = note.lastIndexOf("\n\n");
    String text = note.substring(0, blank + 1);
    String origin = (String) genesis.get("origin");
    String[] lines = text.split("\n", -1);
    if (!lines[0].equals(origin)) {
      return null;
    }
    String key = ((String) genesis.get("host")).substring("ed25519:".length());
    for (String line : note.substring(blank + 2).split("\n", -1)) {
      if (line.startsWith("\u2014 " + origin + " ")) {
        byte[] signed = decode(line.substring(line.lastIndexOf(' ') + 1));
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key(Base64.getUrlDecoder().decode(key)));
        verifier.update(text.getBytes(StandardCharsets.UTF_8));
        if (verifier.verify(Arrays.copyOfRange(signed, 4, signed.length))) {
          return new Tree(Long.parseLong(lines[1]), decode(lines[2]));
        }
      }
    }
    return null;
  }

  private static PublicKey key(byte[] bytes) throws GeneralSecurityException {
    byte[] spki = Arrays.copyOf(SPKI, SPKI.length + bytes.length);
    System.arraycopy(bytes, 0, spki, SPKI.length, bytes.length);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] decode(Object base64) {
    return Base64.getDecoder().decode((String) base64);
  }

  private static Map<?, ?> object(Object value) {
    return (Map<?, ?>) value;
  }
}
