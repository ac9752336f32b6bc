package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.object;
import static dev.glasshouse.calllog.VectorGenerator.refused;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** canonical-json.json. */
final class JsonVectors {
  private JsonVectors() {}

  static Map<String, Object> canonicalJson() {
    return object(
        "about",
        "Canonical JSON: RFC 8785 with integers within 2^53 as the only numbers. \"valid\": texts"
            + " in canonical form. \"formatted\": JSON and its canonical form. \"malformed\": texts"
            + " or bytes that a parser of canonical JSON refuses.",
        "valid",
        valid(),
        "formatted",
        formatted(),
        "malformed",
        malformed());
  }

  private static List<Object> valid() {
    return List.of(
        "null",
        "true",
        "false",
        "0",
        "-1",
        "9007199254740992",
        "-9007199254740992",
        "\"\"",
        "\"a/b\"",
        "\"\\\"\\\\\\b\\t\\n\\f\\r\\u0000\\u001f\"",
        "\"\u007f\u0080\u2028\ufeff\ufffd\u20ac\ud83d\ude00\"",
        "[]",
        "{}",
        "[null,[true,{\"\":0}],\"x\"]",
        "{\"1\":1,\"10\":2,\"2\":3,\"A\":4,\"a\":5}",
        "{\"\\r"
            + "\":1,\"1\":2,\"\u0080\":3,\"\u00f6\":4,\"\u20ac\":5,\"\ud83d\ude00\":6,\"\ufb33\":7}",
        "[".repeat(CanonicalJson.MAX_DEPTH) + "]".repeat(CanonicalJson.MAX_DEPTH));
  }

  private static List<Object> formatted() {
    List<Object> cases = new ArrayList<>();
    for (String json :
        List.of(
            "{ \"b\" : 1, \"a\" : [ ] }",
            "\"\\u0061\\/\\u00e9\\ud83d\\ude00\\u000a\\u001F\"",
            "{\"\ufb33\":\"Hebrew\",\"\ud83d\ude00\":\"pair\",\"z\":\"z\",\"aa\":2,\"a\":1}",
            "[-0, 0, 12]")) {
      byte[] canonical = CanonicalJson.format(VectorFile.parse(json));
      cases.add(object("json", json, "canonical", new String(canonical, StandardCharsets.UTF_8)));
    }
    return cases;
  }

  private static List<Object> malformed() {
    int depth = CanonicalJson.MAX_DEPTH + 1;
    return List.of(
        refused("", "nothing"),
        refused(" 1", "white space before the value"),
        refused("1\n", "white space after the value"),
        refused("[1, 2]", "white space within the value"),
        refused("1 2", "two values"),
        refused("[1,]", "a comma too many"),
        refused("[1", "it ends early"),
        refused("{\"a\":1", "it ends early"),
        refused("{\"b\":1,\"a\":2}", "members out of order"),
        refused(
            "{\"\ufb33\":1,\"\ud83d\ude00\":2}", "members in order of code points, not code units"),
        refused("{\"a\":1,\"a\":1}", "a member twice"),
        refused("{\"a\":1,\"\\u0061\":1}", "a member twice, and an escape that is not needed"),
        refused("{a:1}", "a name without quotes"),
        refused("'a'", "single quotes"),
        refused("\"\\/\"", "an escape that is not needed"),
        refused("\"\\u0061\"", "an escape that is not needed"),
        refused("\"\\u000a\"", "not the shortest escape"),
        refused("\"\\u001F\"", "an escape in upper case"),
        refused("\"\\ud83d\\ude00\"", "an escape that is not needed"),
        refused("\"\\ud83d\"", "half of a surrogate pair"),
        refused("\"\\ude00\\ud83d\"", "surrogates in the wrong order"),
        refused("\"\n\"", "a control character that is not escaped"),
        refused("\"a", "a string that does not end"),
        refused("\"\\x61\"", "an unknown escape"),
        refused("1.0", "no integer"),
        refused("1e2", "no integer"),
        refused("-0", "minus zero"),
        refused("01", "a leading zero"),
        refused("+1", "a plus sign"),
        refused("0x1", "not decimal"),
        refused("NaN", "not a JSON value"),
        refused("9007199254740993", "beyond 2^53"),
        refused("-9007199254740993", "beyond -2^53"),
        refused("99999999999999999999", "beyond 2^53"),
        refused("True", "not a JSON value"),
        refused("/**/1", "a comment"),
        refused("\ufeff1", "a byte order mark"),
        refused("[".repeat(depth) + "]".repeat(depth), "deeper than " + CanonicalJson.MAX_DEPTH),
        object("reason", "an overlong form of \"a\" in UTF-8", "hex", "22c1a122"),
        object("reason", "half of a surrogate pair in UTF-8", "hex", "22eda0bd22"),
        object("reason", "a surrogate pair in UTF-8 as two (CESU-8)", "hex", "22eda0bdedb88022"),
        object("reason", "above U+10FFFF", "hex", "22f490808022"),
        object("reason", "UTF-8 that ends early", "hex", "22e28222"),
        object("reason", "Latin-1", "hex", "22e922"),
        object("reason", "UTF-16", "hex", "00310030"));
  }
}
