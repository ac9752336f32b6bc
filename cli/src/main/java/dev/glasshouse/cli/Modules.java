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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

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
   * Starts all, side by side; returns when they take calls.
   *
   * @param told hears of each that does not start as soon as that is known: to start the others may
   *     take long
   * @throws CommandException if one with a name does not start. None is left running
   */
  static Modules start(
      List<Planned> plans,
      SandboxEngine engine,
      Keys keys,
      SecureRandom random,
      Consumer<CommandException> told)
      throws IOException, ScriptException {
    RocksStore.expect(plans.size());
    Modules modules = new Modules(engine, keys, random);
    boolean complete = false;
    try {
      if (plans.size() == 1) {
        modules.served.add(modules.start(plans.get(0)));
      } else {
        modules.startAll(plans, told);
      }
      complete = true;
      return modules;
    } finally {
      if (!complete) {
        modules.close();
      }
    }
  }

  private void startAll(List<Planned> plans, Consumer<CommandException> told) {
    List<CompletableFuture<Served>> starting = new ArrayList<>();
    for (Planned plan : plans) {
      CompletableFuture<Served> started = new CompletableFuture<>();
      starting.add(started);
      new Thread(() -> start(plan, started, told), "start " + plan.name()).start();
    }
    CommandException none = null;
    for (CompletableFuture<Served> started : starting) {
      try {
        served.add(started.join());
      } catch (CompletionException e) {
        if (none == null) {
          none = new CommandException(1, "Nothing is served.", e.getCause());
        } else {
          none.addSuppressed(e.getCause());
        }
      }
    }
    if (none != null) {
      throw none;
    }
  }

  private void start(
      Planned plan, CompletableFuture<Served> started, Consumer<CommandException> told) {
    try {
      started.complete(start(plan));
    } catch (IOException | ScriptException | RuntimeException | Error e) {
      CommandException why =
          e instanceof CommandException command ? command : blamed(plan.name(), e);
      told.accept(why);
      started.completeExceptionally(why);
    }
  }

  /** Throws a {@link CommandException} that says which module it was, if that has a name. */
  static void blame(String name, Exception why) {
    if (!name.isEmpty()) {
      throw blamed(name, why);
    }
  }

  private static CommandException blamed(String name, Throwable why) {
    int code = why instanceof CommandException command ? command.exitCode() : 1;
    return new CommandException(code, "cannot serve " + name + ": " + Sentence.of(why), why);
  }

  private Served start(Planned plan) throws IOException, ScriptException {
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
    return new Served(mount, plan.place().home(), verifiers);
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
