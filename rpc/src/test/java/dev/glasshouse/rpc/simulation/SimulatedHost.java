package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.store.StoreException;
import dev.glasshouse.rpc.HostEnvironment;
import dev.glasshouse.rpc.HostedModule;
import dev.glasshouse.rpc.ModuleSettings;
import dev.glasshouse.rpc.witness.WitnessSettings;
import dev.glasshouse.vm.Console;
import dev.glasshouse.vm.Outside;
import dev.glasshouse.vm.OutsideException;
import dev.glasshouse.vm.ScriptException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A host's program, as something that watches over it starts it again whenever it has ended. */
final class SimulatedHost {
  static final Identity IDENTITY = Identity.ofSeed(Hash.of("simulated").bytes());

  static final long START_MILLIS = 1_767_225_600_000L;
  private static final int MAX_VERIFYING_NANOS = 2_000_000;
  private static final int MAX_CLOCK_OFFSET = 5_000;
  private static final long MAX_WAIT_MILLIS = 300;
  private static final int ROOMY = 100;

  private final Schedule schedule;
  private final Random dice;
  private final SimulatedDisk disk;
  private final SimulatedWitnesses witnesses;
  private final Variant variant;
  private final ModuleSettings settings;
  private Life life;
  private HostedModule module;
  private boolean ended;
  private int starts;

  /**
   * A host that is not started yet.
   *
   * @param witnesses its witnesses, or null for none
   * @param debug whether it takes unsigned calls
   */
  SimulatedHost(
      Schedule schedule,
      SimulatedDisk disk,
      SimulatedWitnesses witnesses,
      Variant variant,
      boolean debug) {
    this.schedule = schedule;
    this.dice = schedule.dice();
    this.disk = disk;
    this.witnesses = witnesses;
    this.variant = variant;
    int[] imageEntries = {0, 4, 15};
    this.settings =
        new ModuleSettings(
            "simulated",
            debug,
            CountsModule::limits,
            dice.nextBoolean() ? 3 : ROOMY,
            imageEntries[dice.nextInt(imageEntries.length)],
            dice.nextInt(2),
            witnesses == null ? WitnessSettings.NONE : witnesses.settings());
  }

  /** Starts the program; it serves after a while, or has ended. */
  void start() {
    starts++;
    ended = false;
    life = new Life(schedule, disk, witnesses);
    disk.begin(life);
    Life begun = life;
    HostEnvironment environment = environment();
    begun.startMain(
        () -> {
          try {
            module =
                HostedModule.start(
                    disk.files().directory(),
                    IDENTITY,
                    List.of(CountsModule.SCRIPT),
                    settings,
                    environment,
                    verification -> verify(begun, verification),
                    begun);
          } catch (StoreException e) {
            // The disk says that it has failed: the program ends, and says so.
            ended = true;
          } catch (ScriptException | RuntimeException e) {
            if (!begun.isOver()) {
              throw new BrokenPromise("the host does not start on what it has left behind", e);
            }
          }
        });
  }

  private void verify(Life begun, Runnable verification) {
    schedule.after(
        dice.nextInt(MAX_VERIFYING_NANOS),
        () -> {
          if (!begun.isOver()) {
            verification.run();
          }
        });
  }

  /** Stops the program as an operator does. */
  void stop() {
    HostedModule stopping = module;
    if (stopping != null) {
      life.startMain(
          () -> {
            stopping.close();
            ended = true;
          });
    }
  }

  /** Ends the program, or what is left of it, wherever it is. */
  void end(boolean power) {
    module = null;
    life.end();
    disk.crashed(power);
  }

  /** Whether the program has ended, or its disk stopped it. */
  boolean isEnded() {
    return ended
        || disk.isCrashed()
        || (module != null && module.stopped() != null && !isFinishing());
  }

  /** Throws {@link BrokenPromise} if it has stopped because it has signed another history. */
  void requireOneHistory() {
    String why = module == null ? null : module.stopped();
    if (why != null && why.contains("Signing on")) {
      throw new BrokenPromise("the host has stopped: " + why);
    }
  }

  private boolean isFinishing() {
    return module.stopped().equals("the host is shutting down");
  }

  /** The module that is served, or null. */
  HostedModule module() {
    return module;
  }

  /** Its log, or null. */
  CallLog log() {
    return module == null ? null : module.log();
  }

  /** Whether there is room for all that clients ask at a time. */
  boolean isRoomy() {
    return settings.queue() == ROOMY;
  }

  /** How often it was started. */
  int starts() {
    return starts;
  }

  // Of a computer that is set right now and then.
  private HostEnvironment environment() {
    long offset = START_MILLIS + dice.nextInt(MAX_CLOCK_OFFSET);
    LongSupplier clock = () -> offset + TimeUnit.NANOSECONDS.toMillis(schedule.now());
    SecureRandom random =
        new SecureRandom() {
          private static final long serialVersionUID = 1L;

          @Override
          public void nextBytes(byte[] bytes) {
            dice.nextBytes(bytes);
          }
        };
    Outside outside =
        new Outside() {
          @Override
          public byte[] entropy(int length) {
            byte[] bytes = new byte[length];
            dice.nextBytes(bytes);
            return bytes;
          }

          // The clock may be set forward meanwhile.
          @Override
          public long waitUntil(long due) {
            long millis = Math.min(due - clock.getAsLong(), MAX_WAIT_MILLIS);
            if (millis > 0) {
              life.sleep(TimeUnit.MILLISECONDS.toNanos(millis));
            }
            return Math.max(due, clock.getAsLong());
          }

          @Override
          public byte[] fetch(String request, byte[] body) {
            throw new OutsideException("no network");
          }
        };
    return new HostEnvironment(
        new LoopingEngine(schedule, variant), outside, Console.NONE, clock, random);
  }
}
