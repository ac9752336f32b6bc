package dev.glasshouse.verifier;

import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.witness.CosignedCheckpoint;
import dev.glasshouse.calllog.witness.Quorum;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What the witnesses of the auditor's policy say of a log.
 *
 * @param cosigned the newest published checkpoint that met the quorum; if none did, the one with
 *     most to show; null if there is none that holds
 * @param age seconds since its newest cosignature that counts, when it was read; empty without one
 * @param obstacle why that is not enough, or null
 * @param between entries whose times lie between two cosignatures
 * @param widest how many seconds at most lie between these two
 * @param keep checkpoints that met the quorum, to be kept for later audits
 */
public record Witnessed(
    CosignedCheckpoint cosigned,
    OptionalLong age,
    String obstacle,
    long between,
    long widest,
    List<SignedCheckpoint> keep) {
  public Witnessed {
    keep = List.copyOf(keep);
  }

  /** Whether the quorum has cosigned a checkpoint of the log. */
  public boolean isMet() {
    return cosigned != null && cosigned.quorum().isMet();
  }

  Map<String, Object> toJson() {
    List<Object> witnesses = new ArrayList<>();
    if (cosigned != null) {
      cosigned.quorum().cosigned().forEach(each -> witnesses.add(json(each)));
    }
    Map<String, Object> map = new TreeMap<>();
    map.put("age", age.isPresent() ? age.getAsLong() : null);
    map.put("between", between);
    map.put("checkpoint", cosigned == null ? null : text(cosigned.checkpoint()));
    map.put("met", isMet());
    map.put("obstacle", obstacle);
    map.put("widest", widest);
    map.put("witnesses", witnesses);
    return map;
  }

  private static Map<String, Object> json(Quorum.Cosigned each) {
    Map<String, Object> map = new TreeMap<>();
    map.put("counts", each.counts());
    map.put("key", each.witness().key().format());
    map.put("time", each.time());
    return map;
  }

  private static String text(SignedCheckpoint checkpoint) {
    return new String(checkpoint.format(), StandardCharsets.UTF_8);
  }
}
