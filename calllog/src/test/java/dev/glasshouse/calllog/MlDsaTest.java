package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ML-DSA-44 keys, against the example keys of RFC 9881 appendix C. */
class MlDsaTest {
  /** The seed of RFC 9881's examples: 0, 1, 2, to 31. */
  private static final byte[] SEED = new byte[32];

  static {
    for (int i = 0; i < SEED.length; i++) {
      SEED[i] = (byte) i;
    }
  }

  /** Appendix C.1.1.1. */
  private static final String FILE =
      """
      -----BEGIN PRIVATE KEY-----
      MDQCAQAwCwYJYIZIAWUDBAMRBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ
      GhscHR4f
      -----END PRIVATE KEY-----
      """;

  /** The beginning of the 1,312 bytes in appendix C.2. */
  private static final String PUBLIC =
      "17K0clSq4NtF55MNSpjSyX2PE5fReJ2voXAksxbpvslPyZRtQvGbeadBO7qjPnFJy0LtURVpOsBB+suYit61/g4dhjEYSZW1";

  private static final byte[] MESSAGE = "what is signed".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path temp;

  @Test
  void aSeedGivesTheKeyOfTheSpecification() {
    MlDsaIdentity identity = MlDsaIdentity.ofSeed(SEED);
    byte[] key = identity.publicKey().bytes();
    assertEquals(MlDsaKey.BYTES, key.length);
    assertEquals(PUBLIC, Base64.getEncoder().encodeToString(Arrays.copyOf(key, 72)));
    assertEquals(FILE, IdentityFile.format(identity));
    MlDsaIdentity read = (MlDsaIdentity) IdentityFile.parse(FILE.getBytes(StandardCharsets.UTF_8));
    assertArrayEquals(SEED, read.seed());
    assertEquals(identity.publicKey(), MlDsaKey.ofBytes(key));
    assertNotEquals(identity.publicKey(), MlDsaIdentity.ofSeed(new byte[32]).publicKey());
    assertNotEquals(identity.publicKey(), (Object) FILE);
    assertFalse(read.toString().contains("AAECAw"), "a secret is not shown");
  }

  @Test
  void aSignatureHoldsForItsMessageAndKeyOnly() {
    MlDsaIdentity identity = MlDsaIdentity.ofSeed(SEED);
    byte[] signature = identity.sign(MESSAGE);
    assertEquals(MlDsaKey.SIGNATURE_BYTES, signature.length);
    assertArrayEquals(signature, identity.sign(MESSAGE));
    MlDsaKey key = identity.publicKey();
    assertTrue(key.verify(MESSAGE, signature));
    assertFalse(key.verify(Arrays.copyOf(MESSAGE, 3), signature));
    assertFalse(MlDsaIdentity.ofSeed(new byte[32]).publicKey().verify(MESSAGE, signature));
    for (int length : new int[] {0, 64, 2419, 2421, 4840}) {
      assertFalse(key.verify(MESSAGE, Arrays.copyOf(signature, length)));
    }
    Random random = new Random(44);
    for (int i = 0; i < 100; i++) {
      byte[] changed = signature.clone();
      int at = random.nextInt(changed.length);
      changed[at] ^= (byte) (1 << random.nextInt(8));
      assertFalse(key.verify(MESSAGE, changed), "byte " + at + ", seed 44");
      random.nextBytes(changed);
      assertFalse(key.verify(MESSAGE, changed), "random bytes, seed 44");
    }
  }

  @Test
  void anyKeyOfTheRightLengthVerifiesWithoutFailing() {
    Random random = new Random(45);
    byte[] bytes = new byte[MlDsaKey.BYTES];
    for (int i = 0; i < 20; i++) {
      random.nextBytes(bytes);
      assertFalse(MlDsaKey.ofBytes(bytes).verify(MESSAGE, new byte[MlDsaKey.SIGNATURE_BYTES]));
    }
    assertThrows(MalformedException.class, () -> MlDsaKey.ofBytes(new byte[1311]));
    assertThrows(MalformedException.class, () -> MlDsaKey.ofBytes(new byte[32]));
    assertThrows(MalformedException.class, () -> MlDsaIdentity.ofSeed(new byte[31]));
  }

  @Test
  void aFileIsReadBackByThoseWhoMayHaveIt() throws IOException {
    MlDsaIdentity identity = MlDsaIdentity.ofSeed(SEED);
    Path file = temp.resolve("key");
    identity.save(file);
    assertEquals(FILE, Files.readString(file));
    assertFalse(Identity.isReadableByOthers(file));
    SigningKey read = assertInstanceOf(MlDsaIdentity.class, SigningKey.load(file));
    assertEquals(identity.publicKey(), read.publicKey());
    assertThrows(FileAlreadyExistsException.class, () -> identity.save(file));
    // Callers and hosts sign with Ed25519.
    MalformedException refused = assertThrows(MalformedException.class, () -> Identity.load(file));
    assertTrue(refused.getMessage().startsWith(file + ": an ML-DSA key"), refused.getMessage());
    Path other = temp.resolve("other");
    Identity ed25519 = Identity.ofSeed(SEED);
    ed25519.save(other);
    assertEquals(ed25519.publicKey(), SigningKey.load(other).publicKey());
  }

  @Test
  void otherFilesAreRefused() {
    for (String other :
        new String[] {
          FILE.replace("AABAgME", "AABAgMEAAAA"), // a longer seed
          FILE.replace("GhscHR4f", "GhscHR4"),
          FILE.replace("BAMR", "BAMS"), // ML-DSA-65
          FILE.replace("BCKAIA", "BCIEIA"), // an OCTET STRING, no seed
        }) {
      byte[] bytes = other.getBytes(StandardCharsets.UTF_8);
      assertThrows(MalformedException.class, () -> IdentityFile.parse(bytes), other);
    }
  }
}
