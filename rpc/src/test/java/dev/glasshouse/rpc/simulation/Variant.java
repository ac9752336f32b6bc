package dev.glasshouse.rpc.simulation;

/** What is simulated: the host as it is, or one that is broken, for the simulation to notice. */
enum Variant {
  /** The host as it is, on a disk that keeps what it says it has synced. */
  AS_IT_IS,
  /** A disk that says it has synced, and has not. */
  DISK_LIES,
  /** A host that answers while its entries are still on their way to the disk. */
  ANSWERS_EARLY,
  /** A disk on which a crash brings back all that was there when it was last started. */
  OLD_DISK_COMES_BACK,
  /** A host that no longer knows after a restart which numbers its callers have used. */
  FORGETS_NUMBERS,
  /** The same disk, of a host with witnesses. */
  OLD_DISK_IS_WITNESSED,
  /** A host that answers before its witnesses have cosigned, though its callers want to wait. */
  ANSWERS_UNWITNESSED,
  /** A host to which any one of its witnesses is the quorum. */
  COUNTS_TO_ONE,
  /** A host that waits for ever for a witness's answer that was lost. */
  WAITS_FOR_EVER,
  /** Witnesses that forget what they have cosigned, and a thief of the host's key. */
  WITNESSES_FORGET,
  /** A debug host that takes all unsigned callers for the same. */
  CONFUSES_CALLERS,
  /** A debug host that executes what it is sent once more. */
  EXECUTES_AGAIN,
  /** A debug host that answers what wants no answer. */
  ANSWERS_ALL,
  /** A debug host that answers otherwise than its log says. */
  ANSWERS_OTHERWISE,
  /** A debug host that has the calls of a batch in another order. */
  TURNS_BATCHES_ROUND,
  /** A watchdog that ends nothing. */
  WATCHDOG_SLEEPS,
  /** A watchdog that ends whatever it likes. */
  ABORTS_AT_WILL,
  /** A guest that is not put back when the watchdog has ended its turn. */
  ABORT_LEAVES_TRACES;

  /** Whether it is about witnesses. */
  boolean isOfWitnesses() {
    return compareTo(OLD_DISK_IS_WITNESSED) >= 0 && compareTo(WITNESSES_FORGET) <= 0;
  }

  /** Whether it is about unsigned callers. */
  boolean isOfCallers() {
    return compareTo(CONFUSES_CALLERS) >= 0 && compareTo(TURNS_BATCHES_ROUND) <= 0;
  }

  /** Whether it is about calls that loop. */
  boolean isOfLoops() {
    return compareTo(WATCHDOG_SLEEPS) >= 0;
  }

  /** Whether a crash brings back what the host's disk had when it was last started. */
  boolean bringsOldDiskBack() {
    return this == OLD_DISK_COMES_BACK || this == OLD_DISK_IS_WITNESSED;
  }
}
