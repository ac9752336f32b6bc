package dev.glasshouse.calllog.fsck;

import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.RestoredMark;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.store.StoreCheck;
import dev.glasshouse.calllog.store.StoreDamagedException;
import dev.glasshouse.calllog.store.StoreException;
import dev.glasshouse.calllog.store.TreeHeadRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Checks one directory of a host. */
public final class Fsck {
  /** Told how far it is. */
  public interface Listener {
    /** So many entries are checked, of so many. */
    void checked(long entries, long of);
  }

  private static final String RECORD_LOSS =
      "It shows that no entry is missing that may have been signed; without it nobody can tell";

  private final Path dir;
  private final EntryNeeds needs;
  private final Listener listener;
  private final Findings findings = new Findings();
  private long entries;
  private long tableBytes;
  private TreeHead head = TreeHead.EMPTY;

  /**
   * What came of it.
   *
   * @param entries how many entries were checked
   * @param tableBytes how many bytes of tables were read against their checksums
   * @param head the tree of these entries, as it was computed from them
   * @param findings in the order in which they were found
   * @param untold how many more there are
   */
  public record Result(
      long entries, long tableBytes, TreeHead head, List<Finding> findings, long untold) {
    /** Whether nothing is damaged. */
    public boolean isWhole() {
      return untold == 0 && findings.stream().noneMatch(Finding::damage);
    }
  }

  private Fsck(Path dir, EntryNeeds needs, Listener listener) {
    this.dir = dir;
    this.needs = needs;
    this.listener = listener;
  }

  /**
   * Checks the directory of a host that is stopped.
   *
   * @throws StoreException if it could not be decided: no log is there, or a host has it open, or
   *     reading fails
   */
  public static Result check(Path dir, EntryNeeds needs, Listener listener) {
    Fsck fsck = new Fsck(dir, needs, listener);
    fsck.run();
    return new Result(
        fsck.entries, fsck.tableBytes, fsck.head, fsck.findings.told(), fsck.findings.untold());
  }

  private void run() {
    Path log = dir.resolve("log");
    if (!Files.isDirectory(log)) {
      throw new StoreException(dir + " is not the directory of a host: there is no log in it");
    }
    RestoredMark mark = RestoredMark.of(dir);
    if (mark.exists()) {
      findings.remark(
          mark.file(),
          "this directory is a backup, or was restored from one",
          "Nothing is signed from it: others may hold newer checkpoints of the log",
          "read it, or show by glass restore --newest that it is the newest");
    }
    TreeHeadRecord.Found recorded = recorded();
    TreeHead newest = recorded == null ? null : recorded.newest();
    try (StoreCheck store = StoreCheck.open(log, newest == null ? 0 : newest.size())) {
      check(store, recorded);
    } catch (StoreDamagedException e) {
      doesNotOpen(log, e);
      key(null);
    }
  }

  // Null if it is damaged.
  private TreeHeadRecord.Found recorded() {
    Path file = dir.resolve("treehead");
    try {
      return TreeHeadRecord.look(file);
    } catch (StoreDamagedException e) {
      findings.loss(file, "the record of the tree head is damaged, both slots of it", RECORD_LOSS);
      return null;
    }
  }

  private void check(StoreCheck store, TreeHeadRecord.Found recorded) {
    tableBytes = store.tableBytes();
    Map<Path, String> damaged =
        store.damagedTables(
            bytes -> {
              // Entries are what people count.
            });
    damaged.forEach(this::table);
    ChainCheck chain = new ChainCheck(dir.resolve("log"), store, needs, findings, listener);
    if (recorded != null && recorded.newest() != null) {
      chain.lookFor(recorded.newest().size());
    }
    byte[] checkpoint = checkpoint();
    long signed = CheckpointCheck.size(checkpoint);
    chain.lookFor(signed);
    chain.run();
    entries = chain.size();
    head = chain.head();
    record(recorded, chain, store.store().size());
    GenesisEntry genesis = chain.genesis();
    if (genesis != null) {
      signed(checkpoint, genesis, chain, store.store().size());
    }
    key(genesis);
    new BlobCheck(dir.resolve("log"), store, chain, findings).run();
  }

  private void table(Path file, String damage) {
    findings.loss(
        file,
        "a table of the store: " + damage,
        "What is in the damaged block is lost here: entries, tree hashes, blobs, call numbers or"
            + " pages of images");
  }

  private void doesNotOpen(Path log, StoreDamagedException e) {
    try {
      Map<Path, String> damaged = StoreCheck.damagedTablesIn(log);
      damaged.forEach(this::table);
    } catch (IOException unreadable) {
      throw new StoreException("cannot read " + log + ": " + unreadable.getMessage(), unreadable);
    }
    findings.loss(
        e.place(),
        "the store does not open: " + e.what(),
        "No entry can be had from it as it is, so none could be checked");
  }

  private void record(TreeHeadRecord.Found recorded, ChainCheck chain, long size) {
    Path file = dir.resolve("treehead");
    if (recorded == null) {
      return;
    }
    if (recorded.newest() == null) {
      if (size > 1) {
        findings.loss(file, "the record of the tree head is missing", RECORD_LOSS);
      }
      return;
    }
    if (recorded.half()) {
      findings.remark(
          file,
          "one of its two slots is not valid",
          "A write that a crash tore, which nothing was signed on; or a damaged one, and then the"
              + " checkpoint beside it shows what was signed",
          "nothing: the next start writes it again");
    }
    chain.require(file, recorded.newest(), "the recorded tree head", findings);
  }

  private byte[] checkpoint() {
    Path file = dir.resolve("checkpoint");
    try {
      return Files.exists(file) ? Files.readAllBytes(file) : null;
    } catch (IOException e) {
      throw new StoreException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private void signed(byte[] bytes, GenesisEntry genesis, ChainCheck chain, long size) {
    Path file = dir.resolve("checkpoint");
    if (bytes == null) {
      if (size > 1) {
        findings.remark(
            file,
            "there is no checkpoint",
            "It is a second witness to treehead, and the host writes it again",
            "nothing: the next start makes one");
      }
      return;
    }
    try {
      SignedCheckpoint last = SignedCheckpoint.verify(bytes, genesis.origin(), genesis.host());
      chain.require(file, last.head(), "the last checkpoint", findings);
    } catch (MalformedException | UnverifiedException e) {
      findings.damage(
          file,
          "it is no checkpoint of this log and key: " + e.getMessage(),
          "A host refuses to start with it",
          "if nothing else is damaged, move it away: the next start makes one");
    }
  }

  private void key(GenesisEntry genesis) {
    Path file = dir.resolve("host.key");
    if (!Files.exists(file)) {
      findings.remark(
          file,
          "there is no signing key",
          "Without the key that it was made with, a log can be read and cannot go on",
          "start the host with --identity FILE, if the key is kept elsewhere");
      return;
    }
    try {
      Identity key = Identity.load(file);
      if (genesis != null && !key.publicKey().equals(genesis.host())) {
        findings.damage(
            file,
            "it is the key "
                + key.publicKey().format()
                + ", and the log's is "
                + genesis.host().format(),
            "A host refuses to start with it",
            "put the log's key back, from a backup, or name it with --identity");
      }
    } catch (IOException | MalformedException e) {
      findings.damage(
          file,
          "the signing key cannot be read: " + e.getMessage(),
          "Without it the log can be read and cannot go on; nobody can make it again",
          "put it back from a backup");
    }
  }
}
