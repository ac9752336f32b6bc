package dev.glasshouse.cli;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.rpc.HostEnvironment;
import dev.glasshouse.rpc.HostedModule;
import dev.glasshouse.rpc.ModuleSettings;
import dev.glasshouse.rpc.Service;
import dev.glasshouse.rpc.ServiceSettings;
import dev.glasshouse.rpc.WebOutside;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;

/** A host in this process, on a free port, with the same key every time. */
record TestHost(HostedModule module, Service service, ExecutorService verifiers)
    implements AutoCloseable {
  private static final int QUEUE = ModuleSettings.DEFAULT_QUEUE;

  static TestHost start(Path dir, String source) throws ScriptException {
    return start(dir, source, false);
  }

  static TestHost start(Path dir, String source, boolean debug) throws ScriptException {
    return start(dir, source, debug, UnaryOperator.identity());
  }

  /** Without images, so that a log has the entries that a test puts there. */
  static TestHost start(Path dir, String source, boolean debug, UnaryOperator<Limits> limits)
      throws ScriptException {
    return start(dir, source, new ModuleSettings("Test", debug, limits, QUEUE, 0, 0), 0);
  }

  /** Again on the port that it had before. */
  static TestHost startAt(int port, Path dir, String source) throws ScriptException {
    return start(dir, source, settings(0), port);
  }

  /** With an image after so many entries. */
  static TestHost startWithImages(int entries, Path dir, String source) throws ScriptException {
    return start(dir, source, settings(entries), 0);
  }

  private static ModuleSettings settings(int imageEntries) {
    return new ModuleSettings("Test", false, UnaryOperator.identity(), QUEUE, imageEntries, 0);
  }

  private static TestHost start(Path dir, String source, ModuleSettings settings, int port)
      throws ScriptException {
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) 7);
    ExecutorService verifiers = ExecCommand.verifiers();
    HostedModule module =
        HostedModule.start(
            dir,
            Identity.ofSeed(seed),
            List.of(new Script("test.js", Script.Kind.COMMONJS, source)),
            settings,
            environment(),
            verifiers);
    ServiceSettings at =
        new ServiceSettings("127.0.0.1", port, ServiceSettings.DEFAULT_FRAME_BYTES);
    return new TestHost(module, Service.start(module, at), verifiers);
  }

  private static HostEnvironment environment() {
    SecureRandom random = new SecureRandom();
    return ExecCommand.environment(V8Engine.instance(), new WebOutside(random), random);
  }

  HostAddress address() {
    return new HostAddress("127.0.0.1", service.port());
  }

  String at() {
    return address().toString();
  }

  String log() {
    return module.log().id().hex();
  }

  @Override
  public void close() {
    service.close();
    module.close();
    verifiers.shutdown();
  }
}
