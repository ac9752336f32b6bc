package dev.glasshouse.verifier;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.verifier.SignedReport.Vouched;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A report under its auditor's signature, and files that only look like one. */
final class SignedReportTest {
  private static final Identity AUDITOR = HonestLog.identity("auditor");
  private static final Report REPORT = Audits.audit(Story.unsigned(), Expectations.NONE);
  private static final byte[] SIGNED = SignedReport.sign(REPORT, AUDITOR);

  private static Map<String, Object> json(byte[] bytes) {
    return PublishedLog.object(CanonicalJson.parse(bytes, SignedReport.MAX_BYTES));
  }

  private static byte[] changed(Consumer<Map<String, Object>> change) {
    Map<String, Object> map = json(SIGNED);
    change.accept(map);
    return CanonicalJson.format(map);
  }

  private static void requireMalformed(String message, byte[] bytes) {
    MalformedException e =
        assertThrows(MalformedException.class, () -> SignedReport.verify(bytes), message);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  @Test
  void isReadAsItWasSigned() {
    Vouched read = SignedReport.read(SIGNED);

    assertEquals(AUDITOR.publicKey(), read.auditor());
    assertArrayEquals(REPORT.toJson(), read.report().toJson());
    assertEquals(AUDITOR.publicKey(), SignedReport.verify(SIGNED));
  }

  @Test
  void theSignatureIsOverTheReportAndWhatItIsFor() {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes("glasshouse/report/v1\n".getBytes(US_ASCII));
    message.writeBytes(REPORT.toJson());

    byte[] signature = Base64.getDecoder().decode((String) json(SIGNED).get("signature"));

    assertTrue(AUDITOR.publicKey().verify(message.toByteArray(), signature));
  }

  @Test
  void anotherReportThanTheOneThatWasSignedIsRefused() {
    byte[] other =
        changed(map -> PublishedLog.object(map.get("report")).put("engine", "another engine"));
    assertThrows(UnverifiedException.class, () -> SignedReport.read(other));
    byte[] otherKey =
        changed(map -> map.put("key", HonestLog.identity("eve").publicKey().format()));
    assertThrows(UnverifiedException.class, () -> SignedReport.read(otherKey));
  }

  @Test
  void hasAKeyAReportAndASignatureAndNothingElse() {
    String members = "a signed report has key, report and signature";
    requireMalformed(members, "[]".getBytes(UTF_8));
    requireMalformed(members, changed(map -> map.put("more", 1L)));
    requireMalformed(members, changed(map -> map.remove("key")));
    for (String name : List.of("key", "report", "signature")) {
      requireMalformed(members, changed(map -> map.put(name, 1L)));
    }
  }

  @Test
  void aSignatureHasOneForm() {
    String signature = (String) json(SIGNED).get("signature");
    assertTrue(signature.endsWith("=="), signature);
    requireMalformed("is base64", changed(map -> map.put("signature", "*")));
    String unpadded = signature.substring(0, signature.length() - 2);
    requireMalformed("in its canonical form", changed(map -> map.put("signature", unpadded)));
  }
}
