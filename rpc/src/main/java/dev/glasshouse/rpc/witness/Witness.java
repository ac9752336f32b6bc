package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.SigningKey;
import dev.glasshouse.calllog.witness.AddCheckpoint;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.calllog.witness.LogCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.calllog.witness.WitnessKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A witness of C2SP tlog-witness, without its socket: for each log it remembers the largest tree it
 * has cosigned, and cosigns only what extends that. Safe for many threads.
 */
public final class Witness implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Witness.class);

  private final String name;
  private final SigningKey secret;
  private final Approval approval;
  private final LongSupplier seconds;
  private final WitnessFiles files;
  private final Map<String, WitnessedLog> logs = new LinkedHashMap<>();
  private final Map<String, WitnessedLog> byHash = new LinkedHashMap<>();

  private Witness(
      String name, SigningKey secret, Approval approval, LongSupplier seconds, WitnessFiles files) {
    this.name = name;
    this.secret = secret;
    this.approval = approval;
    this.seconds = seconds;
    this.files = files;
  }

  /**
   * Opens a witness and what it has cosigned.
   *
   * @param dir where it remembers; locked against other processes
   * @param name the name of its key
   * @param secret the key, of either algorithm
   * @param policy whose logs it cosigns; nothing else of it counts
   * @param seconds the time, in POSIX seconds
   * @throws IOException if the directory cannot be used, or holds what another key has cosigned
   */
  public static Witness open(
      Path dir,
      String name,
      SigningKey secret,
      Policy policy,
      Approval approval,
      LongSupplier seconds)
      throws IOException {
    WitnessFiles files = WitnessFiles.open(dir);
    Witness witness = new Witness(name, secret, approval, seconds, files);
    try {
      Map<String, List<NoteKey>> keys = new LinkedHashMap<>();
      for (Policy.Log log : policy.logs()) {
        keys.computeIfAbsent(log.key().name(), origin -> new ArrayList<>()).add(log.key());
      }
      for (Map.Entry<String, List<NoteKey>> each : keys.entrySet()) {
        String origin = each.getKey();
        WitnessedLog log = new WitnessedLog(origin, each.getValue(), witness.key(), files);
        witness.logs.put(origin, log);
        witness.byHash.put(WitnessFiles.name(origin), log);
      }
      return witness;
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /** The key that others verify its cosignatures with. */
  public WitnessKey key() {
    return new WitnessKey(name, secret.publicKey());
  }

  /** Answers {@code POST add-checkpoint}; may take as long as an approval takes. */
  WitnessReply add(byte[] body) {
    AddCheckpoint request;
    LogCheckpoint newer;
    try {
      request = AddCheckpoint.parse(body);
      newer = LogCheckpoint.parse(request.checkpoint());
    } catch (MalformedException e) {
      return WitnessReply.failed(400, e.getMessage());
    }
    WitnessedLog log = logs.get(newer.origin());
    if (log == null) {
      return WitnessReply.failed(404, "this witness does not know the log " + newer.origin());
    }
    if (!log.isSigned(request.checkpoint())) {
      return WitnessReply.failed(403, "no key of this log that this witness trusts has signed");
    }
    if (request.oldSize() > newer.size()) {
      return WitnessReply.failed(400, "the old size is larger than the size of the checkpoint");
    }
    try {
      return decide(log, request, newer);
    } catch (IOException e) {
      LOG.error("cannot keep or read what was cosigned of {}", newer.origin(), e);
      return WitnessReply.failed(500, "the witness failed; nothing was cosigned");
    }
  }

  private WitnessReply decide(WitnessedLog log, AddCheckpoint request, LogCheckpoint newer)
      throws IOException {
    WitnessReply refusal = log.judge(request, newer);
    if (refusal == null && approval.takesLong() && !log.isHeld(newer)) {
      refusal = approve(log, request, newer);
    }
    if (refusal != null) {
      return refusal;
    }
    String text = newer.note().text();
    return log.cosign(
        request, newer, seconds.getAsLong(), time -> Cosignature.sign(name, secret, text, time));
  }

  // Null if it is approved. One at a time for each log: whoever comes meanwhile may come again.
  private WitnessReply approve(WitnessedLog log, AddCheckpoint request, LogCheckpoint newer) {
    if (!log.approving.tryLock()) {
      return WitnessReply.failed(
          503, "another checkpoint of this log is being checked; come again");
    }
    Approval.Verdict verdict;
    try {
      verdict = approval.approve(request.oldSize(), newer);
    } catch (RuntimeException e) {
      LOG.error("the check of {} failed", newer.origin(), e);
      verdict = Approval.Verdict.undecided("the check failed in the witness");
    } finally {
      log.approving.unlock();
    }
    return switch (verdict.answer()) {
      case APPROVED -> null;
      case REFUSED -> refused(newer, 422, verdict.sentence());
      case UNDECIDED -> refused(newer, 503, verdict.sentence());
    };
  }

  private static WitnessReply refused(LogCheckpoint newer, int status, String sentence) {
    LOG.warn("{} at size {} is not cosigned: {}", newer.origin(), newer.size(), sentence);
    return WitnessReply.failed(status, sentence);
  }

  /** Answers {@code GET <hash>/checkpoint}; reads memory alone. */
  WitnessReply checkpoint(String originHash) {
    WitnessedLog log = byHash.get(originHash);
    byte[] published = log == null ? null : log.published();
    return published == null
        ? WitnessReply.failed(404, "this witness has cosigned nothing of such a log")
        : WitnessReply.ok(published);
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
