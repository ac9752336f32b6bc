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
  private final SimulatedFile file;
  private final Runnable sync;
  private int position;

  /** Opens a file, or a directory, as what its sync does. */
  SimulatedChannel(SimulatedDisk disk, SimulatedFile file, Runnable sync) {
    this.disk = disk;
    this.file = file;
    this.sync = sync;
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
      disk.change("a sync", sync);
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

  // Whoever else has locked it has crashed.
  @Override
  public FileLock tryLock(long at, long size, boolean shared) {
    return new FileLock(this, at, size, shared) {
      @Override
      public boolean isValid() {
        return isOpen();
      }

      @Override
      public void release() {
        // Nobody else waits for it.
      }
    };
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
}
