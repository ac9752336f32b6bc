package dev.glasshouse.calllog.store;

/**
 * Where the answer to an accepted call is found again, so that a retry gets the same receipt.
 *
 * @param index 0-based index of the entry that holds the call
 * @param checkpointSize size of the tree whose checkpoint the receipt carries; more than {@code
 *     index}
 */
public record Ticket(long index, long checkpointSize) {
  public Ticket {
    if (index < 0 || checkpointSize <= index) {
      throw new IllegalArgumentException(
          "a ticket for entry " + index + " cannot have a checkpoint of size " + checkpointSize);
    }
  }
}
