package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.witness.WitnessKey;
import java.nio.charset.StandardCharsets;

class KeyFuzzTest {
  @FuzzTest
  void keyFiles(byte[] input) {
    Untrusted.parse(input, IdentityFile::parse)
        .ifPresent(
            identity -> {
              byte[] ours = IdentityFile.format(identity).getBytes(StandardCharsets.US_ASCII);
              assertEquals(identity.publicKey(), IdentityFile.parse(ours).publicKey());
            });
  }

  @FuzzTest
  void publicKeys(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Untrusted.parse(input, bytes -> PublicKey.parse(text))
        .ifPresent(key -> assertEquals(text, key.format()));
    Untrusted.parse(input, bytes -> NoteKey.parse(text))
        .ifPresent(key -> assertEquals(text, key.format()));
    Untrusted.parse(input, bytes -> WitnessKey.parse(text))
        .ifPresent(key -> assertEquals(text, key.format()));
  }
}
