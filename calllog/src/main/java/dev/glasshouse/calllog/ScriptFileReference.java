package dev.glasshouse.calllog;

import java.util.Map;
import java.util.TreeMap;

/**
 * One file of a module's script.
 *
 * @param name where it stands in the module: relative, segments separated by {@code /}, none of
 *     them empty, {@code .} or {@code ..}; at most {@link #MAX_NAME} UTF-16 code units
 */
public record ScriptFileReference(String name, BlobReference source) {
  /** UTF-16 code units of a name. */
  public static final int MAX_NAME = 256;

  public ScriptFileReference {
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw new MalformedException(
          "the name of a script's file has from 1 to " + MAX_NAME + " characters");
    }
    for (String segment : name.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw new MalformedException(
            "the name of a script's file has an empty, \".\" or \"..\" segment: " + name);
      }
    }
  }

  Map<String, Object> toJson() {
    Map<String, Object> map = new TreeMap<>();
    map.put("name", name);
    map.put("source", source.toJson());
    return map;
  }

  static ScriptFileReference fromJson(Object json) {
    Members members = Members.of("entry.script.files", json);
    BlobReference source = BlobReference.fromJson(members.object("source"));
    ScriptFileReference file = new ScriptFileReference(members.string("name"), source);
    members.end();
    return file;
  }
}
