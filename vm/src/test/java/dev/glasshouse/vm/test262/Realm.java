package dev.glasshouse.vm.test262;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.crosscheck.HeapHash;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.HeapImage;
import dev.glasshouse.vm.sandbox.Reply;
import dev.glasshouse.vm.sandbox.Sandbox;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.Turn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs cases on one engine, each in a fresh guest: an image of one that has evaluated the harness
 * files, so that it costs a millisecond. Confined to a thread that may own a sandbox.
 */
final class Realm implements AutoCloseable {
  private static final long HEAP = 32L << 20;
  private static final long STACK = 900_000;
  private static final long TIME = 1_700_000_000_000L;
  private static final int IMAGES = 100;

  private final Sandbox guest;
  private final HeapImage fresh;
  private final SuiteHost host;
  private final long fuel;
  private final HeapHash heapHash = new HeapHash();
  private final Map<List<String>, HeapImage> images = new LinkedHashMap<>(IMAGES, 0.75f, true);

  Realm(SandboxEngine engine, Path suite, long fuel) {
    this.guest = engine.open(GuestImage.withBootstrap(bootstrap()), HEAP, STACK);
    this.fresh = guest.image();
    this.host = new SuiteHost(suite);
    this.fuel = fuel;
  }

  CaseResult run(TestCase test) {
    host.begin(test);
    guest.restore(prepared(test));
    String path = test.file().path();
    Reply reply =
        test.mode() == TestCase.Mode.MODULE
            ? guest.load(new Script(path, Script.Kind.MODULE, test.source()), TIME, fuel, host)
            : scripts(path + "\n");
    Hash heap = heapHash.of(guest.image());
    if (reply.trap() != null) {
      String trap = "trap " + reply.trap().text();
      return new CaseResult(test.id(), "fail", reply.fuel(), heap, trap);
    }
    String verdict = test.passes(reply.text()) ? "pass" : "fail";
    return new CaseResult(test.id(), verdict, reply.fuel(), heap, reply.text());
  }

  private Reply scripts(String names) {
    return guest.run(Turn.call(names, null, "[]"), TIME, fuel, host);
  }

  // A guest in which the harness files that the test needs have been evaluated.
  private HeapImage prepared(TestCase test) {
    List<String> harness = test.file().harness();
    HeapImage image = images.get(harness);
    if (image != null) {
      return image;
    }
    guest.restore(fresh);
    StringBuilder names = new StringBuilder();
    harness.forEach(name -> names.append("harness/").append(name).append('\n'));
    Reply reply = scripts(names.toString());
    if (reply.trap() != null || !reply.text().startsWith("v")) {
      throw new IllegalStateException("the harness " + harness + " does not run: " + reply);
    }
    image = guest.image();
    if (images.size() == IMAGES) {
      images.remove(images.keySet().iterator().next());
    }
    images.put(harness, image);
    return image;
  }

  @Override
  public void close() {
    guest.close();
  }

  private static String bootstrap() {
    try (InputStream in = Realm.class.getResourceAsStream("bootstrap.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read bootstrap.js", e);
    }
  }
}
