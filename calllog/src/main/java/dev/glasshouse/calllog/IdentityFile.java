package dev.glasshouse.calllog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/** Key files: their PEM armour, and how they are read and written. */
final class IdentityFile {
  static final String ENCRYPTED =
      "the key is protected by a passphrase: remove it with `ssh-keygen -p -N \"\" -f FILE`, or use"
          + " a key without one";

  /** The largest key file in bytes; one of ours has 399. */
  static final int MAX_BYTES = 16 * 1024;

  private static final String OPENSSH = "OPENSSH PRIVATE KEY";
  private static final String PKCS8 = "PRIVATE KEY";
  private static final int COLUMNS = 70;
  private static final int PKCS8_COLUMNS = 64;

  /** All of a PKCS#8 key before its seed, as RFC 8410 section 10.3 shows it. */
  private static final byte[] PKCS8_ED25519 =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  /** The same for a seed of ML-DSA-44, as RFC 9881 appendix C.1.1 shows it. */
  private static final byte[] PKCS8_ML_DSA =
      HexFormat.of().parseHex("3034020100300b060960864801650304031104228020");

  private IdentityFile() {}

  static SigningKey load(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      NoSuchFileException clearer =
          new NoSuchFileException(
              file.toString(), null, "no such key file: make one with `ssh-keygen -t ed25519`");
      clearer.initCause(e);
      throw clearer;
    }
    try {
      return parse(bytes);
    } catch (MalformedException e) {
      throw new MalformedException(file + ": " + e.getMessage(), e);
    }
  }

  static Identity loadEd25519(Path file) throws IOException {
    if (load(file) instanceof Identity identity) {
      return identity;
    }
    throw new MalformedException(file + ": an ML-DSA key, with which only a witness signs");
  }

  static boolean isReadableByOthers(Path file) throws IOException {
    if (!hasPermissions(file)) {
      return false;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    return permissions.contains(PosixFilePermission.GROUP_READ)
        || permissions.contains(PosixFilePermission.OTHERS_READ);
  }

  static void save(SigningKey identity, Path file) throws IOException {
    Path target = file.toAbsolutePath();
    Path parent = target.getParent();
    if (parent == null || Files.exists(target)) {
      throw new FileAlreadyExistsException(file.toString(), null, "a key is never overwritten");
    }
    Path draft = Files.createTempFile(parent, ".identity", ".draft", ownerOnly(parent));
    try {
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(format(identity).getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      publish(draft, target);
    } finally {
      Files.deleteIfExists(draft);
    }
    syncDirectory(parent);
  }

  /** A link appears at once and, unlike a rename, never replaces a file made meanwhile. */
  private static void publish(Path draft, Path target) throws IOException {
    try {
      Files.createLink(target, draft);
    } catch (UnsupportedOperationException e) {
      Files.move(draft, target);
    }
  }

  private static void syncDirectory(Path directory) throws IOException {
    if (hasPermissions(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path directory) {
    return hasPermissions(directory)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean hasPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  static String format(SigningKey key) {
    return key instanceof Identity identity
        ? armour(OPENSSH, COLUMNS, OpenSshKey.encode(identity))
        : armour(PKCS8, PKCS8_COLUMNS, encodeMlDsa((MlDsaIdentity) key));
  }

  private static String armour(String label, int columns, byte[] bytes) {
    // A line need not end with a group of four characters, as those of Java's own encoder do.
    String text = Base64.getEncoder().encodeToString(bytes);
    StringBuilder out = new StringBuilder(begin(label)).append('\n');
    for (int at = 0; at < text.length(); at += columns) {
      out.append(text, at, Math.min(at + columns, text.length())).append('\n');
    }
    return out.append(end(label)).append('\n').toString();
  }

  private static byte[] encodeMlDsa(MlDsaIdentity identity) {
    return ByteBuffer.allocate(PKCS8_ML_DSA.length + MlDsaIdentity.SEED_BYTES)
        .put(PKCS8_ML_DSA)
        .put(identity.seed())
        .array();
  }

  static SigningKey parse(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedException("a key file has at most " + MAX_BYTES + " bytes");
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
    if (text.startsWith(begin(OPENSSH))) {
      return OpenSshKey.decode(body(text, OPENSSH));
    }
    if (text.startsWith(begin(PKCS8))) {
      return decodePkcs8(body(text, PKCS8));
    }
    if (text.startsWith(begin("ENCRYPTED PRIVATE KEY")) || text.contains("\nProc-Type: 4,ENC")) {
      throw new MalformedException(ENCRYPTED);
    }
    if (text.startsWith("ssh-")) {
      throw new MalformedException("this is a public key: name the file without .pub");
    }
    throw new MalformedException(
        "not an Ed25519 private key: make one with `ssh-keygen -t ed25519`");
  }

  private static SigningKey decodePkcs8(byte[] der) {
    if (isSeedAfter(PKCS8_ED25519, der)) {
      return Identity.ofSeed(Arrays.copyOfRange(der, PKCS8_ED25519.length, der.length));
    }
    if (isSeedAfter(PKCS8_ML_DSA, der)) {
      return MlDsaIdentity.ofSeed(Arrays.copyOfRange(der, PKCS8_ML_DSA.length, der.length));
    }
    throw new MalformedException("not an Ed25519 key, nor a seed of ML-DSA-44, in PKCS#8 form");
  }

  // Both algorithms have seeds of 32 bytes.
  private static boolean isSeedAfter(byte[] head, byte[] der) {
    return der.length == head.length + Identity.SEED_BYTES
        && Arrays.equals(Arrays.copyOf(der, head.length), head);
  }

  /** The bytes between the two PEM lines, however they are broken into lines. */
  private static byte[] body(String text, String label) {
    if (!text.endsWith(end(label)) || text.length() < begin(label).length() + end(label).length()) {
      throw new MalformedException("a key file that does not end in " + end(label));
    }
    String lines = text.substring(begin(label).length(), text.length() - end(label).length());
    try {
      return Base64.getDecoder().decode(lines.replaceAll("[\r\n]", ""));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("a key file whose lines are not base64", e);
    }
  }

  private static String begin(String label) {
    return "-----BEGIN " + label + "-----";
  }

  private static String end(String label) {
    return "-----END " + label + "-----";
  }
}
