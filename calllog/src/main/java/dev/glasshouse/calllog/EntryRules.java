package dev.glasshouse.calllog;

import dev.glasshouse.calllog.BrokenRuleException.Rule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/**
 * The rules that an entry of a log keeps whatever its execution comes to. Each method throws {@link
 * BrokenRuleException} for an entry that breaks one.
 */
public final class EntryRules {
  /** Hex digits of the most random bytes that a module is given at once. */
  private static final long MAX_ENTROPY = 2 * 65_536;

  /** The digits of 2^53, the last time that an entry can have. */
  private static final String TIME = "0|[1-9][0-9]{0,15}";

  private EntryRules() {}

  /**
   * An entry that keeps the rules of {@link #alone}.
   *
   * @param caller who asked for it, or null: for genesis, images and the turns of timers
   * @param signed what the caller signed, or null without a caller and for one taken at their word
   * @param calls what the caller asked for; of an aborted request they were not executed
   */
  public record Parsed(
      long index, Entry entry, Caller caller, SignedCall signed, List<MethodCall> calls) {
    public Parsed {
      calls = List.copyOf(calls);
    }
  }

  /** How far an entry is looked at on its own. */
  public enum Depth {
    /** Its own form, and no part of its request. */
    FORM,
    /** Also its request's form. */
    REQUEST,
    /** Also its caller's signature. */
    SIGNATURE
  }

  /**
   * What an entry must be on its own: in its form, nothing in it over the log's limits, its request
   * in its form, and signed by the caller that it names.
   *
   * @param blobs where the entry's long texts are read
   * @throws UnknownEntryException if a later build may know what the entry is
   * @throws MissingBlobException if a long text is not to be had
   */
  public static Parsed alone(long index, byte[] bytes, GenesisEntry genesis, BlobReader blobs) {
    return alone(index, bytes, genesis, blobs, Depth.SIGNATURE);
  }

  /** The same, looked at only so far: the caller is null where the request is not looked at. */
  public static Parsed alone(
      long index, byte[] bytes, GenesisEntry genesis, BlobReader blobs, Depth depth) {
    return alone(index, bytes, genesis.limits(), blobs, depth);
  }

  /**
   * The same of a log of which only the limits are known; {@link Limits#LARGEST} are every log's.
   */
  public static Parsed alone(
      long index, byte[] bytes, Limits limits, BlobReader blobs, Depth depth) {
    try {
      Entry entry = Entry.parse(bytes, blobs);
      requireAnswerSizes(index, entry, limits);
      Caller caller = depth == Depth.FORM ? null : caller(entry);
      if (caller == null) {
        return new Parsed(index, entry, null, null, List.of());
      }
      Text text = entry instanceof CallEntry call ? call.request() : ((AbortEntry) entry).request();
      requireRequestSize(index, text, limits);
      String request = text.read(blobs);
      if (!(caller instanceof Caller.Key key)) {
        return new Parsed(index, entry, caller, null, Request.parse(request));
      }
      SignedCall signed = SignedCall.parse(request);
      if (depth == Depth.SIGNATURE
          && !key.key().verify(SignedCall.message(request), key.signature())) {
        throw new BrokenRuleException(
            Rule.SIGNATURE, index, "a signature by " + key.key().format(), "one that fails");
      }
      return new Parsed(index, entry, key, signed, signed.calls());
    } catch (UnknownEntryException e) {
      throw new UnknownEntryException("entry " + index + ": " + e.getMessage());
    } catch (MalformedException e) {
      throw new BrokenRuleException(Rule.FORM, index, "its canonical form", e.getMessage());
    }
  }

  /** An entry has its own index, and the first one alone is genesis. */
  public static void place(Parsed parsed) {
    boolean isFirst = parsed.index() == 0;
    if (isFirst != (parsed.entry() instanceof GenesisEntry)) {
      throw new BrokenRuleException(
          Rule.CHAIN, parsed.index(), "one genesis entry, at index 0", "another order");
    }
    if (parsed.index() != parsed.entry().seq()) {
      throw new BrokenRuleException(
          Rule.CHAIN, parsed.index(), "seq " + parsed.index(), "seq " + parsed.entry().seq());
    }
  }

  /**
   * An entry continues the one before it.
   *
   * @param prev leaf hash of the entry before
   * @param end what the guest's clock showed after the entry before; empty if that is not known
   */
  public static void follows(Parsed parsed, Hash prev, OptionalLong end) {
    if (!prev.equals(parsed.entry().prev())) {
      throw new BrokenRuleException(
          Rule.CHAIN, parsed.index(), "prev " + prev, "prev " + parsed.entry().prev());
    }
    if (end.isPresent() && parsed.entry().time() < end.getAsLong()) {
      throw new BrokenRuleException(
          Rule.CHAIN,
          parsed.index(),
          "a time not before " + end.getAsLong(),
          "time " + parsed.entry().time());
    }
  }

  /** What the guest's clock showed after an entry: its time, or the last time in its inputs. */
  public static long end(Entry entry) {
    long time = entry.time();
    for (Input input : entry.inputs()) {
      if (input.kind().equals(Input.TIMER)
          && input.answer() instanceof Text.Inline answer
          && answer.text().matches(TIME)) {
        time = Long.parseLong(answer.text());
      }
    }
    return time;
  }

  /**
   * A call, be it an aborted one, may be in this log at this place: signed, unless the log takes
   * callers at their word, and within {@link Admission}.
   */
  public static void admitted(
      Parsed parsed, GenesisEntry genesis, Hash log, Admission.State state) {
    if (parsed.caller() == null) {
      return;
    }
    if (!(parsed.caller() instanceof Caller.Key key)) {
      if (!genesis.debug()) {
        throw new BrokenRuleException(
            Rule.UNSIGNED, parsed.index(), "a signed call", "a call of a user at their word");
      }
      return;
    }
    try {
      Admission.check(parsed.signed(), key.key(), log, parsed.index(), state);
    } catch (CallRefused e) {
      throw new BrokenRuleException(
          Rule.ADMISSION,
          parsed.index(),
          "a call that may be entry " + parsed.index(),
          "one that may not: " + e.getMessage());
    }
  }

  /** What {@link #admitted} asks that takes nothing of the log before the entry. */
  public static void admissible(Parsed parsed, GenesisEntry genesis, Hash log) {
    admitted(
        parsed,
        genesis,
        log,
        new Admission.State() {
          @Override
          public long lastNumber(PublicKey key, String session) {
            return 0;
          }

          @Override
          public Hash rootAt(long size) {
            return size == 0 ? Merkle.EMPTY_ROOT : parsed.signed().seen().root();
          }
        });
  }

  /** A call has one outcome for each call of its request. */
  public static void outcomes(Parsed parsed) {
    if (parsed.entry() instanceof CallEntry call
        && parsed.calls().size() != call.outcomes().size()) {
      throw new BrokenRuleException(
          Rule.OUTCOMES,
          parsed.index(),
          parsed.calls().size() + " outcomes",
          call.outcomes().size() + " outcomes");
    }
  }

  /** Who asked for an entry, or null: for genesis, images and the turns of timers. */
  private static Caller caller(Entry entry) {
    if (entry instanceof CallEntry call) {
      return call.caller();
    }
    return entry instanceof AbortEntry abort ? abort.caller() : null;
  }

  /** As {@link #alone}, for who made the request and has seen that the entry holds just that. */
  public static Parsed own(long index, Entry entry, Caller caller, SignedCall call, Limits limits) {
    Text request =
        entry instanceof CallEntry made ? made.request() : ((AbortEntry) entry).request();
    requireAnswerSizes(index, entry, limits);
    requireRequestSize(index, request, limits);
    return new Parsed(index, entry, caller, call, call.calls());
  }

  // By the length that the entry states: nothing over a limit is even fetched.
  private static void requireRequestSize(long index, Text request, Limits limits) {
    long limit = limits.request();
    long length = length(request);
    if (length > limit) {
      throw new BrokenRuleException(
          Rule.ADMISSION,
          index,
          "a request of at most " + limit + " bytes",
          "one of " + length + " bytes");
    }
  }

  // A live execution gives the module no longer answer than this. What an answer must be beyond
  // that, a replay knows.
  private static void requireAnswerSizes(long index, Entry entry, Limits limits) {
    for (Input input : entry.inputs()) {
      long limit = input.kind().equals(Input.ENTROPY) ? MAX_ENTROPY : limits.result();
      long length = length(input.answer());
      if (length > limit) {
        throw new BrokenRuleException(
            Rule.ANSWER,
            index,
            "answers of at most " + limit + " bytes",
            "one of " + length + " bytes");
      }
    }
  }

  private static long length(Text text) {
    return text instanceof Text.Blob blob
        ? blob.length()
        : ((Text.Inline) text).text().getBytes(StandardCharsets.UTF_8).length;
  }
}
