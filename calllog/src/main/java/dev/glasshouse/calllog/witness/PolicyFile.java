package dev.glasshouse.calllog.witness;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.VerifyingKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one file of C2SP tlog-policy. Names are octets there, not characters: within this class
 * text is ISO 8859-1, a character for each octet.
 */
final class PolicyFile {
  private static final String NONE = "none";

  private final List<Policy.Log> logs = new ArrayList<>();
  private final List<Policy.Witness> witnesses = new ArrayList<>();
  private final Map<String, Policy.Member> named = new HashMap<>();
  private final Set<String> members = new HashSet<>();
  private final Set<PublicKey> logKeys = new HashSet<>();
  private final Set<VerifyingKey> witnessKeys = new HashSet<>();
  private int groups;
  private boolean hasQuorum;
  private Policy.Member quorum;

  Policy parse(byte[] bytes) {
    if (bytes.length > Policy.MAX_BYTES) {
      throw new MalformedException("a policy has at most " + Policy.MAX_BYTES + " bytes");
    }
    String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      try {
        parse(lines[i]);
      } catch (MalformedException e) {
        throw new MalformedException("line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    if (!hasQuorum) {
      throw new MalformedException("a policy has one line \"quorum NAME\" or \"quorum none\"");
    }
    return new Policy(logs, witnesses, quorum);
  }

  private void parse(String line) {
    if (line.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
      throw new MalformedException(
          line.endsWith("\r")
              ? "it ends in a carriage return; lines end in a newline alone"
              : "a control character");
    }
    List<String> words = words(line);
    if (words.isEmpty() || words.get(0).startsWith("#")) {
      return;
    }
    List<String> rest = words.subList(1, words.size());
    switch (words.get(0)) {
      case "log" -> log(rest);
      case "witness" -> witness(rest);
      case "group" -> group(rest);
      case "quorum" -> quorum(rest);
      default ->
          throw new MalformedException(
              "a line starts with log, witness, group, quorum or #, not " + quoted(words.get(0)));
    }
  }

  // Nothing but spaces and tabs separates: other octets may belong to UTF-8.
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (String word : line.split("[ \t]+", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  private void log(List<String> words) {
    if (words.isEmpty() || words.size() > 2) {
      throw new MalformedException("a log is written as \"log VKEY [URL]\"");
    }
    if (logs.size() == Policy.MAX_LOGS) {
      throw new MalformedException("a policy has at most " + Policy.MAX_LOGS + " logs");
    }
    NoteKey key = NoteKey.parse(text(words.get(0)));
    if (!logKeys.add(key.key())) {
      throw new MalformedException("a log with this public key is listed already");
    }
    logs.add(new Policy.Log(key, url(words, 1)));
  }

  private void witness(List<String> words) {
    if (words.size() < 2 || words.size() > 3) {
      throw new MalformedException("a witness is written as \"witness NAME VKEY [URL]\"");
    }
    if (witnesses.size() == Policy.MAX_WITNESSES) {
      throw new MalformedException("a policy has at most " + Policy.MAX_WITNESSES + " witnesses");
    }
    WitnessKey key = WitnessKey.parse(text(words.get(1)));
    if (!witnessKeys.add(key.key())) {
      throw new MalformedException("a witness with this public key is listed already");
    }
    Policy.Witness witness = new Policy.Witness(shown(words.get(0)), key, url(words, 2));
    define(words.get(0), new Policy.One(witness));
    witnesses.add(witness);
  }

  private void group(List<String> words) {
    if (words.size() < 3) {
      throw new MalformedException("a group is written as \"group NAME all|any|K MEMBER...\"");
    }
    if (groups == Policy.MAX_GROUPS) {
      throw new MalformedException("a policy has at most " + Policy.MAX_GROUPS + " groups");
    }
    List<String> names = words.subList(2, words.size());
    List<Policy.Member> found = new ArrayList<>();
    for (String name : names) {
      found.add(find(name));
      if (!members.add(name)) {
        throw new MalformedException(quoted(name) + " is a member of a group already");
      }
    }
    define(words.get(0), new Policy.Group(needed(words.get(1), found.size()), found));
    groups++;
  }

  private static int needed(String word, int count) {
    if (word.equals("all")) {
      return count;
    }
    if (word.equals("any")) {
      return 1;
    }
    // No file of our size has a group of more than six digits of members.
    int needed = word.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(word) : 0;
    if (needed < 1 || needed > count) {
      throw new MalformedException(
          "a group needs all, any, or a number from 1 to " + count + " of its members");
    }
    return needed;
  }

  private void quorum(List<String> words) {
    if (words.size() != 1) {
      throw new MalformedException("a quorum is written as \"quorum NAME\" or \"quorum none\"");
    }
    if (hasQuorum) {
      throw new MalformedException("a policy has one quorum, and this is the second");
    }
    hasQuorum = true;
    quorum = words.get(0).equals(NONE) ? null : find(words.get(0));
  }

  private void define(String name, Policy.Member member) {
    if (name.equals(NONE)) {
      throw new MalformedException("\"none\" is no name for a witness or a group");
    }
    if (named.putIfAbsent(name, member) != null) {
      throw new MalformedException(quoted(name) + " is defined already");
    }
  }

  private Policy.Member find(String name) {
    Policy.Member found = named.get(name);
    if (found == null) {
      throw new MalformedException(quoted(name) + " is no witness or group of the lines before");
    }
    return found;
  }

  private static Optional<String> url(List<String> words, int at) {
    return words.size() > at ? Optional.of(text(words.get(at))) : Optional.empty();
  }

  // A key name or an address must be UTF-8: it is compared with what others write.
  private static String text(String octets) {
    String text = shown(octets);
    // What is no UTF-8 is shown as U+FFFD, which a file may also mean.
    byte[] again = text.getBytes(StandardCharsets.UTF_8);
    if (!octets.equals(new String(again, StandardCharsets.ISO_8859_1))) {
      throw new MalformedException("a key or an address is not UTF-8");
    }
    return text;
  }

  private static String shown(String octets) {
    return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static String quoted(String octets) {
    return "\"" + shown(octets) + "\"";
  }
}
