package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.EntryRules;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.calllog.evidence.Evidence;
import java.util.Optional;

/**
 * Verifies what a host answers to signed calls: its receipt, that the entry holds the call and
 * keeps the rules, and that the checkpoint goes with all that were seen. Confined to one thread.
 */
final class AnswerCheck {
  private final HostDescription host;
  private final LogWatch watch;
  private final KnownLogs known;
  private final LogReader published;
  private final CheckedBlobs blobs;
  private SignedCheckpoint lastVerified;

  AnswerCheck(HostDescription host, LogWatch watch, KnownLogs known, LogReader published) {
    this.host = host;
    this.watch = watch;
    this.known = known;
    this.published = published;
    this.blobs = new CheckedBlobs(published);
  }

  /**
   * Verifies an answer.
   *
   * @throws CaughtHostException if it does not verify; with evidence, if the entry breaks a rule
   * @throws ClientException if what it takes is withheld
   */
  SignedAnswer verified(String json, SignedCalls.Sent sent) {
    try {
      // The request is this client's own, and is not asked for.
      SignedAnswer answer = SignedAnswer.verify(json, sent.caller(), sent.request(), blobs);
      SignedCheckpoint signed = checkpointOf(answer.receipt());
      requireRules(answer, sent);
      watch.accept(signed, answer.consistency(), answer.from());
      return answer;
    } catch (MalformedException | UnverifiedException | BrokenRuleException e) {
      throw caught(json, e);
    } catch (WrongBlobException e) {
      throw new CaughtHostException("the host's answer does not verify: " + e.getMessage(), e);
    } catch (UnreachableException | MissingBlobException e) {
      throw new ClientException("the answer cannot be verified: " + e.getMessage(), e);
    }
  }

  // Calls that were logged together share a checkpoint: its signature is verified once.
  private SignedCheckpoint checkpointOf(Receipt receipt) {
    if (lastVerified != null && lastVerified.note().equals(receipt.checkpoint())) {
      receipt.requireIncluded(lastVerified);
    } else {
      lastVerified = receipt.verify(host.genesis().origin(), host.genesis().host());
    }
    return lastVerified;
  }

  // That request and signature in the entry are this client's own has been seen by then.
  private void requireRules(SignedAnswer answer, SignedCalls.Sent sent) {
    EntryRules.Parsed parsed =
        EntryRules.own(
            answer.receipt().index(),
            answer.entry(),
            sent.caller(),
            sent.call(),
            host.genesis().limits());
    EntryRules.place(parsed);
    EntryRules.outcomes(parsed);
  }

  // An answer binds its host to nothing; an entry does that is in a tree which the host has signed.
  private CaughtHostException caught(String json, RuntimeException why) {
    String claim = "the host's answer does not verify: " + why.getMessage();
    try {
      Receipt receipt = SignedAnswer.receipt(json);
      SignedCheckpoint signed = checkpointOf(receipt);
      HashReader tree = TileHashReader.published(published, signed.head().size());
      Optional<Evidence> evidence = EntryEvidence.of(host, receipt, signed, published, tree);
      if (evidence.isPresent()) {
        return known.caught(claim, evidence.get());
      }
    } catch (MalformedException | UnverifiedException e) {
      // The receipt proves nothing, not even of its own host.
    }
    return new CaughtHostException(claim + ". Do not rely on it.", why);
  }
}
