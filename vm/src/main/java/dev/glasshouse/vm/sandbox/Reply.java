package dev.glasshouse.vm.sandbox;

/**
 * What one turn of the guest came to.
 *
 * @param text the guest's answer as {@code guest.js} writes it, or null after a trap
 * @param trap why the guest was stopped, or null
 * @param fuel interrupt polls used
 */
public record Reply(String text, Trap trap, long fuel) {
  /** A limit that stopped the guest. The heap must then be put back to where the turn began. */
  public enum Trap {
    /** More interrupt polls than allowed. */
    FUEL("fuel"),
    /** The host could not place its request or take the answer within the heap limit. */
    MEMORY("memory");

    private final String text;

    Trap(String text) {
      this.text = text;
    }

    /** The name an entry uses. */
    public String text() {
      return text;
    }
  }
}
