package dev.glasshouse.calllog.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.UnverifiedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C2SP tlog-cosignature, the Ed25519 form; {@link MlDsaCosignatureTest} has the other. */
final class CosignatureTest {
  private static final Identity WITNESS = identity(1);
  private static final String NAME = "witness.example.com/w1";
  private static final String TEXT =
      "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

  /** The example of the specification; its key is not published. */
  private static final String LINE =
      "\u2014 witness.example.com/w1"
          + " jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe"
          + "+mbIUBkBIfZ+qnA==";

  static Identity identity(int number) {
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) number);
    return Identity.ofSeed(seed);
  }

  @Test
  void signsTheMessageOfTheSpecification() {
    WitnessKey key = new WitnessKey(NAME, WITNESS.publicKey());
    assertEquals(
        "cosignature/v1\ntime 1679315147\n" + TEXT,
        new String(Cosignature.message(key, TEXT, 1679315147), StandardCharsets.UTF_8));
    NoteSignature line = NoteSignature.parse(LINE);
    assertEquals(Cosignature.BYTES, line.bytes().length);
    assertEquals(1679315147, ByteBuffer.wrap(line.bytes()).getLong());
  }

  @Test
  void isReadBackAndHoldsForItsTextAndKeyOnly() {
    Cosignature signed = Cosignature.sign(NAME, WITNESS, TEXT, 1_700_000_000);
    NoteSignature line = NoteSignature.parse(signed.toString());
    WitnessKey key = new WitnessKey(NAME, WITNESS.publicKey());
    Cosignature verified = Cosignature.verify(key, TEXT, line);
    assertEquals(1_700_000_000, verified.time());
    assertEquals(key, verified.witness());
    assertEquals(line, verified.line());
    assertEquals(LINE.length(), signed.toString().length());

    refused(key, TEXT.replace("63", "64"), line);
    refused(new WitnessKey(NAME, identity(2).publicKey()), TEXT, line);
    refused(new WitnessKey("other", WITNESS.publicKey()), TEXT, line);
    for (int at : new int[] {0, 7, 8, 40, 71}) {
      byte[] changed = line.bytes();
      changed[at] ^= 1;
      refused(key, TEXT, new NoteSignature(NAME, key.id(), changed));
    }
    refused(key, TEXT, new NoteSignature(NAME, key.id(), Arrays.copyOf(line.bytes(), 71)));
    refused(key, TEXT, new NoteSignature(NAME, key.id(), Arrays.copyOf(line.bytes(), 73)));
  }

  private static void refused(WitnessKey key, String text, NoteSignature line) {
    assertThrows(UnverifiedException.class, () -> Cosignature.verify(key, text, line));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void aTimeIsAfter1970(long time) {
    assertThrows(IllegalArgumentException.class, () -> Cosignature.sign(NAME, WITNESS, TEXT, time));
    WitnessKey key = new WitnessKey(NAME, WITNESS.publicKey());
    byte[] signature = WITNESS.sign(Cosignature.message(key, TEXT, time));
    byte[] timed = ByteBuffer.allocate(Cosignature.BYTES).putLong(time).put(signature).array();
    refused(key, TEXT, new NoteSignature(NAME, key.id(), timed));
  }

  @Test
  void aKeyIsReadBackAndIsNoLogKey() {
    WitnessKey key = new WitnessKey(NAME, WITNESS.publicKey());
    assertEquals(key, WitnessKey.parse(key.format()));
    NoteKey log = new NoteKey(NAME, WITNESS.publicKey());
    assertThrows(MalformedException.class, () -> WitnessKey.parse(log.format()));
    assertThrows(MalformedException.class, () -> NoteKey.parse(key.format()));
    assertFalse(key.id() == log.id(), "the id tells the types apart");
    assertFalse(key.isReplayed());
    assertTrue(new WitnessKey(NAME + "/replayed", WITNESS.publicKey()).isReplayed());
  }

  @Test
  void otherKeysAreRefused() {
    String vkey = new WitnessKey(NAME, WITNESS.publicKey()).format();
    String base64 = vkey.substring(vkey.lastIndexOf('+') + 1);
    for (String other :
        new String[] {
          "",
          NAME,
          NAME + "+00000000",
          vkey.replace("+", " "),
          vkey + "=",
          vkey + "A",
          vkey.substring(0, vkey.length() - 1),
          "x" + vkey,
          vkey.substring(NAME.length()),
          "a b" + vkey,
          NAME + "+00000000+" + base64,
          base64,
        }) {
      assertThrows(MalformedException.class, () -> WitnessKey.parse(other), other);
    }
  }
}
