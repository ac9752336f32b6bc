package dev.glasshouse.vm.crosscheck;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes random JavaScript by the rules in {@code grammar.txt}, which explains its own form. The
 * same seed gives the same text in every JVM: nothing here asks for locale, time or hash order.
 */
final class Grammar {
  private static final Pattern RULE = Pattern.compile("(?:(\\d+)\\* )?(.*)");
  private static final Pattern NAME = Pattern.compile("#([a-z]+)([1-9])");
  private static final Pattern REFERENCE = Pattern.compile("@([a-z0-9-]+)");
  private static final int OWN_VARIABLE_PERCENT = 30;
  private static final Grammar BUNDLED = new Grammar(lines());

  private enum Kind {
    TEXT,
    SYMBOL,
    VARIABLE
  }

  private record Piece(Kind kind, String text, int number) {}

  private static final class Rule {
    private final List<Piece> pieces;
    private final int weight;
    private int height;

    Rule(List<Piece> pieces, int weight) {
      this.pieces = pieces;
      this.weight = weight;
    }
  }

  private final Map<String, List<Rule>> rules = new LinkedHashMap<>();
  private final Map<String, Integer> symbolHeights = new HashMap<>();

  private Grammar(List<String> lines) {
    symbolHeights.put("int", 0);
    symbolHeights.put("int9", 0);
    symbolHeights.put("call", 0);
    for (String line : lines) {
      if (!line.isEmpty() && !line.startsWith("#") && !line.startsWith(" ")) {
        rules.put(line, new ArrayList<>());
      }
    }
    String symbol = null;
    for (String line : lines) {
      if (line.startsWith("  ")) {
        rules.get(symbol).add(rule(line.substring(2)));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        symbol = line;
      }
    }
    measure();
  }

  static Grammar bundled() {
    return BUNDLED;
  }

  /** A text to be written with this source of choices. */
  Text text(Random random) {
    return new Text(random);
  }

  /** What is being written, with the variables that are in scope where its end is now. */
  final class Text {
    private final Random random;
    private final Map<String, List<String>> scope = new HashMap<>();
    private int names;

    private Text(Random random) {
      this.random = random;
    }

    /** Puts a function of this name in scope from here on. */
    void declareFunction(String name) {
      scope.computeIfAbsent("call", k -> new ArrayList<>()).add(name);
    }

    /** One text for the symbol, nested at most about so deep. */
    String write(String symbol, int depth) {
      StringBuilder out = new StringBuilder();
      write(symbol, depth, out);
      return out.toString();
    }

    private void write(String symbol, int depth, StringBuilder out) {
      List<String> own = scope.getOrDefault(symbol, List.of());
      switch (symbol) {
        case "int" -> out.append(random.nextInt(100));
        case "int9" -> out.append(random.nextInt(9));
        case "call" -> out.append(own.isEmpty() ? "Math.max" : any(own));
        default -> {
          if (!own.isEmpty() && random.nextInt(100) < OWN_VARIABLE_PERCENT) {
            out.append(any(own));
          } else {
            write(choose(symbol, depth), depth - 1 - random.nextInt(2), out);
          }
        }
      }
    }

    private String any(List<String> names) {
      return names.get(random.nextInt(names.size()));
    }

    private Rule choose(String symbol, int depth) {
      int limit = Math.max(depth, symbolHeights.get(symbol));
      int total = 0;
      for (Rule rule : rules.get(symbol)) {
        total += rule.height <= limit ? rule.weight : 0;
      }
      int at = random.nextInt(total);
      for (Rule rule : rules.get(symbol)) {
        at -= rule.height <= limit ? rule.weight : 0;
        if (at < 0) {
          return rule;
        }
      }
      throw new IllegalStateException("no rule for " + symbol);
    }

    private void write(Rule rule, int depth, StringBuilder out) {
      Map<String, String> own = new LinkedHashMap<>();
      List<String> waiting = new ArrayList<>();
      List<String> visible = new ArrayList<>();
      for (Piece piece : rule.pieces) {
        switch (piece.kind) {
          case TEXT -> {
            out.append(piece.text);
            if (opens(piece.text)) {
              for (String key : waiting) {
                String symbol = key.substring(0, key.length() - 1);
                scope.computeIfAbsent(symbol, k -> new ArrayList<>()).add(own.get(key));
                visible.add(symbol);
              }
              waiting.clear();
            }
          }
          case SYMBOL -> write(piece.text, depth, out);
          case VARIABLE -> {
            String key = piece.text + piece.number;
            if (!own.containsKey(key)) {
              own.put(key, piece.text.charAt(0) + "_" + names++);
              waiting.add(key);
            }
            out.append(own.get(key));
          }
        }
      }
      for (String symbol : visible) {
        List<String> known = scope.get(symbol);
        known.remove(known.size() - 1);
      }
    }
  }

  private static boolean opens(String text) {
    return text.indexOf(';') >= 0 || text.indexOf('{') >= 0 || text.indexOf('>') >= 0;
  }

  private Rule rule(String line) {
    Matcher weighted = RULE.matcher(line);
    if (!weighted.matches()) {
      throw new IllegalStateException("not a rule: " + line);
    }
    int weight = weighted.group(1) == null ? 1 : Integer.parseInt(weighted.group(1));
    return new Rule(pieces(weighted.group(2)), weight);
  }

  private List<Piece> pieces(String text) {
    List<Piece> pieces = new ArrayList<>();
    Matcher name = NAME.matcher(text);
    Matcher reference = REFERENCE.matcher(text);
    int at = 0;
    for (int from = 0; from < text.length(); ) {
      int end = from + 1;
      Piece found = null;
      if (name.region(from, text.length()).lookingAt()) {
        found = new Piece(Kind.VARIABLE, name.group(1), Integer.parseInt(name.group(2)));
        end = name.end();
      } else if (reference.region(from, text.length()).lookingAt()) {
        found = new Piece(Kind.SYMBOL, longestSymbol(reference.group(1)), 0);
        end = from + 1 + found.text.length();
      }
      if (found != null) {
        pieces.add(new Piece(Kind.TEXT, text.substring(at, from), 0));
        pieces.add(found);
        at = end;
      }
      from = end;
    }
    pieces.add(new Piece(Kind.TEXT, text.substring(at), 0));
    return pieces;
  }

  // In `@int9n` the symbol is int9 and `n` is text.
  private String longestSymbol(String text) {
    for (int length = text.length(); length > 0; length--) {
      String prefix = text.substring(0, length);
      if (rules.containsKey(prefix) || symbolHeights.containsKey(prefix)) {
        return prefix;
      }
    }
    throw new IllegalStateException("the grammar has no symbol @" + text);
  }

  // How many levels a symbol needs at least, so that a depth limit always leaves something to
  // write.
  private void measure() {
    for (boolean changed = true; changed; ) {
      changed = false;
      for (Map.Entry<String, List<Rule>> entry : rules.entrySet()) {
        for (Rule rule : entry.getValue()) {
          int height = height(rule);
          if (height < symbolHeights.getOrDefault(entry.getKey(), Integer.MAX_VALUE)) {
            symbolHeights.put(entry.getKey(), height);
            changed = true;
          }
        }
      }
    }
    rules.values().forEach(all -> all.forEach(rule -> rule.height = height(rule)));
  }

  private int height(Rule rule) {
    int height = 0;
    for (Piece piece : rule.pieces) {
      if (piece.kind == Kind.SYMBOL) {
        Integer of = symbolHeights.get(piece.text);
        if (of == null) {
          return Integer.MAX_VALUE;
        }
        height = Math.max(height, 1 + of);
      }
    }
    return height;
  }

  private static List<String> lines() {
    try (InputStream in = Grammar.class.getResourceAsStream("grammar.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read grammar.txt", e);
    }
  }
}
