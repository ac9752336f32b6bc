package dev.glasshouse.calllog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The module's script: the files that it may load, and the one it begins with.
 *
 * @param main the name of the file that is evaluated first; it is one of {@code files}
 * @param kind {@code commonjs} or {@code module}
 * @param files 1 to {@link #MAX_FILES} files of different names; kept in the order of the UTF-8
 *     bytes of their names, in whatever order they are given
 */
public record ScriptReference(String main, String kind, List<ScriptFileReference> files) {
  /** Files of one script. */
  public static final int MAX_FILES = 1024;

  public ScriptReference {
    requireKind(kind);
    if (files.isEmpty() || files.size() > MAX_FILES) {
      throw new MalformedException("entry.script has from 1 to " + MAX_FILES + " files");
    }
    Map<byte[], ScriptFileReference> sorted = new TreeMap<>(Arrays::compareUnsigned);
    boolean hasMain = false;
    for (ScriptFileReference file : files) {
      if (sorted.put(Utf8.encode(file.name()), file) != null) {
        throw new MalformedException("entry.script has two files named " + file.name());
      }
      hasMain |= file.name().equals(main);
    }
    if (!hasMain) {
      throw new MalformedException("entry.script.main is none of its files: " + main);
    }
    files = List.copyOf(sorted.values());
  }

  private static void requireKind(String kind) {
    if (!kind.equals("commonjs") && !kind.equals("module")) {
      throw new MalformedException("entry.script.kind is \"commonjs\" or \"module\"");
    }
  }

  /** A script of one file. */
  public ScriptReference(String main, String kind, BlobReference source) {
    this(main, kind, List.of(new ScriptFileReference(main, source)));
  }

  Map<String, Object> toJson(Map<Hash, byte[]> blobs) {
    List<Object> list = new ArrayList<>();
    for (ScriptFileReference file : files) {
      list.add(file.toJson());
    }
    Map<String, Object> map = new TreeMap<>();
    map.put("files", LongList.toJson(list, blobs));
    map.put("kind", kind);
    map.put("main", main);
    return map;
  }

  /** What an entry says of a script before its list of files is read, which may be a blob. */
  record Unlisted(String main, String kind, Object files) {
    static Unlisted of(Members members) {
      Unlisted script =
          new Unlisted(members.string("main"), members.string("kind"), members.any("files"));
      members.end();
      requireKind(script.kind);
      return script;
    }

    ScriptReference listed(BlobReader blobs) {
      List<ScriptFileReference> read = new ArrayList<>();
      for (Object file : LongList.fromJson("entry.script.files", files, MAX_FILES, blobs)) {
        read.add(ScriptFileReference.fromJson(file));
      }
      ScriptReference script = new ScriptReference(main, kind, read);
      if (!script.files.equals(read)) {
        throw new MalformedException("entry.script.files are in the order of their names' bytes");
      }
      return script;
    }
  }
}
