package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The JSON listings of a host: directories, as far as names go, and images. */
public final class Listing {
  private Listing() {}

  /** The names in a listing of a directory. */
  static List<String> names(byte[] json) {
    Object value = CanonicalJson.parse(json, Integer.MAX_VALUE);
    List<String> names = new ArrayList<>();
    if (value instanceof Map && ((Map<?, ?>) value).get("entries") instanceof List) {
      for (Object entry : (List<?>) ((Map<?, ?>) value).get("entries")) {
        Object name = entry instanceof Map ? ((Map<?, ?>) entry).get("name") : null;
        if (!(name instanceof String string)) {
          throw new MalformedException("a directory listing has an entry without a name");
        }
        names.add(string);
      }
      return names;
    }
    throw new MalformedException("a directory listing has no \"entries\"");
  }

  /** The indexes in a listing of images, in its order. */
  public static List<Long> images(byte[] json) {
    List<Long> indexes = new ArrayList<>();
    if (CanonicalJson.parse(json, Integer.MAX_VALUE) instanceof List<?> list) {
      for (Object image : list) {
        Object index = image instanceof Map<?, ?> map ? map.get("index") : null;
        if (!(index instanceof Long number)) {
          throw new MalformedException("a listing of images has one without an index");
        }
        indexes.add(number);
      }
      return indexes;
    }
    throw new MalformedException("a listing of images is no array");
  }
}
