package dev.glasshouse.rpc.simulation;

import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The bytes of a file as they are read, and as they are on disk. */
final class SimulatedFile {
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  private record Write(int at, byte[] bytes) {
    /** What is left of it when another one was written after it. */
    List<Write> without(Write later) {
      int from = Math.max(0, Math.min(bytes.length, later.at - at));
      int to = Math.max(from, Math.min(bytes.length, later.at + later.bytes.length - at));
      List<Write> left = new ArrayList<>();
      if (from > 0) {
        left.add(new Write(at, Arrays.copyOf(bytes, from)));
      }
      if (to < bytes.length) {
        left.add(new Write(at + to, Arrays.copyOfRange(bytes, to, bytes.length)));
      }
      return left;
    }
  }

  private byte[] read;
  private byte[] synced;
  private final List<Write> unsynced = new ArrayList<>();

  // Of syncs that failed.
  private List<Write> given = new ArrayList<>();

  SimulatedFile(byte[] synced) {
    this.synced = synced;
    this.read = synced;
  }

  /** The bytes as they are read. */
  byte[] bytes() {
    return read;
  }

  void truncate() {
    read = new byte[0];
    synced = new byte[0];
    unsynced.clear();
    given.clear();
  }

  void write(int at, byte[] bytes) {
    Write write = new Write(at, bytes);
    read = with(read, write, bytes.length);
    unsynced.add(write);
  }

  /** A sync that comes to its end. */
  void sync() {
    for (Write write : unsynced) {
      synced = with(synced, write, write.bytes().length);
      given = given.stream().flatMap(old -> old.without(write).stream()).collect(toList());
    }
    unsynced.clear();
  }

  /** A sync that fails: what it did not write counts as written. */
  void failToSync() {
    given.addAll(unsynced);
    unsynced.clear();
  }

  /** What was not synced is on disk as a whole, in part, or not at all. */
  void losePower(Random dice) {
    unsynced.addAll(0, given);
    given.clear();
    for (Write write : unsynced) {
      int length = write.bytes().length;
      int[] kept = {0, length, dice.nextInt(length + 1)};
      synced = with(synced, write, kept[dice.nextInt(kept.length)]);
    }
    unsynced.clear();
    read = synced;
  }

  private static byte[] with(byte[] bytes, Write write, int length) {
    byte[] changed = Arrays.copyOf(bytes, Math.max(bytes.length, write.at() + length));
    System.arraycopy(write.bytes(), 0, changed, write.at(), length);
    return changed;
  }
}
