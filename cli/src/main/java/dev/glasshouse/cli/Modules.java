package dev.glasshouse.cli;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.store.RocksStore;
import dev.glasshouse.rpc.HostEnvironment;
import dev.glasshouse.rpc.HostedModule;
import dev.glasshouse.rpc.Meters;
import dev.glasshouse.rpc.ModuleSettings;
import dev.glasshouse.rpc.Mount;
import dev.glasshouse.rpc.WebOutside;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;

/**
 * The modules of one host. They share the process, the meters and the way to the web; each has
 * threads, verifiers of signatures included, a log and a guest of its own.
 */
final class Modules implements AutoCloseable {
  private final SandboxEngine engine;
  private final Keys keys;
  private final SecureRandom random;
  private final WebOutside outside;
  private final Meters meters = new Meters();
  private final List<Served> served = new ArrayList<>();

  /**
   * A module that is to be served.
   *
   * @param name empty if it is the only one, and at the root
   * @param scripts ways to load its script
   */
  record Planned(String name, ModulePlace place, List<Script> scripts, ModuleSettings settings) {}

  /** A module that is served, and where it keeps its log. */
  record Served(Mount mount, Path home, ExecutorService verifiers) {}

  /** Whose key signs a module's log. */
  interface Keys {
    Identity of(ModulePlace place) throws IOException;
  }

  private Modules(SandboxEngine engine, Keys keys, SecureRandom random) {
    this.engine = engine;
    this.keys = keys;
    this.random = random;
    this.outside = new WebOutside(random);
  }

  /**
   * Starts all, one after the other; returns when they take calls.
   *
   * @throws CommandException if one with a name does not start; says which. None is left running
   */
  static Modules start(List<Planned> plans, SandboxEngine engine, Keys keys, SecureRandom random)
      throws IOException, ScriptException {
    RocksStore.expect(plans.size());
    Modules modules = new Modules(engine, keys, random);
    boolean complete = false;
    try {
      for (Planned plan : plans) {
        modules.start(plan);
      }
      complete = true;
      return modules;
    } finally {
      if (!complete) {
        modules.close();
      }
    }
  }

  /** Throws a {@link CommandException} that says which module it was, if that has a name. */
  static void blame(String name, Exception why) {
    if (!name.isEmpty()) {
      int code = why instanceof CommandException command ? command.exitCode() : 1;
      throw new CommandException(code, "cannot serve " + name + ": " + Sentence.of(why), why);
    }
  }

  private void start(Planned plan) throws IOException, ScriptException {
    String name = plan.name();
    ExecutorService verifiers = ExecCommand.verifiers();
    HostEnvironment environment =
        ExecCommand.environment(
            engine, outside, random, meters, name.isEmpty() ? "console" : "console/" + name);
    HostedModule module = null;
    try {
      module =
          HostedModule.start(
              plan.place().home(),
              keys.of(plan.place()),
              plan.scripts(),
              plan.settings(),
              environment,
              verifiers);
    } catch (IOException | ScriptException | RuntimeException e) {
      blame(name, e);
      throw e;
    } finally {
      if (module == null) {
        verifiers.shutdown();
      }
    }
    Mount mount = name.isEmpty() ? Mount.atRoot(module) : new Mount(name, module);
    served.add(new Served(mount, plan.place().home(), verifiers));
  }

  /** Those that are served, in the order in which they were given. */
  List<Served> served() {
    return List.copyOf(served);
  }

  /** Where they are. */
  List<Mount> mounts() {
    return served.stream().map(Served::mount).toList();
  }

  /**
   * Refuses calls from here on, and waits until those that were let in are answered by all; the
   * logs can still be read. While one is not finished, the others are.
   */
  void finish() {
    served.forEach(each -> each.mount().module().end());
    outside.close();
    served.forEach(each -> each.mount().module().finish());
  }

  @Override
  public void close() {
    outside.close();
    served.forEach(each -> each.mount().module().end());
    for (Served each : served) {
      each.mount().module().close();
      each.verifiers().shutdown();
    }
  }
}
