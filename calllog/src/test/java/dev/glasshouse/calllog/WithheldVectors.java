package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.object;
import static dev.glasshouse.calllog.VectorGenerator.changed;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** In entry.json: what is told of entries whose blobs are not to be had. */
final class WithheldVectors {
  private static final String MISSING = "missing";
  private static final String MALFORMED = "malformed";

  private WithheldVectors() {}

  static List<Object> withheld() {
    String request = Request.format(List.of(new MethodCall("increment", "[]")));
    String call =
        text(SampleLog.debugCall(null, request, SampleLog.inputsOf(LongList.MAX_INLINE + 1)));
    String genesis = text(EntryVectors.ofFiles(EntryVectors.manyFiles()));
    return List.of(
        told(call, MISSING, "inputs in a blob"),
        told(changed(call, "\"root\":\"", "\"root\":\"0"), MALFORMED, "a root of 65 digits"),
        told(changed(call, "\"v\":1", "\"v\":1,\"w\":1"), MALFORMED, "an unknown member"),
        told(changed(call, "\"user\":null", "\"user\":1"), MALFORMED, "a caller that is none"),
        told(changed(call, "\"outcomes\":[", "\"outcomes\":[[],"), MISSING, "inputs come first"),
        told(
            changed(call, "\"inputs\":{\"len\":1", "\"inputs\":{\"len\":"), MALFORMED, "too short"),
        told(genesis, MISSING, "a script's files in a blob"),
        told(
            changed(genesis, "\"kind\":\"module\"", "\"kind\":\"wasm\""),
            MALFORMED,
            "an unknown kind of script"),
        told(changed(genesis, "\"title\":\"T", "\"title\":\"U"), MALFORMED, "not the origin's"),
        told(changed(genesis, "\"main\":\"", "\"main\":\"x"), MISSING, "a main file of no file"));
  }

  private static Map<String, Object> told(String text, String told, String reason) {
    return object("reason", reason, "text", text, "told", told);
  }

  private static String text(Entry entry) {
    return new String(entry.format(new LinkedHashMap<>()), StandardCharsets.UTF_8);
  }
}
