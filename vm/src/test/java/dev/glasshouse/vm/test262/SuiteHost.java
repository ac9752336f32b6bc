package dev.glasshouse.vm.test262;

import dev.glasshouse.vm.sandbox.HostCalls;
import dev.glasshouse.vm.sandbox.HostOp;
import dev.glasshouse.vm.sandbox.HostReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The host of a guest that runs tests: it has the suite's files, and nothing else. */
final class SuiteHost implements HostCalls {
  private static final String HARNESS = "harness/";
  private static final String EVAL_SCRIPT = "evalScript";

  private final Path suite;
  private final Map<String, String> harness = new HashMap<>();
  private TestCase test;

  SuiteHost(Path suite) {
    this.suite = suite.normalize();
  }

  /** The test that runs from here on. */
  void begin(TestCase next) {
    test = next;
  }

  @Override
  public HostReply answer(HostOp op, String text, byte[] body, boolean fork) {
    String more = new String(body, StandardCharsets.UTF_8);
    return switch (op) {
      case RESOLVE -> resolve(text, more);
      case SOURCE -> source(text, more);
      default -> HostReply.error("Error", "a test has no host function " + op);
    };
  }

  // Specifiers are relative, and stay within the suite.
  private HostReply resolve(String importer, String specifier) {
    Path from = suite.resolve(importer.equals(EVAL_SCRIPT) ? test.file().path() : importer);
    Path to = from.resolveSibling(specifier).normalize();
    if (!to.startsWith(suite)) {
      return HostReply.error("Error", "there is no module " + specifier);
    }
    return HostReply.text(suite.relativize(to).toString());
  }

  private HostReply source(String name, String body) {
    try {
      if (name.equals(EVAL_SCRIPT)) {
        return HostReply.script(test.file().path(), body);
      }
      if (body.equals("module")) {
        return HostReply.text(Files.readString(suite.resolve(name)));
      }
      if (name.startsWith(HARNESS)) {
        if (!harness.containsKey(name)) {
          harness.put(name, Files.readString(suite.resolve(name)));
        }
        return HostReply.script(name, harness.get(name));
      }
      return HostReply.script(name, test.source());
    } catch (IOException e) {
      return HostReply.error("Error", "there is no file " + name);
    }
  }
}
