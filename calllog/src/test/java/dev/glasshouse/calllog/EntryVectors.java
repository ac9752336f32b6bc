package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.object;
import static dev.glasshouse.calllog.VectorFile.utf8;
import static dev.glasshouse.calllog.VectorGenerator.changed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** entry.json. */
final class EntryVectors {
  private EntryVectors() {}

  static Map<String, Object> entry(SampleLog log) {
    List<Object> entries = new ArrayList<>();
    for (int i = 0; i < log.entries.size(); i++) {
      entries.add(valid("entry " + i + " of the sample log", log.entries.get(i)));
    }
    return object(
        "about",
        "Entries: text, leaf hash, and the blobs they name, by their texts. \"log\": five entries"
            + " of one log, which keeps every rule of admission; its interpreter and bootstrap"
            + " script are stand-ins, so it does not replay. \"others\": single entries. \"heaps\":"
            + " numbers and SHA-256 of the pages of a heap, in hex, its root, and the list of pages"
            + " as entries name it. \"malformed\": texts that are no entry, with the blobs that a"
            + " reader finds. \"withheld\": what is told of entries by who has none of their"
            + " blobs.",
        "id",
        log.id().hex(),
        "origin",
        log.origin(),
        "scriptSource",
        SampleLog.SOURCE,
        "log",
        entries,
        "others",
        others(),
        "heaps",
        heaps(),
        "malformed",
        malformed(log),
        "withheld",
        WithheldVectors.withheld());
  }

  private static Map<String, Object> valid(String name, Entry entry) {
    Map<Hash, byte[]> blobs = new LinkedHashMap<>();
    byte[] bytes = entry.format(blobs);
    if (entry instanceof CallEntry call) {
      addText(call.request(), blobs);
      for (Outcome outcome : call.outcomes()) {
        if (outcome instanceof Outcome.Ok ok) {
          addText(ok.value(), blobs);
        }
      }
    }
    return object(
        "name",
        name,
        "text",
        text(bytes),
        "leafHash",
        Merkle.leafHash(bytes).hex(),
        "blobs",
        blobs.values().stream().map(EntryVectors::text).toList());
  }

  // The texts of the sample log that are blobs; their entries only name them.
  private static void addText(Text text, Map<Hash, byte[]> blobs) {
    if (text instanceof Text.Blob blob) {
      blobs.put(blob.sha256(), new SampleLog().blobs.get(blob.sha256()));
    }
  }

  private static List<Object> others() {
    Map<Hash, byte[]> ignored = new LinkedHashMap<>();
    String request = Request.format(List.of(new MethodCall("increment", "[]")));
    return List.of(
        valid("genesis of a debug host", SampleLog.genesis("T", true, ignored)),
        valid("a caller taken at its word", SampleLog.debugCall("ann", request, List.of())),
        valid("a caller without a name", SampleLog.debugCall(null, request, List.of())),
        valid(
            "a text of 1,024 bytes",
            SampleLog.debugCall(null, requestOf(Text.MAX_INLINE), List.of())),
        longText(),
        valid(
            "inputs of 16,384 bytes",
            SampleLog.debugCall(null, request, SampleLog.inputsOf(LongList.MAX_INLINE))),
        valid(
            "inputs of 16,385 bytes",
            SampleLog.debugCall(null, request, SampleLog.inputsOf(LongList.MAX_INLINE + 1))),
        valid("genesis of a script of three files", ofFiles("é.js", "lib/a.json", "lib/b/c.js")),
        valid("genesis of a script of many files", ofFiles(manyFiles())),
        valid("a timer's turn", timer()),
        valid(
            "a timer's turn that a limit stopped",
            SampleLog.timer(List.of(), new Outcome.Trapped("fuel", 2_001))),
        valid("an aborted call", abort()),
        valid("an aborted turn of a timer", SampleLog.abort(null, null)),
        valid("an image without a timer", SampleLog.image("1 20 0", 3, ImageEntry.NO_TIMER)),
        valid("an image with a timer", image()));
  }

  static GenesisEntry ofFiles(String... names) {
    Map<Hash, byte[]> ignored = new LinkedHashMap<>();
    GenesisEntry given = SampleLog.genesis("T", false, ignored);
    List<ScriptFileReference> files = new ArrayList<>();
    for (String name : names) {
      String source = "// " + name;
      BlobReference reference = new BlobReference(Hash.of(source), utf8(source).length);
      files.add(new ScriptFileReference(name, reference));
    }
    return new GenesisEntry(
        given.time(),
        given.origin(),
        given.host(),
        given.debug(),
        given.title(),
        given.nonce(),
        new ScriptReference(names[0], "module", files),
        given.interpreter(),
        given.bootstrap(),
        given.limits(),
        given.inputs(),
        given.outcome(),
        given.writes(),
        given.root());
  }

  /** Just so many that their list is a blob. */
  static String[] manyFiles() {
    String[] names = new String[144];
    for (int i = 0; i < names.length; i++) {
      names[i] = "lib/" + i + ".js";
    }
    return names;
  }

  private static TimerEntry timer() {
    Text wait = new Text.Inline(Long.toString(SampleLog.TIME + 250));
    Text entropy = new Text.Inline("000102");
    return SampleLog.timer(
        List.of(
            new Input(Input.TIMER, Hash.of("timer " + (SampleLog.TIME + 100)), wait),
            new Input(Input.ENTROPY, Hash.of("entropy 3"), entropy)),
        new Outcome.Thrown("Error", "in a callback", 0));
  }

  private static AbortEntry abort() {
    String request = Request.format(List.of(new MethodCall("increment", "[]")));
    return SampleLog.abort(new Caller.User("ann"), new Text.Inline(request));
  }

  private static ImageEntry image() {
    return SampleLog.image("1065048 1064952 0 1049600", 5, SampleLog.TIME + 100);
  }

  private static List<Object> heaps() {
    List<Object> heaps = new ArrayList<>();
    for (int count : new int[] {1, 2, 3, 6, 7}) {
      List<Hash> pages = SampleLog.pages(count);
      String globals = "1 20 " + count;
      HeapReference heap = HeapReference.of(globals, pages, new LinkedHashMap<>());
      heaps.add(
          object(
              "globals",
              globals,
              "pages",
              pages.stream().map(Hash::hex).toList(),
              "list",
              heap.pages().toJson(),
              "root",
              heap.root().hex()));
    }
    return heaps;
  }

  private static Map<String, Object> longText() {
    Map<Hash, byte[]> blobs = new LinkedHashMap<>();
    CallEntry given = SampleLog.debugCall(null, "", List.of());
    CallEntry entry =
        new CallEntry(
            given.seq(),
            given.prev(),
            given.time(),
            given.caller(),
            Text.of(requestOf(Text.MAX_INLINE + 1), blobs),
            given.inputs(),
            given.outcomes(),
            given.writes(),
            given.root());
    byte[] bytes = entry.format(blobs);
    return object(
        "name",
        "a text of 1,025 bytes",
        "text",
        text(bytes),
        "leafHash",
        Merkle.leafHash(bytes).hex(),
        "blobs",
        blobs.values().stream().map(EntryVectors::text).toList());
  }

  /** A request of exactly this many bytes, some of them in characters of two. */
  static String requestOf(int bytes) {
    String empty = Request.format(List.of(new MethodCall("m", "[\"\"]")));
    int left = bytes - utf8(empty).length;
    String text = "é".repeat(left / 2) + "x".repeat(left % 2);
    return Request.format(List.of(new MethodCall("m", "[\"" + text + "\"]")));
  }

  private static List<Object> malformed(SampleLog log) {
    List<Object> cases = new ArrayList<>();
    genesis(text(log.bytes.get(0)), cases);
    call(text(log.bytes.get(2)), cases);
    ofHost(cases);
    blobs(cases);
    cases.add(refused("[]", "no object"));
    cases.add(refused("", "nothing"));
    return cases;
  }

  private static void genesis(String text, List<Object> cases) {
    cases.add(refused(text, "\"v\":1", "\"v\":2", "another version"));
    cases.add(refused(text, "\"kind\":\"genesis\"", "\"kind\":\"nemesis\"", "an unknown kind"));
    cases.add(refused(text, "\"seq\":0", "\"seq\":1", "a genesis that is not entry 0"));
    cases.add(refused(text, "\"prev\":\"0", "\"prev\":\"1", "a genesis with an entry before it"));
    cases.add(refused(text, "\"auth\":\"signed\"", "\"auth\":\"none\"", "an unknown auth"));
    cases.add(
        refused(
            text,
            "\"title\":\"Counter",
            "\"title\":\"Kounter",
            "a title that is not the origin's"));
    cases.add(
        refused(text, "\"nonce\":\"00", "\"nonce\":\"01", "a nonce that is not the origin's"));
    cases.add(
        refused(text, "\"kind\":\"commonjs\"", "\"kind\":\"wasm\"", "an unknown kind of script"));
    cases.add(refused(text, "\"fuel\":2000", "\"fuel\":0", "a limit below its least"));
    cases.add(refused(text, "\"stack\":900000", "\"stack\":900001", "a limit above its most"));
    cases.add(refused(text, "\"file\":8388608,", "", "a limit is missing"));
    cases.add(
        refused(
            text,
            "\"outcome\":{\"fuel\":0,\"ok\":\"[[\\\"increment\\\",0],[\\\"π\\\",1]]\"}",
            "\"outcome\":{\"fuel\":0,\"trap\":\"fuel\"}",
            "a script that did not load"));
    cases.add(refused(text, "\"host\":\"ed25519:", "\"host\":\"ed25519", "no public key"));
    cases.add(refused(text, "\"len\":", "\"length\":", "an unknown member"));
    cases.add(refused(text, "\"watchdog\":10000", "\"watchdog\":99", "a watchdog too early"));
    cases.add(refused(text, "\"wait\":10000", "\"wait\":600001", "a wait too long"));
    cases.add(refused(text, "\"name\":\"counter.js\"", "\"name\":\"\"", "an empty name"));
    cases.add(
        refused(text, "\"main\":\"counter.js\"", "\"main\":\"b.js\"", "a main file of no file"));
    script(cases);
  }

  private static void script(List<Object> cases) {
    Map<Hash, byte[]> ignored = new LinkedHashMap<>();
    String text = text(ofFiles("a", "lib/b").format(ignored));
    for (String name : List.of("/b", "lib//b", "lib/", "./b", "lib/../b", "..")) {
      cases.add(refused(text, "\"lib/b\"", "\"" + name + "\"", "a file named " + name));
    }
    cases.add(refused(text, "\"lib/b\"", "\"a\"", "two files of one name"));
    cases.add(refused(text, "\"lib/b\"", "\"A\"", "files out of order"));
    String files =
        text.substring(text.indexOf("[{\"name\":\"a\""), text.indexOf(",\"kind\":\"mod"));
    cases.add(refused(text, files, "[]", "a script of no files"));
  }

  private static void ofHost(List<Object> cases) {
    Map<Hash, byte[]> ignored = new LinkedHashMap<>();
    String timer = text(timer().format(ignored));
    cases.add(refused(timer, "\"outcome\":{", "\"outcomes\":{", "a timer without an outcome"));
    cases.add(refused(timer, ",\"writes\"", ",\"who\":null,\"writes\"", "a timer with more"));

    String abort = text(abort().format(ignored));
    String input = text(CanonicalJson.format(Input.toJson(timer().inputs())));
    cases.add(refused(abort, "\"inputs\":[]", "\"inputs\":" + input, "an abort with inputs"));
    cases.add(refused(abort, "{\"user\":\"ann\"}", "null", "an abort without its caller"));
    String ofTimer = text(SampleLog.abort(null, null).format(ignored));
    cases.add(
        refused(
            ofTimer, "\"caller\":null", "\"caller\":{\"user\":null}", "an abort of no request"));
    cases.add(refused(ofTimer, "\"caller\":null,", "", "an abort that does not name its caller"));

    String image = text(image().format(ignored));
    cases.add(refused(image, "\"inputs\":[]", "\"inputs\":" + input, "an image with inputs"));
    cases.add(
        refused(image, "\"due\":1767225600100,", "", "an image that does not say what is due"));
    cases.add(refused(image, "\"due\":1767225600100", "\"due\":-1", "a negative time"));
    for (String numbers : List.of("", "01065048", "1065048  1064952", "-1", "1065048,1064952")) {
      cases.add(
          refused(
              image,
              "\"1065048 1064952 0 1049600\"",
              "\"" + numbers + "\"",
              "numbers of a heap \"" + numbers + "\""));
    }
    cases.add(refused(image, "\"len\":160", "\"len\":161", "a list that is not made of hashes"));
    cases.add(refused(image, "\"len\":160", "\"len\":0", "a heap without pages"));
  }

  private static void call(String text, List<Object> cases) {
    cases.add(refused(text, "{\"caller\"", "{ \"caller\"", "not canonical"));
    cases.add(refused(text, ",\"writes\"", ",\"wrote\":1,\"writes\"", "an unknown member"));
    cases.add(refused(text, "\"time\":1767225602000,", "", "no time"));
    cases.add(refused(text, "\"time\":1767225602000", "\"time\":-1", "a negative time"));
    cases.add(
        refused(
            text,
            "\"time\":1767225602000",
            "\"time\":\"1767225602000\"",
            "a time that is a string"));
    cases.add(refused(text, "\"seq\":2", "\"seq\":2.5", "no integer"));
    cases.add(refused(text, "\"seq\":2,", "\"seq\":2,\"seq\":2,", "a member twice"));
    cases.add(refused(text, "\"prev\":\"", "\"prev\":\"0", "a hash of 65 digits"));
    cases.add(refused(text, "\"root\":\"0468c", "\"root\":\"0468C", "a hash in upper case"));
    cases.add(refused(text, "\"sig\":\"", "\"sig\":\"A", "a signature of 87 characters"));
    cases.add(
        refused(
            text,
            "\"sig\":\"",
            "\"user\":\"ann\",\"sig\":\"",
            "a caller of two kinds, out of order"));
    cases.add(refused(text, ",\"sig\"", ",\"zig\"", "a caller without a signature"));
    cases.add(refused(text, "\"kind\":\"entropy\",", "", "an input without a kind"));
    cases.add(
        refused(
            text,
            "\"kind\":\"entropy\"",
            "\"kind\":\"entropy\",\"more\":1",
            "an unknown member of an input"));
    cases.add(refused(text, "\"fuel\":1,", "", "an outcome without fuel"));
    cases.add(refused(text, "\"fuel\":1,\"ok\"", "\"fuel\":1,\"no\"", "an outcome of no kind"));
    cases.add(refused(text, ",\"name\":\"MethodNotFoundError\"", "", "a throw without a name"));
    cases.add(refused(text, "\"throw\":{", "\"ok\":\"1\",\"throw\":{", "an outcome of two kinds"));
  }

  private static void blobs(List<Object> cases) {
    String longText = (String) longText().get("text");
    String request = requestOf(Text.MAX_INLINE + 1);
    String name = reference(request);
    String inline = new String(CanonicalJson.format(request), StandardCharsets.UTF_8);
    cases.add(refused(longText, name, inline, "a text of 1,025 bytes in the entry"));
    cases.add(refused(longText, "\"len\":1025", "\"len\":1024", "a text of 1,024 bytes as a blob"));
    cases.add(refused(longText, ",\"sha256\"", ",\"sha\"", "a blob without its hash"));

    List<Input> inputs = SampleLog.inputsOf(LongList.MAX_INLINE + 1);
    byte[] list = CanonicalJson.format(Input.toJson(inputs));
    Map<Hash, byte[]> ignored = new LinkedHashMap<>();
    String asked = Request.format(List.of(new MethodCall("increment", "[]")));
    String listed = text(SampleLog.debugCall(null, asked, inputs).format(ignored));
    String reference = reference(text(list));
    cases.add(refused(listed, reference, text(list), "a list of 16,385 bytes in the entry"));
    String most = text(CanonicalJson.format(Input.toJson(SampleLog.inputsOf(LongList.MAX_INLINE))));
    cases.add(
        blob(
            changed(listed, reference, reference(most)), "a list of 16,384 bytes as a blob", most));
    cases.add(
        blob(
            changed(listed, "\"len\":16385", "\"len\":16386"),
            "a length that is not the blob's",
            text(list)));
    String spaced = changed(text(list), ",", ", ");
    cases.add(
        blob(
            changed(listed, reference, reference(spaced)),
            "a list in a blob that is not canonical",
            spaced));
    String object = "{\"a\":\"" + "x".repeat(17_000) + "\"}";
    cases.add(
        blob(changed(listed, reference, reference(object)), "a blob that holds no list", object));
  }

  private static String reference(String blob) {
    return text(CanonicalJson.format(Text.reference(Hash.of(blob), utf8(blob).length)));
  }

  private static Map<String, Object> refused(String text, String reason) {
    return object("reason", reason, "text", text, "blobs", List.of());
  }

  private static Map<String, Object> refused(String text, String from, String to, String reason) {
    return refused(changed(text, from, to), reason);
  }

  private static Map<String, Object> blob(String text, String reason, String blob) {
    return object("reason", reason, "text", text, "blobs", List.of(blob));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
