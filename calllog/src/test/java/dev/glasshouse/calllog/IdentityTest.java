package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
  private static final Identity IDENTITY = Identity.ofSeed(new byte[32]);
  private static final Path SSH_KEYGEN = Path.of("/usr/bin/ssh-keygen");
  private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;

  @Test
  void aKeyOfSshKeygenIsRead() throws IOException {
    Identity identity = (Identity) IdentityFile.parse(resource("ssh-keygen-ed25519"));
    assertEquals(
        "ed25519:40WrDtvw4Hs1v-2GGx-qLFUC0CNdvAVeb1qQApaZ-ok", identity.publicKey().format());
    assertTrue(identity.publicKey().verify(MESSAGE, identity.sign(MESSAGE)));
  }

  @Test
  void aKeyOfOpensslIsRead() throws IOException {
    Identity identity = (Identity) IdentityFile.parse(resource("openssl-ed25519.pem"));
    assertEquals(
        "ed25519:WYWMJjVOqaZpntEcNUkXoZwYRjApNxyWcmCcb4sF034", identity.publicKey().format());
  }

  @Test
  void lineEndsOfWindowsDoNotMatter() throws IOException {
    String text = new String(resource("ssh-keygen-ed25519"), StandardCharsets.US_ASCII);
    byte[] windows = text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        IdentityFile.parse(resource("ssh-keygen-ed25519")).publicKey(),
        IdentityFile.parse(windows).publicKey());
  }

  @Test
  void whatIsSavedIsLoaded() throws IOException {
    long seed = 11;
    Random random = new Random(seed);
    for (int i = 0; i < 10; i++) {
      byte[] secret = new byte[32];
      random.nextBytes(secret);
      Path file = directory.resolve("key" + i);
      Identity.ofSeed(secret).save(file);
      Identity loaded = Identity.load(file);
      assertArrayEquals(secret, loaded.seed(), "seed " + seed);
      assertFalse(Identity.isReadableByOthers(file));
    }
    assertEquals(10, names().size(), "nothing else is left behind");
  }

  @Test
  void filesHaveTheLinesOfOpenSshAndShorterOnesAreRead() throws IOException {
    List<String> lines = IdentityFile.format(IDENTITY).lines().toList();
    List<String> own =
        new String(resource("ssh-keygen-ed25519"), StandardCharsets.US_ASCII).lines().toList();
    assertEquals(70, own.get(1).length());
    for (int i = 1; i < lines.size() - 2; i++) {
      assertEquals(70, lines.get(i).length(), lines.get(i));
    }
    String text = String.join("", lines.subList(1, lines.size() - 1));
    StringBuilder older = new StringBuilder(lines.get(0)).append('\n');
    for (int at = 0; at < text.length(); at += 68) {
      older.append(text, at, Math.min(at + 68, text.length())).append('\n');
    }
    older.append(lines.get(lines.size() - 1)).append('\n');
    byte[] bytes = older.toString().getBytes(StandardCharsets.US_ASCII);
    assertEquals(IDENTITY.publicKey(), IdentityFile.parse(bytes).publicKey());
  }

  @Test
  void sshKeygenReadsWhatIsSaved() throws Exception {
    assumeTrue(Files.isExecutable(SSH_KEYGEN), "no ssh-keygen here");
    Path file = directory.resolve("key");
    IDENTITY.save(file);
    // The type's name and the key, each led by its length (RFC 8709, section 4).
    String blob = sshKeygen("-y", "-f", file.toString()).split(" ", -1)[1];
    byte[] bytes = Base64.getDecoder().decode(blob.strip());
    byte[] key = Arrays.copyOfRange(bytes, bytes.length - PublicKey.BYTES, bytes.length);
    assertArrayEquals(IDENTITY.publicKey().bytes(), key);
    assertTrue(sshKeygen("-l", "-f", file.toString()).strip().endsWith(" (ED25519)"));
    byte[] saved = Files.readAllBytes(file);
    // To write it anew, with another comment, changes neither the form nor the key.
    String unused = sshKeygen("-c", "-q", "-C", "glasshouse", "-f", file.toString());
    byte[] written = Files.readAllBytes(file);
    assertEquals(saved.length, written.length);
    List<String> theirs = new String(written, StandardCharsets.US_ASCII).lines().toList();
    List<String> ours = new String(saved, StandardCharsets.US_ASCII).lines().toList();
    assertEquals(
        theirs.stream().map(String::length).toList(), ours.stream().map(String::length).toList());
    assertArrayEquals(IDENTITY.seed(), Identity.load(file).seed());
  }

  private static String sshKeygen(String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of(SSH_KEYGEN.toString()));
    line.addAll(List.of(arguments));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    return out;
  }

  @Test
  void savedKeysAreTheirOwnersOnly() throws IOException {
    assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path file = directory.resolve("key");
    IDENTITY.save(file);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    for (String permissions : List.of("rw-r-----", "rw----r--")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      assertTrue(Identity.isReadableByOthers(file), permissions);
    }
    assertEquals(IDENTITY.publicKey(), Identity.load(file).publicKey(), "a warning, no refusal");
  }

  @Test
  void anExistingFileIsNeverOverwritten() throws IOException {
    Path file = directory.resolve("key");
    Files.writeString(file, "precious");
    assertThrows(FileAlreadyExistsException.class, () -> IDENTITY.save(file));
    assertEquals("precious", Files.readString(file));
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, directory.resolve("nowhere"));
    assertThrows(FileAlreadyExistsException.class, () -> IDENTITY.save(link));
    assertEquals(List.of("key", "link"), names());
  }

  @Test
  void whatIsNoUsableKeySaysWhy() throws IOException {
    Path missing = directory.resolve("missing");
    Exception none = assertThrows(NoSuchFileException.class, () -> Identity.load(missing));
    assertTrue(none.getMessage().contains("missing: no such key file"), none.getMessage());
    assertReason("passphrase: remove it with `ssh-keygen -p", "ssh-keygen-ed25519-passphrase");
    assertReason("a key of type ecdsa-sha2-nistp256, not ssh-ed25519", "ssh-keygen-ecdsa");
    assertReason("name the file without .pub", "ssh-keygen-ed25519.pub");
    assertReason("not an Ed25519 private key", "README.md");
  }

  @Test
  void foreignPemIsRefused() {
    assertRefused("");
    assertRefused("-----BEGIN PRIVATE KEY-----");
    assertRefused("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertRefused("-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n");
    assertRefused("-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----\n");
    assertRefused("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
    assertRefused("-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
    assertRefused(" ".repeat(IdentityFile.MAX_BYTES) + IdentityFile.format(IDENTITY));
  }

  @Test
  void everyCutAndAlmostEveryFlipOfAKeyIsRefused() {
    byte[] bytes = OpenSshKey.encode(IDENTITY);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(MalformedException.class, () -> OpenSshKey.decode(cut), "length " + length);
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThrows(MalformedException.class, () -> OpenSshKey.decode(longer));
    String comment = "glasshouse";
    int commentAt = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(comment);
    for (int i = 0; i < bytes.length; i++) {
      byte[] flipped = bytes.clone();
      flipped[i] ^= 1;
      if (i >= commentAt && i < commentAt + comment.length()) {
        assertEquals(IDENTITY.publicKey(), OpenSshKey.decode(flipped).publicKey());
      } else {
        assertThrows(MalformedException.class, () -> OpenSshKey.decode(flipped), "byte " + i);
      }
    }
  }

  @Test
  void aPublicKeyThatIsNotOfTheSecretIsRefused() {
    byte[] other = Identity.ofSeed(Arrays.copyOf(MESSAGE, 32)).publicKey().bytes();
    String key = new String(IDENTITY.publicKey().bytes(), StandardCharsets.ISO_8859_1);
    String file = new String(OpenSshKey.encode(IDENTITY), StandardCharsets.ISO_8859_1);
    byte[] changed = file.getBytes(StandardCharsets.ISO_8859_1);
    int first = file.indexOf(key);
    int second = file.indexOf(key, first + 1);
    System.arraycopy(other, 0, changed, first, other.length);
    System.arraycopy(other, 0, changed, second, other.length);
    assertThrows(MalformedException.class, () -> OpenSshKey.decode(changed));
  }

  @Test
  void theSecretIsNotShown() {
    byte[] secret = "a secret seed that nobody sees..".getBytes(StandardCharsets.US_ASCII);
    Identity identity = Identity.ofSeed(secret);
    String shown = identity.toString();
    assertEquals("Identity[" + identity.publicKey().format() + "]", shown);
    assertFalse(shown.contains(HexFormat.of().formatHex(secret)));
    assertFalse(shown.contains(Base64.getEncoder().encodeToString(secret)));
  }

  @Test
  void generatedIdentitiesDiffer() {
    SecureRandom random = new SecureRandom();
    Identity one = Identity.generate(random);
    assertFalse(one.publicKey().equals(Identity.generate(random).publicKey()));
    assertThrows(MalformedException.class, () -> Identity.ofSeed(new byte[31]));
  }

  private void assertReason(String reason, String resource) throws IOException {
    Path file = directory.resolve(resource);
    Files.write(file, resource(resource));
    String message = assertThrows(MalformedException.class, () -> Identity.load(file)).getMessage();
    assertTrue(message.startsWith(file + ": ") && message.contains(reason), message);
  }

  private static void assertRefused(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    assertThrows(MalformedException.class, () -> IdentityFile.parse(bytes), text);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = IdentityTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
