package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.object;
import static dev.glasshouse.calllog.VectorFile.utf8;
import static dev.glasshouse.calllog.VectorGenerator.refused;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** keys.json. */
final class KeyVectors {
  private static final HexFormat HEX = HexFormat.of();

  /** What the rule refuses, by the names of the C2SP/CCTV vectors. */
  private static final Set<String> REFUSED =
      Set.of("low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R");

  private KeyVectors() {}

  static Map<String, Object> keys() throws IOException {
    List<Object> keys = new ArrayList<>();
    for (String name : List.of("host", "alice", "bob")) {
      keys.add(key(SampleLog.identity(name)));
    }
    return object(
        "about",
        "Ed25519 keys: seed (RFC 8032), public key, text form, OpenSSH private key file, vkey of"
            + " C2SP signed-note for the name example.com/log. \"signatures\": the verdict of the"
            + " rule; those with flags are one of each kind of C2SP/CCTV ed25519vectors."
            + " \"malformed\": texts that are no public key.",
        "keys",
        keys,
        "signatures",
        signatures(),
        "malformed",
        malformed());
  }

  private static Map<String, Object> key(Identity identity) {
    return object(
        "seed",
        HEX.formatHex(identity.seed()),
        "public",
        HEX.formatHex(identity.publicKey().bytes()),
        "text",
        identity.publicKey().format(),
        "vkey",
        new NoteKey("example.com/log", identity.publicKey()).format(),
        "openssh",
        IdentityFile.format(identity));
  }

  private static List<Object> signatures() throws IOException {
    List<Object> cases = new ArrayList<>();
    byte[] message = utf8("a message");
    byte[] key = SampleLog.ALICE.publicKey().bytes();
    byte[] signature = SampleLog.ALICE.sign(message);
    cases.add(signature("a signature", key, message, signature, true));
    cases.add(signature("another message", key, utf8("another message"), signature, false));
    byte[] other = SampleLog.BOB.publicKey().bytes();
    cases.add(signature("another key", other, message, signature, false));
    byte[] flipped = signature.clone();
    flipped[0] ^= 1;
    cases.add(signature("a flipped bit in R", key, message, flipped, false));
    byte[] large = signature.clone();
    addL(large);
    cases.add(signature("S + L", key, message, large, false));
    byte[] cut = Arrays.copyOf(signature, 63);
    cases.add(signature("63 bytes", key, message, cut, false));
    byte[] longer = Arrays.copyOf(signature, 65);
    cases.add(signature("65 bytes", key, message, longer, false));
    cases.addAll(edgeCases());
    return cases;
  }

  private static Map<String, Object> signature(
      String name, byte[] key, byte[] message, byte[] signature, boolean valid) {
    return object(
        "name",
        name,
        "public",
        HEX.formatHex(key),
        "message",
        HEX.formatHex(message),
        "signature",
        HEX.formatHex(signature),
        "valid",
        valid);
  }

  // The first vector of each set of flags.
  private static List<Object> edgeCases() throws IOException {
    List<Object> cases = new ArrayList<>();
    Set<String> taken = new TreeSet<>();
    String file;
    try (InputStream in = KeyVectors.class.getResourceAsStream("ed25519vectors.txt")) {
      file = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String line : file.lines().toList()) {
      String[] fields = line.split(" ", 4);
      if (line.startsWith("#") || !taken.add(fields[2])) {
        continue;
      }
      List<String> flags = Arrays.asList(fields[2].split(",", -1));
      boolean valid = flags.stream().noneMatch(REFUSED::contains);
      byte[] key = HEX.parseHex(fields[0]);
      byte[] signature = HEX.parseHex(fields[1]);
      cases.add(signature(fields[2], key, utf8(fields[3]), signature, valid));
    }
    return cases;
  }

  private static void addL(byte[] signature) {
    byte[] l = HEX.parseHex("edd3f55c1a631258d69cf7a2def9de14" + "00".repeat(15) + "10");
    int carry = 0;
    for (int i = 0; i < 32; i++) {
      carry += (signature[32 + i] & 0xff) + (l[i] & 0xff);
      signature[32 + i] = (byte) carry;
      carry >>= 8;
    }
  }

  private static List<Object> malformed() {
    String text = SampleLog.ALICE.publicKey().format();
    String body = text.substring("ed25519:".length());
    return List.of(
        refused("", "nothing"),
        refused(body, "no prefix"),
        refused("ED25519:" + body, "the prefix in upper case"),
        refused(text + "=", "padding"),
        refused(text + "\n", "a newline"),
        refused(text.substring(0, text.length() - 1), "too short"),
        refused(text + "A", "too long"),
        refused("ed25519:" + "A".repeat(43), "y = 0, a point of low order"),
        refused("ed25519:AQ" + "A".repeat(41), "y = 1, the neutral element"),
        refused("ed25519:7f" + "_".repeat(39) + "38", "y = p, not canonical"),
        refused("ed25519:Ag" + "A".repeat(41), "y = 2, not on the curve"),
        refused(text.substring(0, text.length() - 1) + lastSet(text), "bits behind the last byte"),
        refused("ed25519:" + "+".repeat(43), "the alphabet of standard base64"));
  }

  // The last of 43 characters holds four bits of the key and two that are zero; one of those set.
  private static char lastSet(String text) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return alphabet.charAt(alphabet.indexOf(text.charAt(text.length() - 1)) + 1);
  }
}
