package dev.glasshouse.vm.sandbox;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;

/**
 * Endive keeps the sandbox's contract: the tests of it, run there, but for those that only look at
 * what the guest's own JavaScript does. That is the same on every engine.
 */
@OnEngine("endive")
class EndiveSandboxTest {
  private static final String SLOW = "EnginesAgreeTest has it with less to do";

  @Nested
  class Forks extends SandboxForkTest {
    @Override
    @Disabled(SLOW)
    void oracleThatUsesUpALimitIsAnErrorToItsCaller() {}
  }

  @Nested
  class Host extends SandboxHostTest {
    @Override
    @Disabled("Endive has no mailbox")
    void mailboxGrowsForBothSides() {}
  }

  @Nested
  class Images extends SandboxImageTest {}

  @Nested
  class Imports extends GuestModulesTest {}

  @Nested
  class Interrupts extends SandboxInterruptTest {}

  @Nested
  class Limits extends SandboxLimitsTest {
    @Override
    @Disabled(SLOW)
    void fuelEndsAtTheSamePollEachTime() {}

    @Override
    @Disabled(SLOW)
    void loadingRunsOnFuelToo() {}

    @Override
    @Disabled(SLOW)
    void recursionEndsInTheGuestsOwnError() {}

    @Override
    @Disabled(SLOW)
    void resultMayBeDeep() {}
  }

  @Nested
  class Modules extends SandboxModulesTest {}

  @Nested
  class Timers extends GuestTimersTest {}
}
