package dev.glasshouse.vm.sandbox;

/** The interrupt polls of one turn: how many there may be, and what host calls owe. */
final class EndiveFuel {
  private static final int POLL_TOLL = 65536;

  private final EndiveLink link;
  private long allowed = Long.MAX_VALUE;
  private long polls;
  private long toll;
  private long forkPolls;

  EndiveFuel(EndiveLink link) {
    this.link = link;
  }

  /** The start of a turn. */
  void begin(long fuel) {
    allowed = fuel;
    polls = 0;
    toll = 0;
    forkPolls = 0;
  }

  /** Interrupt polls used in this turn. */
  long polls() {
    return polls;
  }

  /** A fork's work is no part of the log; that all forks of a turn share its fuel bounds them. */
  long leftForFork() {
    return Math.max(0, allowed - forkPolls);
  }

  void usedByFork(long more) {
    forkPolls += more;
  }

  /**
   * One more poll. Out of fuel, the interpreter is left for good, see {@code machine.js}.
   *
   * @return 0, which tells it to go on
   */
  int poll() {
    use(1);
    return 0;
  }

  /** What a host call costs, less than a poll perhaps. */
  void charge(long more) {
    toll += more;
    int due = (int) (toll / POLL_TOLL);
    toll -= (long) due * POLL_TOLL;
    if (due > 0) {
      use(due);
    }
  }

  private void use(int more) {
    polls += more;
    link.progress(more);
    if (polls > allowed) {
      polls = allowed + 1;
      throw new GuestTrap(Reply.Trap.FUEL);
    }
  }
}
