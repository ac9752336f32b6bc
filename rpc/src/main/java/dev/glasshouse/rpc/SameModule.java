package dev.glasshouse.rpc;

import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.ScriptFileReference;
import dev.glasshouse.calllog.ScriptReference;
import dev.glasshouse.vm.Replay;
import dev.glasshouse.vm.sandbox.Script;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Set;

/** Whether a log that exists is the one that is meant. */
final class SameModule {
  private SameModule() {}

  /** Throws {@link ModuleException} unless the log in {@code dir} is of this script, so hosted. */
  static void require(Path dir, GenesisEntry genesis, Script script, ModuleSettings settings) {
    ScriptReference logged = genesis.script();
    ScriptReference given = Replay.reference(script, new LinkedHashMap<>());
    if (!logged.main().equals(given.main()) || !logged.files().equals(given.files())) {
      throw new ModuleException(
          dir
              + " holds the log of another script: "
              + logged.main()
              + difference(logged, given)
              + ". Nothing was changed. Use --dir to serve it from another directory.");
    }
    if (genesis.debug() != settings.debug()) {
      throw new ModuleException(
          "the log in "
              + dir
              + " was started "
              + (genesis.debug() ? "with" : "without")
              + " --debug and says so to its auditors; start it the same way, or use another"
              + " --dir");
    }
    if (!settings.limits().apply(genesis.limits()).equals(genesis.limits())) {
      throw new ModuleException(
          "the log in "
              + dir
              + " runs under other limits: "
              + genesis.limits()
              + "; leave the flag away, or use another --dir");
    }
  }

  private static String difference(ScriptReference logged, ScriptReference given) {
    if (!logged.main().equals(given.main())) {
      return ", not " + given.main();
    }
    Set<ScriptFileReference> others = new LinkedHashSet<>(given.files());
    for (ScriptFileReference file : logged.files()) {
      if (!others.remove(file)) {
        String file256 = file.name() + " with SHA-256 " + file.source().sha256();
        return ", which has " + file256 + " and not what is there now";
      }
    }
    return ", which has no " + others.iterator().next().name();
  }
}
