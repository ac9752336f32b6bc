package dev.glasshouse.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.calllog.witness.WitnessKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Two witnesses of whom one is enough, or both are, and what they cosign. */
final class Witnesses {
  /** When the logs of the tests begin, in seconds. */
  static final long START = HonestLog.START / 1000;

  // By policy, which does not keep it: another verifier is told by it whom to believe.
  private static final Map<Policy, String> TEXTS = new ConcurrentHashMap<>();

  static final Policy BOTH = policy("all");
  static final Policy ANY = policy("any");

  private Witnesses() {}

  private static Policy policy(String needed) {
    return parse(
        "witness alice "
            + key("alice").format()
            + "\nwitness bob "
            + key("bob").format()
            + "\ngroup quorum "
            + needed
            + " alice bob\nquorum quorum\n");
  }

  static Policy parse(String text) {
    Policy policy = Policy.parse(text.getBytes(UTF_8));
    TEXTS.put(policy, text);
    return policy;
  }

  /** The file that a policy was made of by {@link #parse}, or that wants nothing. */
  static String text(Policy policy) {
    return TEXTS.getOrDefault(policy, "quorum none\n");
  }

  private static Identity identity(String name) {
    return HonestLog.identity("witness " + name);
  }

  static WitnessKey key(String name) {
    return new WitnessKey("example.com/" + name, identity(name).publicKey());
  }

  /** The log's newest checkpoint, cosigned by these witnesses at a time in seconds. */
  static SignedCheckpoint cosign(PublishedLog log, long time, String... names) {
    SignedCheckpoint signed = log.signedCheckpoint();
    String text = signed.note().text();
    List<NoteSignature> lines = new ArrayList<>(signed.note().signatures());
    for (String name : names) {
      lines.add(Cosignature.sign("example.com/" + name, identity(name), text, time).line());
    }
    return SignedCheckpoint.verify(
        new Note(text, lines), signed.checkpoint().origin(), HonestLog.HOST.publicKey());
  }

  /** The log with its newest checkpoint cosigned by both. */
  static PublishedLog cosigned(PublishedLog log, long time) {
    log.checkpoint = cosign(log, time, "alice", "bob").format();
    return log;
  }

  /** A log whose host shows something as cosigned. */
  static LogReader showing(PublishedLog log, byte[] cosigned) {
    return new ChangedSource(log) {
      @Override
      public byte[] cosigned() {
        return cosigned;
      }
    };
  }

  static AuditSettings settings(Level level, int jobs, Policy policy, Duration maxAge, long now) {
    WitnessDemand demand =
        new WitnessDemand(policy, Optional.ofNullable(maxAge), () -> Instant.ofEpochSecond(now));
    return new AuditSettings(level, jobs, Optional.of(demand));
  }

  /** An auditor who kept what a quorum had cosigned. */
  static Expectations kept(SignedCheckpoint... cosigned) {
    return new Expectations() {
      @Override
      public Optional<SignedCheckpoint> kept(Log log) {
        return Optional.empty();
      }

      @Override
      public List<SignedCheckpoint> cosigned(Log log) {
        return List.of(cosigned);
      }
    };
  }
}
