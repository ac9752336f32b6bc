package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.vm.sandbox.OnSandboxThread;
import dev.glasshouse.vm.sandbox.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The samples do what the NodeVMS tutorial says they do, and all of them replay. */
@ExtendWith(OnSandboxThread.class)
class SamplesTest {
  private static Recording open(String name) throws IOException, ScriptException {
    Path file = Path.of("samples", name);
    String source = Files.readString(Files.exists(file) ? file : Path.of("..").resolve(file));
    Script.Kind kind = name.endsWith(".mjs") ? Script.Kind.MODULE : Script.Kind.COMMONJS;
    return Recording.of(new Script(name, kind, source), Recording.LIMITS);
  }

  private static String as(Recording host, String caller, String method, String params) {
    List<Outcome> outcomes = host.request(caller, List.of(Recording.methodCall(method, params)));
    return host.show(outcomes.get(0));
  }

  @Test
  void counter() throws Exception {
    try (Recording host = open("counter.js")) {
      assertEquals("1", host.call("increment", ""));
      assertEquals("2", host.call("increment", ""));
      assertEquals("3", host.call("increment", ""));
      ExecutorTest.assertReplays(host);
    }
  }

  @Test
  void persistentCounter() throws Exception {
    try (Recording host = open("persistent-counter.js")) {
      assertEquals("1", host.call("increment", ""));
      assertEquals("2", host.call("increment", ""));
      ExecutorTest.assertReplays(host);
    }
  }

  @Test
  void photoAlbum() throws Exception {
    try (Recording host = open("photo-album.js")) {
      assertEquals("null", host.call("addPhoto", "\"a.jpg\",\"/9j/\",\"base64\""));
      assertEquals(
          "Error: File already exists", host.call("addPhoto", "\"a.jpg\",\"AAAA\",\"base64\""));
      assertEquals("null", host.call("addPhoto", "\"b.jpg\",{\"$bytes\":\"/9j/\"}"));
      ExecutorTest.assertReplays(host);
    }
  }

  @Test
  void secureCounter() throws Exception {
    try (Recording host = open("secure-counter.js")) {
      assertEquals("null", as(host, "bob", "init", ""));
      assertEquals("Error: I already have an owner!", as(host, "eve", "init", ""));
      assertEquals("0", as(host, "bob", "increment", ""));
      assertEquals("Error: You are not my owner!", as(host, "eve", "increment", ""));
      assertEquals("Error: You are not my owner!", as(host, null, "increment", ""));
      assertEquals("1", as(host, "bob", "increment", ""));
      ExecutorTest.assertReplays(host);
    }
  }

  @Test
  void random() throws Exception {
    try (Recording host = open("random.js")) {
      String one = host.call("default", "");
      assertTrue(one.startsWith("0."), one);
      assertTrue(!one.equals(host.call("default", "")), one);
      assertEquals(1, host.last().inputs().size());
      ExecutorTest.assertReplays(host);
    }
  }

  @Test
  void oracle() throws Exception {
    try (Recording host = open("oracle.js")) {
      String one = host.call("default", "");
      assertEquals("sv" + one, host.last().inputs().get(0).answer().read(host.reader()));
      host.call("default", "");
      ExecutorTest.assertReplays(host);
    }
  }

  @Test
  void guestbook() throws Exception {
    try (Recording host = open("guestbook.mjs")) {
      assertEquals("[]", host.call("read", ""));
      assertEquals("1", as(host, "bob", "sign", "\"hello\""));
      assertEquals("2", as(host, null, "sign", "\"me too\""));
      assertEquals(
          "RangeError: An entry has from 1 to 500 characters", as(host, "bob", "sign", "\"\""));
      assertEquals(
          "[{\"by\":\"bob\",\"at\":\"2023-11-14T22:13:22.000Z\",\"text\":\"hello\"},"
              + "{\"by\":null,\"at\":\"2023-11-14T22:13:23.000Z\",\"text\":\"me too\"}]",
          host.call("read", ""));
      ExecutorTest.assertReplays(host);
    }
  }
}
