package dev.glasshouse.calllog.store;

class MemoryImagesTest extends ImageContract {
  @Override
  Store create() {
    return new MemoryStore();
  }

  @Override
  void reopen() {
    // Nothing of it would be left.
  }
}
