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
  FORGETS_NUMBERS
}
