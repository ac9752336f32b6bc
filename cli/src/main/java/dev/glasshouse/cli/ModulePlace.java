package dev.glasshouse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
   *     here; of a folder, beside it, for what is in the folder is the module
   */
  static ModulePlace of(Path script, Path dir) throws IOException {
    if (Files.isDirectory(script)) {
      return ofFolder(script, dir);
    }
    String name = script.getFileName().toString().replaceFirst("\\.[cm]?js$", "");
    if (dir == null && name.isEmpty()) {
      throw new CommandException(1, script + " gives the directory no name; name one with --dir");
    }
    return new ModulePlace(name, directory(dir != null ? dir : Path.of(name)));
  }

  private static ModulePlace ofFolder(Path script, Path dir) throws IOException {
    Path folder = script.toRealPath();
    if (folder.getFileName() == null) {
      throw new CommandException(1, script + " is the root of a file system, and no module");
    }
    String name = folder.getFileName().toString();
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
}
