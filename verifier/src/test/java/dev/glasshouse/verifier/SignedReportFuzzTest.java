package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Untrusted;
import java.util.Base64;
import java.util.Map;

class SignedReportFuzzTest {
  @FuzzTest
  void reports(byte[] input) {
    Untrusted.verify(input, SignedReport::verify)
        .ifPresent(
            auditor -> {
              Map<?, ?> map = (Map<?, ?>) CanonicalJson.parse(input, SignedReport.MAX_BYTES);
              assertEquals(auditor.format(), map.get("key"));
              String signature = (String) map.get("signature");
              byte[] raw = Base64.getDecoder().decode(signature);
              assertEquals(Base64.getEncoder().encodeToString(raw), signature, "it has two forms");
            });
  }
}
