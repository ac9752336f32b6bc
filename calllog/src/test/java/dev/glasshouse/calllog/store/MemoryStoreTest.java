package dev.glasshouse.calllog.store;

class MemoryStoreTest extends StoreContract {
  @Override
  Store create() {
    return new MemoryStore();
  }
}
