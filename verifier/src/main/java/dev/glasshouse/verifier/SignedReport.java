package dev.glasshouse.verifier;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.UnverifiedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * A report with its auditor's signature: {@code {"key":…,"report":{…},"signature":BASE64}} in
 * canonical JSON. Signed is {@code glasshouse/report/v1\n} and the report's canonical JSON.
 */
public final class SignedReport {
  /** Bytes of a file at most. */
  public static final int MAX_BYTES = 16 << 20;

  private static final byte[] DOMAIN = "glasshouse/report/v1\n".getBytes(StandardCharsets.US_ASCII);

  /**
   * A report whose signature holds.
   *
   * @param auditor who vouches for it
   */
  public record Vouched(PublicKey auditor, Report report) {}

  private SignedReport() {}

  /** The report as its auditor vouches for it. */
  public static byte[] sign(Report report, Identity auditor) {
    byte[] json = report.toJson();
    Map<String, Object> map = new TreeMap<>();
    map.put("key", auditor.publicKey().format());
    map.put("report", CanonicalJson.parse(json, Integer.MAX_VALUE));
    map.put("signature", Base64.getEncoder().encodeToString(auditor.sign(message(json))));
    return CanonicalJson.format(map);
  }

  /**
   * Who signed a report.
   *
   * @throws MalformedException if it is no signed report
   * @throws UnverifiedException if the signature does not hold
   */
  public static PublicKey verify(byte[] bytes) throws UnverifiedException {
    return vouched(bytes).getKey();
  }

  /**
   * Reads a report with its auditor's signature.
   *
   * @throws MalformedException if it is no signed report, or of another version
   * @throws UnverifiedException if the signature does not hold
   */
  public static Vouched read(byte[] bytes) throws UnverifiedException {
    Map.Entry<PublicKey, Map<?, ?>> vouched = vouched(bytes);
    return new Vouched(vouched.getKey(), Report.fromJson(vouched.getValue()));
  }

  private static Map.Entry<PublicKey, Map<?, ?>> vouched(byte[] bytes) {
    if (!(CanonicalJson.parse(bytes, MAX_BYTES) instanceof Map<?, ?> map)
        || map.size() != 3
        || !(map.get("key") instanceof String key)
        || !(map.get("signature") instanceof String signature)
        || !(map.get("report") instanceof Map<?, ?> report)) {
      throw new MalformedException("a signed report has key, report and signature");
    }
    PublicKey auditor = PublicKey.parse(key);
    byte[] raw;
    try {
      raw = Base64.getDecoder().decode(signature);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("a report's signature is base64", e);
    }
    if (!Base64.getEncoder().encodeToString(raw).equals(signature)) {
      throw new MalformedException("a report's signature is base64 in its canonical form");
    }
    if (!auditor.verify(message(CanonicalJson.format(report)), raw)) {
      throw new UnverifiedException("the report is not signed by " + auditor.format());
    }
    return Map.entry(auditor, report);
  }

  private static byte[] message(byte[] json) {
    ByteArrayOutputStream message = new ByteArrayOutputStream(DOMAIN.length + json.length);
    message.writeBytes(DOMAIN);
    message.writeBytes(json);
    return message.toByteArray();
  }
}
