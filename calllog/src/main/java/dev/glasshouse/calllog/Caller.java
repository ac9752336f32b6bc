package dev.glasshouse.calllog;

import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Who made a call, and what shows it. More kinds (a module, another host) will come. */
public sealed interface Caller permits Caller.Key, Caller.User {
  /** What the module sees as {@code System.caller.id}; may be null. */
  String id();

  /**
   * A caller who signed.
   *
   * @param signature 64 bytes over {@link SignedCall#DOMAIN} and the request's bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // compared through the entry's bytes only
  record Key(PublicKey key, byte[] signature) implements Caller {
    @Override
    public String id() {
      return key.format();
    }
  }

  /**
   * A caller whom a debug host took at its word.
   *
   * @param id the name of HTTP basic authentication, or null
   */
  record User(String id) implements Caller {}

  /** The form in an entry. */
  default Map<String, Object> toJson() {
    Map<String, Object> map = new TreeMap<>();
    if (this instanceof Key key) {
      map.put("key", key.key().format());
      map.put("sig", formatSignature(key.signature()));
    } else {
      map.put("user", id());
    }
    return map;
  }

  /** The inverse of {@link #toJson}. */
  static Caller fromJson(Object json) {
    Members members = Members.of("entry.caller", json);
    Caller caller;
    if (members.has("key")) {
      caller =
          new Key(CallerKeys.parse(members.string("key")), parseSignature(members.string("sig")));
    } else {
      Object user = members.any("user");
      if (user != null && !(user instanceof String)) {
        throw new MalformedException("entry.caller.user must be a string or null");
      }
      caller = new User((String) user);
    }
    members.end();
    return caller;
  }

  /** A signature as 86 characters of base64url without padding. */
  static String formatSignature(byte[] signature) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
  }

  /** The inverse of {@link #formatSignature}. */
  static byte[] parseSignature(String text) {
    byte[] signature;
    try {
      signature = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("a signature is written as base64url without padding", e);
    }
    if (signature.length != 64 || !formatSignature(signature).equals(text)) {
      throw new MalformedException("a signature is 64 bytes as 86 characters of base64url");
    }
    return signature;
  }
}
