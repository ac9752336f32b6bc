package dev.glasshouse.rpc;

import dev.glasshouse.calllog.MalformedException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a service has a module: at its root, or at {@code /NAME/}.
 *
 * @param name for which {@link #requireName} holds, or empty for the root
 */
public record Mount(String name, HostedModule module) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  /** What a service, or a module at its root, has there: a name has one meaning. */
  private static final Set<String> TAKEN =
      Set.of(
          "blob",
          "checkpoint",
          "console",
          "cosigned",
          "files",
          "health",
          "images",
          "metrics",
          "page",
          "ready",
          "tile");

  public Mount {
    if (!name.isEmpty()) {
      requireName(name);
    }
  }

  /** A module that has the service for itself. */
  public static Mount atRoot(HostedModule module) {
    return new Mount("", module);
  }

  /** Throws {@link MalformedException} with a sentence unless a module can have this name. */
  public static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new MalformedException(
          "\""
              + name
              + "\" is no name for a module: write up to 64 of a-z, 0-9 and -, not with - first");
    }
    if (TAKEN.contains(name)) {
      throw new MalformedException(
          "no module can have the name " + name + ": a host has something else at /" + name);
    }
  }

  /** Whether a module could have this name. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches() && !TAKEN.contains(name);
  }

  boolean isRoot() {
    return name.isEmpty();
  }

  /** What every path of it begins with: nothing, or {@code /NAME}. */
  public String prefix() {
    return isRoot() ? "" : "/" + name;
  }
}
