package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicKeyTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Identity IDENTITY = Identity.ofSeed(new byte[32]);
  private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);
  private static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  /** RFC 8032 section 7.1, tests 1 to 3. */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
        + "1cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613"
        + "d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760"
        + "984dc6594a7c15e9716ed28dc027beceea1ec40a"
  })
  void signaturesAreThoseOfTheRfc(String seed, String key, String message, String signature) {
    Identity identity = Identity.ofSeed(HEX.parseHex(seed));
    assertEquals(key, HEX.formatHex(identity.publicKey().bytes()));
    assertEquals(signature, HEX.formatHex(identity.sign(HEX.parseHex(message))));
    assertTrue(identity.publicKey().verify(HEX.parseHex(message), HEX.parseHex(signature)));
  }

  /** The expected verdict follows from the flags alone, as the class comment says. */
  @Test
  void edgeCasesAreJudgedByTheRule() throws IOException {
    Set<String> refused =
        Set.of("low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R");
    Set<String> accepted =
        Set.of("low_order_component_A", "low_order_component_R", "low_order_residue");
    Set<String> acceptedAlone = new TreeSet<>();
    int vectors = 0;
    for (String line : lines("ed25519vectors.txt")) {
      if (line.startsWith("#")) {
        continue;
      }
      vectors++;
      String[] fields = line.split(" ", 4);
      Set<String> flags = new TreeSet<>(Arrays.asList(fields[2].split(",", -1)));
      flags.remove("-");
      boolean expected = flags.stream().noneMatch(refused::contains);
      byte[] message = fields[3].getBytes(StandardCharsets.UTF_8);
      assertEquals(
          expected,
          verify(HEX.parseHex(fields[0]), message, HEX.parseHex(fields[1])),
          () -> "vector " + line);
      if (expected) {
        assertTrue(accepted.containsAll(flags), () -> "a flag the rule does not name: " + line);
        acceptedAlone.add(String.join(" ", flags));
      }
    }
    assertEquals(914, vectors);
    assertTrue(acceptedAlone.contains("low_order_component_A low_order_residue"));
    assertTrue(acceptedAlone.contains("low_order_component_R low_order_residue"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      })
  void lowOrderPointsInAllTheirEncodingsAreRefused(String point) {
    byte[] bytes = HEX.parseHex(point);
    assertFalse(Ed25519Rule.allowsPoint(bytes, 0));
    assertThrows(MalformedException.class, () -> PublicKey.ofBytes(bytes));
    byte[] signature = IDENTITY.sign(MESSAGE);
    System.arraycopy(bytes, 0, signature, 0, 32);
    assertFalse(IDENTITY.publicKey().verify(MESSAGE, signature));
  }

  @Test
  void everyNonCanonicalYIsRefused() {
    for (int y = 0; y < 19; y++) {
      byte[] bytes = littleEndian(P.add(BigInteger.valueOf(y)));
      assertFalse(Ed25519Rule.allowsPoint(bytes, 0), "p + " + y);
      bytes[31] |= (byte) 0x80;
      assertFalse(Ed25519Rule.allowsPoint(bytes, 0), "p + " + y + ", sign bit");
    }
    assertTrue(Ed25519Rule.allowsPoint(littleEndian(P.subtract(BigInteger.TWO)), 0));
    assertTrue(Ed25519Rule.allowsPoint(littleEndian(BigInteger.TWO), 0));
  }

  @Test
  void aPointOffTheCurveIsNoKey() {
    int refused = 0;
    for (int y = 2; y < 40; y++) {
      byte[] bytes = littleEndian(BigInteger.valueOf(y));
      BigInteger yy = BigInteger.valueOf(y).pow(2);
      BigInteger d = BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P));
      BigInteger xx =
          yy.subtract(BigInteger.ONE)
              .multiply(d.multiply(yy).add(BigInteger.ONE).modInverse(P))
              .mod(P);
      boolean square = xx.modPow(P.shiftRight(1), P).equals(BigInteger.ONE);
      if (square) {
        assertArrayEquals(bytes, PublicKey.ofBytes(bytes).bytes());
      } else {
        assertThrows(MalformedException.class, () -> PublicKey.ofBytes(bytes));
        refused++;
      }
    }
    assertTrue(refused > 5, "some y are not on the curve");
  }

  @Test
  void scalarsFromTheGroupOrderUpAreRefused() {
    byte[] signature = IDENTITY.sign(MESSAGE);
    BigInteger s = number(Arrays.copyOfRange(signature, 32, 64));
    assertTrue(IDENTITY.publicKey().verify(MESSAGE, signature));
    for (int times = 1; times <= 15; times++) {
      byte[] scalar = littleEndian(s.add(L.multiply(BigInteger.valueOf(times))));
      byte[] malleable = signature.clone();
      System.arraycopy(scalar, 0, malleable, 32, 32);
      assertFalse(IDENTITY.publicKey().verify(MESSAGE, malleable), "S + " + times + " L");
    }
    assertFalse(Ed25519Rule.allowsScalar(littleEndian(L), 0));
    assertTrue(Ed25519Rule.allowsScalar(littleEndian(L.subtract(BigInteger.ONE)), 0));
    assertTrue(Ed25519Rule.allowsScalar(littleEndian(BigInteger.ZERO), 0));
  }

  @Test
  void everyFlippedBitOfASignatureIsNoticed() {
    byte[] signature = IDENTITY.sign(MESSAGE);
    for (int bit = 0; bit < 512; bit++) {
      byte[] flipped = signature.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(IDENTITY.publicKey().verify(MESSAGE, flipped), "bit " + bit);
    }
    assertFalse(IDENTITY.publicKey().verify(new byte[0], signature));
    assertFalse(IDENTITY.publicKey().verify(MESSAGE, Arrays.copyOf(signature, 63)));
    assertFalse(IDENTITY.publicKey().verify(MESSAGE, Arrays.copyOf(signature, 65)));
    assertFalse(IDENTITY.publicKey().verify(MESSAGE, new byte[0]));
    assertFalse(IDENTITY.publicKey().verify(MESSAGE, new byte[64]));
  }

  @Test
  void textIsReadBack() {
    String text = "ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik";
    PublicKey key = PublicKey.parse(text);
    assertEquals(IDENTITY.publicKey(), key);
    assertEquals(IDENTITY.publicKey().hashCode(), key.hashCode());
    assertEquals(text, key.format());
    assertEquals(text, key.toString());
    byte[] seed = new byte[32];
    seed[0] = 1;
    assertNotEquals(key, Identity.ofSeed(seed).publicKey());
    assertNotEquals(key, (Object) text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ed25519:",
        "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik",
        "Ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik",
        "ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=",
        "ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2il",
        "ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2i",
        "ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ikA",
        "ed25519: O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik",
        "ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik\n",
        "ed25519:/2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik",
        "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void otherTextIsRefused(String text) {
    assertThrows(MalformedException.class, () -> PublicKey.parse(text));
  }

  private static boolean verify(byte[] key, byte[] message, byte[] signature) {
    try {
      return PublicKey.ofBytes(key).verify(message, signature);
    } catch (MalformedException e) {
      return false;
    }
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in = PublicKeyTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }

  private static byte[] littleEndian(BigInteger number) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < 32; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }

  private static BigInteger number(byte[] littleEndian) {
    BigInteger number = BigInteger.ZERO;
    for (int i = 31; i >= 0; i--) {
      number = number.shiftLeft(8).add(BigInteger.valueOf(littleEndian[i] & 0xff));
    }
    return number;
  }
}
