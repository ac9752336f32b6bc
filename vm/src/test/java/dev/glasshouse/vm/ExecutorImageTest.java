package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.sandbox.OnSandboxThread;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A replay from an image comes to the same entries, heap and files as one from genesis. */
@ExtendWith(OnSandboxThread.class)
final class ExecutorImageTest {
  private static final String SOURCE =
      "let n = 0; const kept = [];"
          + "exports.up = () => ++n;"
          + "exports.keep = t => { kept.push(t.repeat(1000)); return kept.length };"
          + "exports.dice = () => Math.random();"
          + "exports.write = (p, t) => System.files.writeFile(p, t);"
          + "exports.read = p => System.files.readFile(p);"
          + "exports.loop = () => { n = -1; for (;;) {} };"
          + "exports.fail = () => { n += 100; throw new Error('x') };"
          + "exports.soon = () => { setTimeout(() => { n += 10 }, 50) };"
          + "exports.sleep = () => new Promise(r => setTimeout(() => r(Date.now()), 20));";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void everyImageIsAStart(int seed) throws ScriptException {
    Random random = new Random(seed);
    try (Recording host = Recording.commonjs(SOURCE)) {
      List<String> methods =
          List.of("up", "keep", "dice", "write", "read", "fail", "soon", "sleep");
      for (int i = 0; i < 60; i++) {
        String method = methods.get(random.nextInt(methods.size()));
        String path = "\"/f" + random.nextInt(3) + "\"";
        host.call(method, method.equals("keep") ? "\"ab\"" : path + ",\"" + i + "\"");
        if (random.nextInt(20) == 0) {
          host.call("loop", "");
        }
        if (host.executor.due() > 0 && random.nextInt(3) == 0) {
          host.timer();
        }
        if (random.nextInt(10) == 0) {
          Hash before = host.heapHash();
          host.image();
          assertEquals(before, host.heapHash(), "seed " + seed + ": an image changes nothing");
        }
      }
      Recording.Replayed whole = host.replay();
      requireSame(host, whole, "seed " + seed);
      int images = 0;
      for (int i = 1; i < host.entries.size(); i++) {
        if (new String(host.entries.get(i), java.nio.charset.StandardCharsets.UTF_8)
            .contains("\"kind\":\"image\"")) {
          images++;
          requireSame(host, host.replayFrom(i), "seed " + seed + ", image " + i);
        }
      }
      assertTrue(images > 0, "seed " + seed + " takes an image");
    }
  }

  @Test
  void onlyChangedPagesAreFresh() throws ScriptException {
    try (Recording host = Recording.commonjs(SOURCE)) {
      TakenImage first = host.image();
      host.call("up", "");
      TakenImage second = host.image();
      assertEquals(first.pages().pages().size(), second.pages().pages().size());
      assertTrue(
          second.pages().fresh().size() < first.pages().fresh().size(),
          second.pages().fresh().size() + " of " + first.pages().fresh().size() + " pages changed");
      for (Hash page : second.pages().pages()) {
        assertTrue(host.pages.containsKey(page), "page " + page);
      }
      assertEquals(0, host.image().pages().fresh().size());
      host.executor.forgetImages();
      assertEquals(first.pages().fresh().size(), host.image().pages().fresh().size());
    }
  }

  @Test
  void damagedImageIsRefused() throws ScriptException {
    try (Recording host = Recording.commonjs(SOURCE)) {
      TakenImage image = host.image();
      Hash page = image.pages().pages().get(3);
      byte[] right = host.pages.get(page);
      byte[] wrong = right.clone();
      wrong[77] ^= 1;
      host.pages.put(page, wrong);
      assertThrows(DamagedImageException.class, () -> host.replayFrom(1));
      host.pages.remove(page);
      assertThrows(DamagedImageException.class, () -> host.replayFrom(1));
      host.pages.put(page, right);
      requireSame(host, host.replayFrom(1), "mended");
    }
  }

  private static void requireSame(Recording host, Recording.Replayed replayed, String what) {
    for (int i = 0; i < host.entries.size(); i++) {
      assertArrayEquals(host.entries.get(i), replayed.entries().get(i), what + ", entry " + i);
    }
    assertEquals(host.heapHash(), replayed.heap(), what);
    assertEquals(host.executor.root(), replayed.root(), what);
  }
}
