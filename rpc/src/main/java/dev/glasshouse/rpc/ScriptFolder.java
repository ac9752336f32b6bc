package dev.glasshouse.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.glasshouse.calllog.ScriptFileReference;
import dev.glasshouse.calllog.ScriptReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The files of a module's folder: all that end in {@code .js}, {@code .cjs}, {@code .mjs} or {@code
 * .json}, at any depth. Left out are {@code node_modules}, names that begin with a dot, linked
 * directories, and links to files outside the folder.
 */
final class ScriptFolder {
  private static final Pattern TAKEN = Pattern.compile(".*\\.([cm]?js|json)");

  private final Path root;
  private final SortedMap<String, String> files = new TreeMap<>();
  private long bytes;

  private ScriptFolder(Path root) {
    this.root = root;
  }

  /**
   * Reads a folder.
   *
   * @return the text of each file by its path below the folder, separated by {@code /}
   * @throws ModuleException if there is too much, or something that cannot be taken
   */
  static SortedMap<String, String> read(Path folder) {
    try {
      ScriptFolder found = new ScriptFolder(folder.toRealPath());
      found.walk();
      return found.files;
    } catch (IOException | UncheckedIOException e) {
      throw new ModuleException("cannot read the module in " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The text of a file; throws {@link ModuleException} if it is not UTF-8. */
  static String text(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ModuleException("the script " + file + " is not UTF-8 text", e);
    }
  }

  private void walk() throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            boolean skipped = !dir.equals(root) && isLeftOut(dir);
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (TAKEN.matcher(file.getFileName().toString()).matches() && !isLeftOut(file)) {
              take(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static boolean isLeftOut(Path path) {
    String name = path.getFileName().toString();
    return name.startsWith(".") || name.equals("node_modules");
  }

  private void take(Path file) throws IOException {
    if (Files.isSymbolicLink(file) && !(Files.exists(file) && file.toRealPath().startsWith(root))) {
      return;
    }
    if (!Files.isRegularFile(file)) {
      return;
    }
    String name =
        root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    if (name.length() > ScriptFileReference.MAX_NAME) {
      throw new ModuleException(
          file
              + ": its path in the module is over "
              + ScriptFileReference.MAX_NAME
              + " characters");
    }
    bytes += Files.size(file);
    if (bytes > ScriptFile.MAX_BYTES) {
      throw new ModuleException(
          "the scripts in "
              + root
              + " are over the limit of "
              + ScriptFile.MAX_BYTES
              + " bytes together, with "
              + name);
    }
    if (files.size() == ScriptReference.MAX_FILES) {
      throw new ModuleException(
          "there are more than " + ScriptReference.MAX_FILES + " scripts in " + root);
    }
    String text = text(file);
    if (name.endsWith(".json")) {
      requireJson(file, text);
    }
    files.put(name, text);
  }

  private static void requireJson(Path file, String text) throws IOException {
    JsonFactory json =
        JsonFactory.builder().disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build();
    try (JsonParser parser = json.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new ModuleException(file + " is not JSON: it is empty");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new ModuleException(file + " is not JSON: something follows the value");
      }
    } catch (JsonProcessingException e) {
      throw new ModuleException(
          file
              + " is not JSON: "
              + e.getOriginalMessage()
              + " (line "
              + e.getLocation().getLineNr()
              + ")",
          e);
    }
  }
}
