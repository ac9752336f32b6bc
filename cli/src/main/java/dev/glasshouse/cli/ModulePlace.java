package dev.glasshouse.cli;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.rpc.mirror.StoreLogReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Where a module is and where its log is kept.
 *
 * @param name for people
 * @param home the directory of log and files
 */
record ModulePlace(String name, Path home) {
  /**
   * The place of a script or folder.
   *
   * @param dir what was asked for, or null for the default: the script's name without its ending,
   *     here; of a folder, beside it, for what is in the folder is the module. A script that is
   *     given a name is in the directory of that name below {@code dir}, or has it in place of its
   *     own
   */
  static ModulePlace of(NamedScript named, Path dir) throws IOException {
    Path asked = dir;
    if (named.isNamed() && dir != null) {
      if (StoreLogReader.isHostDirectory(dir)) {
        throw new CommandException(
            1,
            dir
                + " holds the log of one module; with NAME=SCRIPT --dir is the directory that"
                + " theirs are in, each by its name");
      }
      asked = dir.resolve(named.name());
    }
    Path script = named.script();
    if (Files.isDirectory(script)) {
      return ofFolder(named, asked);
    }
    String own = script.getFileName().toString().replaceFirst("\\.[cm]?js$", "");
    String name = named.isNamed() ? named.name() : own;
    if (asked == null && name.isEmpty()) {
      throw new CommandException(1, script + " gives the directory no name; name one with --dir");
    }
    return new ModulePlace(name, directory(asked != null ? asked : Path.of(name)));
  }

  private static ModulePlace ofFolder(NamedScript named, Path dir) throws IOException {
    Path folder = named.script().toRealPath();
    if (folder.getFileName() == null) {
      throw new CommandException(
          1, named.script() + " is the root of a file system, and no module");
    }
    String name = named.isNamed() ? named.name() : folder.getFileName().toString();
    Path home = directory(dir != null ? dir : folder.resolveSibling(name + "-host"));
    Path real = home;
    while (!Files.exists(real)) {
      real = real.getParent();
    }
    if (home.startsWith(folder) || real.toRealPath().startsWith(folder)) {
      throw new CommandException(
          1,
          home
              + " is inside the module's folder, and what a host writes is no part of its module;"
              + " name another with --dir");
    }
    return new ModulePlace(name, home);
  }

  private static Path directory(Path asked) {
    Path home = asked.toAbsolutePath().normalize();
    if (Files.exists(home) && !Files.isDirectory(home)) {
      throw new CommandException(
          1, home + " is a file, and log and files need a directory; name another with --dir");
    }
    return home;
  }

  /**
   * The host's key that is kept here; made if there is no log yet.
   *
   * @throws CommandException if the key of a log is gone, or none can be kept here
   */
  Identity identity(SecureRandom random, PrintWriter err) throws IOException {
    Path own = home.resolve("host.key");
    if (Files.exists(own)) {
      return Home.load(own, err);
    }
    if (Files.exists(home.resolve("log"))) {
      throw new CommandException(
          1,
          home
              + " holds a log but no host.key; give the key it was made with by --identity. Nothing"
              + " was changed.");
    }
    try {
      Home.makeDirectory(home);
      Identity made = Identity.generate(random);
      made.save(own);
      return made;
    } catch (IOException e) {
      throw new CommandException(
          1,
          "cannot keep a log in "
              + home
              + " ("
              + Sentence.of(e)
              + "); name a directory that can be written to with --dir",
          e);
    }
  }
}
