package dev.glasshouse.calllog.witness;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.UnverifiedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whom a user believes: logs, witnesses, and how many of the witnesses must have cosigned. The file
 * format of C2SP tlog-policy; immutable.
 */
public final class Policy {
  /** The longest file in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  /** The most logs. */
  public static final int MAX_LOGS = 1024;

  /** The most witnesses, so that all of them and the log have room under one note. */
  public static final int MAX_WITNESSES = 64;

  /** The most groups. */
  public static final int MAX_GROUPS = 64;

  /** No log, no witness, none wanted. */
  public static final Policy NONE = new Policy(List.of(), List.of(), null);

  /**
   * A log that is believed.
   *
   * @param key its name is the log's origin
   * @param url where the log is published, as the file has it
   */
  public record Log(NoteKey key, Optional<String> url) {}

  /**
   * A witness.
   *
   * @param name what this file calls it, for people; the name of its key may be another
   * @param url prefix of the address that takes submissions, as the file has it
   */
  public record Witness(String name, WitnessKey key, Optional<String> url) {}

  /** What a quorum or a group asks for: a witness, or so many of several. */
  sealed interface Member permits One, Group {}

  /** A single witness. */
  record One(Witness witness) implements Member {}

  /** At least {@code needed} of the members, which were all defined before it. */
  record Group(int needed, List<Member> members) implements Member {}

  private final List<Log> logs;
  private final List<Witness> witnesses;
  private final Member quorum;
  private final Set<Witness> counted = new HashSet<>();

  /**
   * A policy whose parts fit together.
   *
   * @param quorum a witness or a group of those listed, or null for none
   */
  Policy(List<Log> logs, List<Witness> witnesses, Member quorum) {
    this.logs = List.copyOf(logs);
    this.witnesses = List.copyOf(witnesses);
    this.quorum = quorum;
    if (quorum != null) {
      addWitnesses(quorum, counted);
    }
  }

  /**
   * Parses a file of at most {@link #MAX_BYTES}.
   *
   * @throws MalformedException with the number of the line and what is wrong with it
   */
  public static Policy parse(byte[] bytes) {
    return new PolicyFile().parse(bytes);
  }

  /** The logs, in the file's order. */
  public List<Log> logs() {
    return logs;
  }

  /** The witnesses, in the file's order. */
  public List<Witness> witnesses() {
    return witnesses;
  }

  /** Whether any cosignature is wanted at all. */
  public boolean wantsCosignatures() {
    return quorum != null;
  }

  /** Whether the quorum could be met if all witnesses that have an address cosigned. */
  public boolean isReachable() {
    Set<Witness> reachable = new HashSet<>(witnesses);
    reachable.removeIf(witness -> witness.url().isEmpty());
    return quorum == null || isMet(quorum, reachable);
  }

  /** The lines of a log: one for each of its keys, none if the policy does not name it. */
  public List<Log> logs(String origin) {
    return logs.stream().filter(log -> log.key().name().equals(origin)).toList();
  }

  /** Whether this log with this key is believed; a policy that names no logs leaves that open. */
  public boolean allows(String origin, PublicKey key) {
    return logs.isEmpty()
        || logs.stream().anyMatch(log -> log.key().equals(new NoteKey(origin, key)));
  }

  /**
   * Finds the cosignatures of this policy's witnesses under a checkpoint. Signatures of others are
   * passed over; the log's own is not looked at.
   *
   * @param origin the log that the caller expects
   * @throws UnverifiedException if the note is of another log, or a signature with the name and id
   *     of one of the witnesses does not hold: such a note is to be rejected whole
   */
  public Quorum quorum(Note note, String origin) {
    if (!note.text().startsWith(origin + "\n")) {
      throw new UnverifiedException("the checkpoint is not one of " + origin);
    }
    Map<Witness, Long> times = new HashMap<>();
    for (NoteSignature line : note.signatures()) {
      for (Witness witness : witnesses) {
        if (witness.key().isNamedBy(line)) {
          long time = Cosignature.verify(witness.key(), note.text(), line).time();
          times.merge(witness, time, Math::max);
        }
      }
    }
    List<Quorum.Cosigned> cosigned = new ArrayList<>();
    for (Witness witness : witnesses) {
      Long time = times.get(witness);
      if (time != null) {
        cosigned.add(new Quorum.Cosigned(witness, time, counted.contains(witness)));
      }
    }
    return new Quorum(quorum == null || isMet(quorum, times.keySet()), cosigned);
  }

  // A member is in one group at most, so this looks at each once and no deeper than MAX_GROUPS.
  private static boolean isMet(Member member, Set<Witness> cosigned) {
    if (member instanceof One one) {
      return cosigned.contains(one.witness());
    }
    Group group = (Group) member;
    return group.members().stream().filter(each -> isMet(each, cosigned)).count() >= group.needed();
  }

  private static void addWitnesses(Member member, Set<Witness> to) {
    if (member instanceof One one) {
      to.add(one.witness());
    } else {
      ((Group) member).members().forEach(each -> addWitnesses(each, to));
    }
  }
}
