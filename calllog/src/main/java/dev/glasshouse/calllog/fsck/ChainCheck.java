package dev.glasshouse.calllog.fsck;

import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryRules;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.RightEdge;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.store.Store;
import dev.glasshouse.calllog.store.StoreCheck;
import dev.glasshouse.calllog.store.StoreDamagedException;
import dev.glasshouse.calllog.store.Ticket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads all entries in their order, computes the tree from them, and compares what the store holds
 * beside them.
 */
final class ChainCheck {
  private static final int AT_ONCE = 256;
  private static final long BYTES_AT_ONCE = 8 << 20;

  private static final String LOST_ENTRY =
      "A host that goes on without it would fork its own log; who has a copy can show that";

  private final Path place;
  private final StoreCheck check;
  private final Store store;
  private final EntryNeeds needs;
  private final Findings findings;
  private final Fsck.Listener listener;
  private final RightEdge edge = new RightEdge();
  private final Map<Long, Hash> roots = new HashMap<>();
  private GenesisEntry genesis;
  private Hash prev = Hash.ZERO;
  private Hash files;
  private long end;
  private long tickets;
  private long next;

  ChainCheck(
      Path place, StoreCheck check, EntryNeeds needs, Findings findings, Fsck.Listener listener) {
    this.place = place;
    this.check = check;
    this.store = check.store();
    this.needs = needs;
    this.findings = findings;
    this.listener = listener;
    this.roots.put(0L, Merkle.EMPTY_ROOT);
  }

  /** Has {@link #require} know the root of this size. */
  void lookFor(long size) {
    roots.putIfAbsent(size, null);
  }

  void run() {
    long size = store.size();
    try {
      while (next < size) {
        for (byte[] bytes : store.entries(next, AT_ONCE, BYTES_AT_ONCE)) {
          add(bytes);
          next++;
        }
        listener.checked(next, size);
      }
      long indexed = check.tickets();
      if (indexed != tickets) {
        findings.loss(
            place,
            "the index of call numbers has " + indexed + ", the entries have " + tickets,
            "A call that was executed could be executed again, or refused though it was not");
      }
    } catch (StoreDamagedException e) {
      findings.loss(
          e.place(),
          "entries from number " + next + " on could not be checked: " + e.what(),
          LOST_ENTRY);
    }
  }

  private void add(byte[] bytes) {
    Hash leaf = Merkle.leafHash(bytes);
    edge.append(leaf, this::compare);
    if (roots.containsKey(next + 1)) {
      roots.put(next + 1, edge.root());
    }
    try {
      EntryRules.Parsed parsed = parsed(bytes);
      EntryRules.place(parsed);
      EntryRules.follows(parsed, prev, next == 0 ? OptionalLong.empty() : OptionalLong.of(end));
      Entry entry = parsed.entry();
      end = EntryRules.end(entry);
      ticket(parsed);
      needs.of(entry, files, store, this::need);
      files = entry.root();
    } catch (MissingBlobException e) {
      missing(e.getMessage());
    } catch (UnknownEntryException e) {
      findings.remark(
          place,
          "entry " + next + " is of a later version than this program",
          "What it says was not checked",
          "use a newer glass");
    } catch (BrokenRuleException | MalformedException e) {
      findings.loss(place, "entry " + next + ": " + e.getMessage(), LOST_ENTRY);
    }
    prev = leaf;
  }

  private EntryRules.Parsed parsed(byte[] bytes) {
    if (next > 0 && genesis != null) {
      return EntryRules.alone(next, bytes, genesis, store, EntryRules.Depth.REQUEST);
    }
    Entry entry = Entry.parse(bytes, store);
    if (entry instanceof GenesisEntry first) {
      genesis = first;
    }
    return new EntryRules.Parsed(next, entry, null, null, List.of());
  }

  private void compare(int level, long place, Hash hash) {
    if (level % 8 == 0 && !hash.equals(store.treeHash(level / 8, place))) {
      findings.loss(
          this.place,
          "the tree hash " + place + " of level " + level / 8 + " is not that of the entries",
          "Proofs made from it do not hold");
    }
  }

  private void ticket(EntryRules.Parsed parsed) {
    if (parsed.signed() == null) {
      return;
    }
    tickets++;
    byte[] key = ((Caller.Key) parsed.caller()).key().bytes();
    byte[] session = HexFormat.of().parseHex(parsed.signed().session());
    Ticket ticket = store.ticket(key, session, parsed.signed().n());
    if (ticket == null
        || ticket.index() != next
        || ticket.checkpointSize() <= next
        || ticket.checkpointSize() > store.size()) {
      findings.loss(
          place,
          "the index of call numbers has "
              + (ticket == null ? "nothing" : "something else")
              + " for the call in entry "
              + next,
          "Its caller cannot have the receipt again, and the call could be executed again");
    }
  }

  private void need(Hash hash) {
    if (!store.hasBlob(hash)) {
      missing("blob " + hash + " is missing");
    }
  }

  private void missing(String what) {
    findings.loss(
        place,
        "entry " + next + " needs what is not there: " + what,
        "The entry stays proved, and what it names cannot be had from here");
  }

  /** Requires that the entries begin with the tree that was recorded or signed. */
  void require(Path file, TreeHead head, String name, Findings to) {
    Hash root = roots.get(head.size());
    if (root == null) {
      to.loss(
          file,
          name + " is of " + head.size() + " entries, and " + next + " are to be had",
          LOST_ENTRY);
    } else if (!root.equals(head.root())) {
      to.loss(
          file,
          name
              + " of "
              + head.size()
              + " entries has root "
              + head.root()
              + ", the entries have root "
              + root,
          LOST_ENTRY);
    }
  }

  /** How many entries were read. */
  long size() {
    return next;
  }

  TreeHead head() {
    return edge.head();
  }

  /** Null if the first entry is none. */
  GenesisEntry genesis() {
    return genesis;
  }

  /** An image's pages as its entry names them; null if the entry is no image or cannot be had. */
  List<Hash> imagePages(long index) {
    try {
      return index < next && Entry.parse(store.entry(index), store) instanceof ImageEntry image
          ? image.heap().readPages(store)
          : null;
    } catch (MalformedException | MissingBlobException | StoreDamagedException e) {
      return null;
    }
  }
}
