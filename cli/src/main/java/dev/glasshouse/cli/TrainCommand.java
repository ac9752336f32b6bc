package dev.glasshouse.cli;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.rpc.HostedModule;
import dev.glasshouse.rpc.ModuleSettings;
import dev.glasshouse.rpc.Service;
import dev.glasshouse.rpc.ServiceSettings;
import dev.glasshouse.rpc.WebOutside;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.sandbox.Engines;
import dev.glasshouse.vm.sandbox.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code glass train DIR}: serves, calls and audits a small module within one process, so that a
 * class-data archive made from it holds the classes that the other commands start with.
 */
@Command(name = "train", hidden = true, description = "Touch what the other commands start with.")
final class TrainCommand implements Callable<Integer> {
  private static final String SCRIPT =
      "exports.add = async (n) => { await System.files.writeFile('/n', n); return n + 1 }";

  @ParentCommand private Main main;

  @Parameters(paramLabel = "DIR", description = "An empty directory, kept out of the home.")
  private Path dir;

  @Override
  public Integer call() throws IOException, ScriptException {
    SecureRandom random = new SecureRandom();
    Path key = Files.createDirectories(dir).resolve("key");
    Identity identity = Identity.generate(random);
    identity.save(key);
    ModuleSettings settings = new ModuleSettings("train", false);
    ExecutorService verifiers = ExecCommand.verifiers();
    try (HostedModule module =
            HostedModule.start(
                dir.resolve("module"),
                identity,
                List.of(new Script("train.js", Script.Kind.COMMONJS, SCRIPT)),
                settings,
                ExecCommand.environment(
                    Engines.preferred(warning -> {}), new WebOutside(random), random),
                verifiers);
        Service service =
            Service.start(
                module, new ServiceSettings("127.0.0.1", 0, ServiceSettings.DEFAULT_FRAME_BYTES))) {
      String host = "127.0.0.1:" + service.port();
      int called = run("repl", host, "--identity", key.toString(), "-e", "client.add(1)");
      int audited = run("verify", host);
      return called == 0 && audited == 0 ? 0 : 1;
    } finally {
      verifiers.shutdown();
    }
  }

  private int run(String... arguments) {
    return Main.run(main.home(), main.streams(), arguments);
  }
}
