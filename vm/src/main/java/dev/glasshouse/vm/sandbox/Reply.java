package dev.glasshouse.vm.sandbox;

/**
 * What one turn of the guest came to.
 *
 * @param text the guest's answer as {@code guest.js} writes it, or null after a trap
 * @param trap why the guest was stopped, or null
 * @param fuel interrupt polls used
 */
public record Reply(String text, Trap trap, long fuel) {
  /** The {@link #due} of a guest without timers. */
  public static final long NO_TIMER = -1;

  /** Whether the call waits, and only a timer can bring it on. */
  public boolean isWaiting() {
    return text.charAt(0) == 'w';
  }

  /** When the earliest outstanding timer is due, in milliseconds since 1970, or none. */
  public long due() {
    return switch (text.charAt(0)) {
      case 'w' -> Long.parseLong(text.substring(1));
      case 't' -> Long.parseLong(text.substring(1, text.indexOf(';')));
      default -> NO_TIMER;
    };
  }

  /** {@code v} and a value, or {@code e} and an error, both as JSON; not of a call that waits. */
  public String outcome() {
    return text.charAt(0) == 't' ? text.substring(text.indexOf(';') + 1) : text;
  }

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
