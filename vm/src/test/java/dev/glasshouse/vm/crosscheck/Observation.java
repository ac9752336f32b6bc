package dev.glasshouse.vm.crosscheck;

import dev.glasshouse.calllog.Hash;

/**
 * What can be seen of one turn.
 *
 * @param call the number of the call it belongs to, 0 for loading
 * @param turn what the guest was told
 * @param reply the guest's answer, or {@code trap} and its name
 * @param fuel polls used
 * @param asked the hash of all that the guest asked the host in this call so far
 * @param heap the hash of the heap after the turn, before a trap is undone
 */
record Observation(int call, String turn, String reply, long fuel, Hash asked, Hash heap) {
  /** All of it in one line; host calls and heap as the start of their hash. */
  String line() {
    String told = call + " " + turn + " fuel " + fuel;
    return told + " asked " + brief(asked) + " heap " + brief(heap) + " " + reply;
  }

  private static String brief(Hash hash) {
    return hash.hex().substring(0, 32);
  }
}
