package dev.glasshouse.vm.test262;

import dev.glasshouse.calllog.Hash;

/**
 * What became of a case on one engine.
 *
 * @param id of the case
 * @param verdict pass, fail or skip
 * @param fuel polls that it used
 * @param heap the hash of the heap after it
 * @param outcome what the guest said, or the name of the trap
 */
record CaseResult(String id, String verdict, long fuel, Hash heap, String outcome) {
  private static final int SHOWN = 160;

  static CaseResult skipped(TestCase test) {
    return new CaseResult(test.id(), "skip", 0, Hash.ZERO, "");
  }

  /** One line, its fields between tabs; a long outcome as its beginning and its hash. */
  String line() {
    String said = outcome.strip().replaceAll("\\s+", " ");
    if (said.length() > SHOWN) {
      said = said.substring(0, SHOWN) + "… " + Hash.of(outcome).hex().substring(0, 16);
    }
    return String.join("\t", id, verdict, Long.toString(fuel), heap.hex().substring(0, 32), said);
  }
}
