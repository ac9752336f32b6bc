package dev.glasshouse.rpc.access;

import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.PublicKey;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whose calls a service takes, and how many of them. A caller is asked about twice: by {@link
 * #admit} when it only claims to be who it is, so that whoever may not call costs no signature and
 * no place in the queue; and by {@link #charge} when that is shown, so that nobody can spend what
 * belongs to another.
 */
public final class CallerRules {
  /** Everybody's, all of them. */
  public static final CallerRules NONE = new CallerRules(AllowList.EVERYBODY, null);

  private static final long NANOS_BELOW_A_MILLI = 999_999;

  private final AllowList allowed;
  private final RateLimit rate;

  private CallerRules(AllowList allowed, RateLimit rate) {
    this.allowed = allowed;
    this.rate = rate;
  }

  /**
   * Rules without a history.
   *
   * @param perSecond calls of one caller in a second; 0 for any number
   */
  public static CallerRules of(AllowList allowed, double perSecond) {
    return of(allowed, perSecond, System::nanoTime);
  }

  static CallerRules of(AllowList allowed, double perSecond, LongSupplier nanos) {
    return new CallerRules(allowed, perSecond > 0 ? new RateLimit(perSecond, nanos) : null);
  }

  /** Lets a claimed key's call in; throws {@link CallRefused}. */
  public void admit(PublicKey key) {
    if (!allowed.allows(key)) {
      throw new CallRefused(
          CallRefused.Reason.NOT_ALLOWED,
          "this host takes calls of listed keys only, and yours is not on its list: " + key);
    }
    if (rate != null) {
      requireNow(rate.waitFor(key));
    }
  }

  /**
   * Counts the calls of one request of a caller that is who it says it is, or whom a debug host
   * takes at its word, by the name that it gives; throws {@link CallRefused}.
   */
  public void charge(Caller caller, int calls) {
    if (rate != null) {
      Object whose = caller instanceof Caller.Key key ? key.key() : String.valueOf(caller.id());
      requireNow(rate.take(whose, calls));
    }
  }

  private static void requireNow(long nanos) {
    if (nanos > 0) {
      long millis = TimeUnit.NANOSECONDS.toMillis(nanos + NANOS_BELOW_A_MILLI);
      throw new CallRefused(
          CallRefused.Reason.TOO_OFTEN,
          String.format(
              Locale.ROOT,
              "you have called more often than this host allows; come again in %.1f s",
              Math.ceil(millis / 100.0) / 10),
          millis);
    }
  }
}
