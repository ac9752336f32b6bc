package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Admission;
import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.BrokenRuleException.Rule;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryRules;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ProvedTiles;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The entries of a log that keep every rule that needs no execution: place, chain, time, admission,
 * and the checkpoint that was kept before. Grows entry by entry.
 */
final class History {
  private record Session(PublicKey key, String session) {}

  // The entry is that of the log, or -1 if it was verified earlier.
  private record Last(long number, long entry) {
    static final Last NONE = new Last(0, -1);
  }

  private final Hash log;
  private final GenesisEntry genesis;
  private final Level level;
  // Roots that the log must have at their sizes.
  private final List<TreeHead> required;
  private final Tally tally;
  private final AuditedTree tree;
  private final Map<Session, Last> lastNumbers = new HashMap<>();

  private Hash prev = Hash.ZERO;
  private Hash filesRoot;
  // What the guest's clock showed last: it moves within an entry whose calls wait for timers.
  private long time;

  /**
   * Begins with no entry.
   *
   * @param required heads that the log has had before, which it must continue
   */
  History(Hash log, GenesisEntry genesis, Level level, List<TreeHead> required, Tally tally) {
    this(log, genesis, level, required, tally, new AuditedTree());
  }

  private History(
      Hash log,
      GenesisEntry genesis,
      Level level,
      List<TreeHead> required,
      Tally tally,
      AuditedTree tree) {
    this.tree = tree;
    this.log = log;
    this.genesis = genesis;
    this.level = level;
    this.required = List.copyOf(required);
    this.tally = tally;
  }

  /**
   * Goes on from what was verified before.
   *
   * @param tiles those of the tree that is signed now
   * @return empty if the log does not begin with that
   */
  static Optional<History> resume(
      Verified before,
      GenesisEntry genesis,
      Level level,
      List<TreeHead> required,
      Tally tally,
      ProvedTiles tiles) {
    return AuditedTree.after(before.head(), tiles)
        .map(tree -> resume(before, genesis, level, required, tally, tree));
  }

  private static History resume(
      Verified before,
      GenesisEntry genesis,
      Level level,
      List<TreeHead> required,
      Tally tally,
      AuditedTree tree) {
    History history = new History(before.log(), genesis, level, required, tally, tree);
    history.requireEarlier();
    history.prev = tree.leaf(tree.size() - 1);
    history.time = before.time();
    history.filesRoot = before.filesRoot();
    for (Verified.LastNumber last : before.numbers()) {
      history.lastNumbers.put(new Session(last.key(), last.session()), new Last(last.number(), -1));
    }
    return history;
  }

  /** What there is to remember of the entries so far. */
  Verified verified() {
    List<Verified.LastNumber> numbers = new ArrayList<>();
    lastNumbers.forEach(
        (session, last) ->
            numbers.add(new Verified.LastNumber(session.key, session.session, last.number)));
    return new Verified(log, level, head(), time, filesRoot, numbers);
  }

  long size() {
    return tree.size();
  }

  TreeHead head() {
    return tree.head();
  }

  /** What the guest's clock showed last, in milliseconds since 1970; 0 before genesis. */
  long time() {
    return time;
  }

  AuditedTree tree() {
    return tree;
  }

  /** The archive's root as the last entry has it. */
  Hash filesRoot() {
    return filesRoot;
  }

  /** Takes the next entry, or throws what is wrong with it or kept it from being checked. */
  void append(CheckedEntry checked) {
    if (checked.failure() != null) {
      throw checked.failure();
    }
    requireRules(checked);
    Entry entry = checked.entry();
    tree.append(checked.leaf());
    prev = checked.leaf();
    time = EntryRules.end(entry);
    filesRoot = entry.root();
    tally.entry(checked);
    requireKept();
  }

  /** The last entry before with a call of the same session, or -1 if there is none or not known. */
  long sameSession(PublicKey caller, String session) {
    return lastNumbers.getOrDefault(new Session(caller, session), Last.NONE).entry;
  }

  private void requireRules(CheckedEntry checked) {
    EntryRules.Parsed parsed = checked.parsed();
    try {
      EntryRules.place(parsed);
      EntryRules.follows(parsed, prev, OptionalLong.of(time));
    } catch (BrokenRuleException e) {
      throw DivergenceException.of(e, null);
    }
    if (!level.includes(Level.SIGNATURES)) {
      return;
    }
    try {
      // Of an aborted call no less than of one that was executed: its number is used up, too.
      EntryRules.admitted(parsed, genesis, log, new Before());
    } catch (BrokenRuleException e) {
      throw DivergenceException.of(e, e.rule() == Rule.ADMISSION ? checked.method() : null);
    }
    if (parsed.signed() != null) {
      PublicKey key = ((Caller.Key) parsed.caller()).key();
      lastNumbers.put(
          new Session(key, parsed.signed().session()),
          new Last(parsed.signed().n(), parsed.index()));
    }
  }

  /** The log before the next entry, as far as admission asks. */
  private final class Before implements Admission.State {
    @Override
    public long lastNumber(PublicKey caller, String session) {
      return lastNumbers.getOrDefault(new Session(caller, session), Last.NONE).number;
    }

    @Override
    public Hash rootAt(long size) {
      return tree.root(size);
    }
  }

  private void requireKept() {
    for (TreeHead before : required) {
      if (before.size() == tree.size()) {
        requireSame(before);
      }
    }
  }

  // Of heads that lie within what was verified before.
  private void requireEarlier() {
    required.stream().filter(before -> before.size() <= tree.size()).forEach(this::requireSame);
  }

  private void requireSame(TreeHead before) {
    Hash root = tree.root(before.size());
    if (!before.root().equals(root)) {
      throw new DivergenceException(
          Kind.FORK,
          before.size() - 1,
          "root " + before.root() + " of size " + before.size() + ", signed before",
          "root " + root);
    }
  }
}
