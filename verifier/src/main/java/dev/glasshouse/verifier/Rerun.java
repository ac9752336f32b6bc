package dev.glasshouse.verifier;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.TimerEntry;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.vm.Execution;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.InputMismatchException;
import dev.glasshouse.vm.Replay;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.World;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Executes entries again, one after the other, and requires of each the bytes that the log has.
 * Confined to the sandbox thread that made it.
 */
final class Rerun implements AutoCloseable {
  private final Executor executor;
  private final GenesisEntry genesis;
  private final AuditBlobs blobs;
  private final boolean fromGenesis;

  private Rerun(Executor executor, GenesisEntry genesis, AuditBlobs blobs, boolean fromGenesis) {
    this.executor = executor;
    this.genesis = genesis;
    this.blobs = blobs;
    this.fromGenesis = fromGenesis;
  }

  /** Begins at genesis, which is the first entry to be replayed. */
  static Rerun atGenesis(SandboxEngine engine, GenesisEntry genesis, AuditBlobs blobs) {
    return new Rerun(Replay.executor(engine, genesis, blobs), genesis, blobs, true);
  }

  /**
   * Begins after an image, as if all entries up to it had been replayed. What it comes to is worth
   * as much as the image, which only a replay of the entries before shows to be right. That this
   * build has the log's interpreter has been seen by then.
   *
   * @param pages gives a page by its hash, or null
   * @throws dev.glasshouse.vm.DamagedImageException if the image is not all there
   */
  static Rerun atImage(
      SandboxEngine engine,
      GenesisEntry genesis,
      ImageEntry image,
      Function<Hash, byte[]> pages,
      AuditBlobs blobs) {
    Executor executor = Executor.restore(engine, genesis, image, blobs, pages, World.NONE);
    return new Rerun(executor, genesis, blobs, false);
  }

  /** Replays the next entry, or throws in what it differs or what kept it from being replayed. */
  void replay(CheckedEntry checked) {
    Execution.Derived derived = begun(checked);
    // Equal entries have equal bytes: each was read from its one form. To format this one again
    // would take as long as to parse it.
    boolean isSame =
        derived.entry().equals(checked.entry()) || Arrays.equals(derived.bytes(), checked.bytes());
    if (!isSame) {
      BlobReader derivedBlobs =
          hash -> {
            byte[] own = derived.blobs().get(hash);
            return own != null ? own : blobs.blob(hash);
          };
      throw new DivergenceException(EntryComparison.compare(checked, derived, derivedBlobs, blobs));
    }
    blobs.add(derived.executedBlobs());
  }

  // A guest that began at an image may need blobs that a replay from genesis derives itself: what
  // is wrong with those is no finding.
  private Execution.Derived begun(CheckedEntry checked) {
    try {
      return derive(checked);
    } catch (WrongBlobException e) {
      if (!fromGenesis) {
        throw e;
      }
      throw new DivergenceException(
          Kind.BLOB, checked.index(), "the bytes of that hash", e.getMessage());
    } catch (UnknownEntryException e) {
      throw e;
    } catch (MalformedException e) {
      if (!fromGenesis) {
        throw e;
      }
      throw new DivergenceException(
          Kind.MALFORMED, checked.index(), "a log in its published form", e.getMessage());
    }
  }

  private Execution.Derived derive(CheckedEntry checked) {
    try {
      if (checked.index() == 0) {
        return Replay.genesis(executor, genesis, blobs);
      }
      return checked.entry() instanceof CallEntry call
          ? Replay.call(executor, call, checked.calls(), blobs)
          : Replay.entry(executor, checked.entry(), blobs);
    } catch (InputMismatchException e) {
      // Of what the watchdog ended, a timer's turn alone is replayed, as far as that it is due.
      boolean isTurn =
          checked.entry() instanceof TimerEntry || checked.entry() instanceof AbortEntry;
      String expected =
          isTurn ? "a timer that is due, and the recorded inputs" : "the recorded inputs";
      throw new DivergenceException(
          new Divergence(Kind.INPUTS, checked.index(), checked.method(), expected, e.getMessage())
              .at(DivergedCall.only(checked)));
    } catch (ScriptException e) {
      throw new DivergenceException(Kind.SCRIPT, 0, "a script that loads", e.getMessage());
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}
