import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Run by the build: collects the licence of each thing that the distribution bundles, and ends with
 * 1 if one is missing. Arguments: the directory to write, which must not be there; the directory of
 * index.txt and of the texts that nothing carries itself; the text of Apache-2.0; the directory of
 * jars; the node_modules of the guest and of the page for browsers; the native libraries. It writes
 * all texts, and README.txt, which says what is whose.
 */
final class CollectLicences {
  private static final Pattern JAR = Pattern.compile("(.+?)-\\d.*\\.jar");
  private static final Pattern TEXT =
      Pattern.compile("(.*-)?(licen[cs]e|notice|copying|copyright|third-party)([.-].*)?");

  private final Path kept;
  private final Path out;
  private final List<String> findings = new ArrayList<>();

  private CollectLicences(Path kept, Path out) {
    this.kept = kept;
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    List<Path> paths = Stream.of(arguments).map(Path::of).toList();
    List<Bundled> bundled = new ArrayList<>();
    bundled.addAll(jars(paths.get(3)));
    bundled.addAll(packages(paths.get(4)));
    bundled.addAll(packages(paths.get(5)));
    bundled.addAll(libraries(paths.subList(6, paths.size())));
    CollectLicences collection = new CollectLicences(paths.get(1), paths.get(0));
    collection.collect(bundled, paths.get(2));
    if (!collection.findings.isEmpty()) {
      collection.findings.forEach(System.err::println);
      System.exit(1);
    }
  }

  /** A line of index.txt. */
  private record Line(String kind, String name, String folder, String licence) {
    static Line parse(String line) {
      String[] words = line.strip().split("\\s+", 4);
      if (words.length != 4) {
        throw new IllegalArgumentException("index.txt: not a line: " + line);
      }
      return new Line(words[0], words[1], words[2], words[3]);
    }

    boolean holdsFor(Bundled thing) {
      return thing.kind.equals(kind)
          && (name.endsWith("*")
              ? thing.name.startsWith(name.substring(0, name.length() - 1))
              : thing.name.equals(name));
    }
  }

  /**
   * What the distribution bundles. Where the thing itself says its licence, {@code declared} is
   * that.
   */
  private record Bundled(String kind, String name, String label, Path path, String declared) {}

  private void collect(List<Bundled> bundled, Path apache) throws IOException {
    List<Line> lines = index();
    Files.createDirectories(out);
    Files.copy(apache, out.resolve("Apache-2.0.txt"));
    StringBuilder readme =
        new StringBuilder("What is bundled here, its licence, and the folder of the texts.\n");
    readme.append("The text of Apache-2.0 is in Apache-2.0.txt for all.\n\n");
    Set<Line> used = new HashSet<>();
    for (Bundled thing : bundled) {
      List<Line> fitting = lines.stream().filter(line -> line.holdsFor(thing)).toList();
      if (fitting.size() != 1) {
        findings.add(
            thing.label + ": index.txt has " + fitting.size() + " lines for this, not one");
        continue;
      }
      Line line = fitting.get(0);
      used.add(line);
      if (line.folder.equals("-")) {
        continue;
      }
      take(thing, line);
      String folder = line.folder.equals(".") ? "" : "  " + line.folder;
      readme.append(String.format("%-52s  %s%s\n", thing.label, line.licence, folder));
    }
    Files.writeString(out.resolve("README.txt"), readme);
    for (Line line : lines) {
      if (!used.contains(line)) {
        findings.add(line.kind + " " + line.name + ": in index.txt, and not bundled");
      }
    }
    for (Path folder : children(kept)) {
      String name = name(folder);
      if (Files.isDirectory(folder) && used.stream().noneMatch(line -> line.folder.equals(name))) {
        findings.add(name + ": texts are kept for it, and nothing has them");
      }
    }
  }

  private List<Line> index() throws IOException {
    return Files.readAllLines(kept.resolve("index.txt")).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(Line::parse)
        .toList();
  }

  private void take(Bundled thing, Line line) throws IOException {
    if (thing.declared != null && !thing.declared.equals(line.licence)) {
      findings.add(thing.label + ": " + thing.declared + ", but index.txt has " + line.licence);
    }
    boolean found = line.licence.startsWith("Apache-2.0");
    Path folder = out.resolve(line.folder);
    if (!line.folder.equals(".")) {
      found |= copyTexts(kept.resolve(line.folder), folder, "");
    }
    if (thing.path.toString().endsWith(".jar")) {
      try (FileSystem jar = FileSystems.newFileSystem(thing.path)) {
        found |= copyTexts(jar.getPath("/META-INF"), folder, thing.name);
        found |= copyTexts(jar.getPath("/"), folder, thing.name);
      }
    } else if (Files.isDirectory(thing.path)) {
      found |= copyTexts(thing.path, folder, thing.name.replace('/', '-'));
    }
    // A library's texts are its jar's, which come before.
    if (!found && !Files.isDirectory(folder)) {
      findings.add(thing.label + ": it carries no text of its licence, and none is kept for it");
    }
  }

  /** Whether there were any. The text of another thing by the same name keeps its place. */
  private boolean copyTexts(Path from, Path folder, String owner) throws IOException {
    if (!Files.isDirectory(from)) {
      return false;
    }
    boolean any = false;
    for (Path text : children(from)) {
      String name = name(text);
      boolean isKept = from.startsWith(kept);
      if (Files.isDirectory(text)
          || !isKept && !TEXT.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
        continue;
      }
      any = true;
      Files.createDirectories(folder);
      Path to = folder.resolve(name);
      if (Files.exists(to) && Files.mismatch(text, to) >= 0) {
        to = folder.resolve(owner + "-" + name);
      }
      if (!Files.exists(to)) {
        Files.copy(text, to);
      }
    }
    return any;
  }

  private static List<Bundled> jars(Path directory) throws IOException {
    List<Bundled> jars = new ArrayList<>();
    for (Path jar : children(directory)) {
      String label = name(jar);
      Matcher matcher = JAR.matcher(label);
      String name = matcher.matches() ? matcher.group(1) : label;
      jars.add(new Bundled("jar", name, label, jar, null));
    }
    return jars;
  }

  private static List<Bundled> libraries(List<Path> libraries) {
    return libraries.stream()
        .map(library -> new Bundled("native", name(library), name(library), library, null))
        .toList();
  }

  /** The packages that npm installed, without our own and those that only build. */
  private static List<Bundled> packages(Path modules) throws IOException {
    List<Bundled> packages = new ArrayList<>();
    Path lock = modules.resolve(".package-lock.json");
    try (JsonParser json = new JsonFactory().createParser(lock.toFile())) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.START_OBJECT
            && String.valueOf(json.currentName()).startsWith("node_modules/")) {
          String name = json.currentName().substring("node_modules/".length());
          String version = null;
          String licence = null;
          boolean isLeftOut = name.startsWith("glasshouse-");
          while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
              case "version" -> version = json.getText();
              case "license" -> licence = json.getText();
              case "dev" -> isLeftOut |= value == JsonToken.VALUE_TRUE;
              default -> json.skipChildren();
            }
          }
          if (!isLeftOut) {
            String label = name + " " + version + " (npm)";
            packages.add(new Bundled("npm", name, label, modules.resolve(name), licence));
          }
        }
      }
    }
    packages.sort(Comparator.comparing(Bundled::name));
    return packages;
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static Set<Path> children(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return new TreeSet<>(children.toList());
    }
  }
}
