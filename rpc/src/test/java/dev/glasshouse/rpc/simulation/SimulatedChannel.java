package dev.glasshouse.rpc.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open simulated file, or the directory. */
final class SimulatedChannel extends FileChannel {
  private final SimulatedDisk disk;
  private final SimulatedFiles directory;
  private final SimulatedFile file;
  private int position;

  /**
   * Opens a file.
   *
   * @param directory not null if that is what is open
   */
  SimulatedChannel(SimulatedDisk disk, SimulatedFiles directory, SimulatedFile file) {
    this.disk = disk;
    this.directory = directory;
    this.file = file;
  }

  @Override
  public int read(ByteBuffer into) {
    int length = Math.min(into.remaining(), file.bytes().length - position);
    if (length <= 0) {
      return into.hasRemaining() ? -1 : 0;
    }
    into.put(file.bytes(), position, length);
    position += length;
    return length;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int written = write(from, position);
    position += written;
    return written;
  }

  // A write may be short.
  @Override
  public int write(ByteBuffer from, long at) throws IOException {
    int length = disk.isCalm() ? from.remaining() : 1 + disk.dice().nextInt(from.remaining());
    byte[] bytes = new byte[length];
    from.get(bytes);
    disk.change("a write", () -> file.write((int) at, bytes));
    return length;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    try {
      disk.change("a sync", directory != null ? directory::syncNames : file::sync);
    } catch (IOException e) {
      file.failToSync();
      throw e;
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public FileChannel position(long at) {
    position = (int) at;
    return this;
  }

  @Override
  public long size() {
    return file.bytes().length;
  }

  @Override
  protected void implCloseChannel() {
    // Nothing is held.
  }

  // Nothing below is used by what runs here.

  @Override
  public long read(ByteBuffer[] into, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int read(ByteBuffer into, long at) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long at, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long at, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long at, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock tryLock(long at, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }
}
