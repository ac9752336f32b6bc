package dev.glasshouse.rpc;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveProof;
import dev.glasshouse.vm.archive.ArchiveProver;
import dev.glasshouse.vm.archive.ProofTooLongException;

/** Proofs of files, of their absence and of directories' listings, as published over HTTP. */
final class FileProofs {
  private static final String FILES = "/files/";

  private final Published log;

  FileProofs(Published log) {
    this.log = log;
  }

  /** Whether there may be a proof at this path. */
  static boolean covers(String path) {
    return path.startsWith(FILES);
  }

  /**
   * Answers with the proof of what is at a path, or, if it ends in a slash, of what is in that
   * directory. That nothing is there is an answer, too.
   *
   * @param path decoded, starting with {@code /files/}
   * @param root which archive root to prove it under, or null for the newest
   */
  HttpAnswer get(String path, String root) {
    ArchiveKey key;
    try {
      String text = path.substring(FILES.length());
      key = text.isEmpty() ? ArchiveKey.ROOT : ArchiveKey.parse(text);
    } catch (MalformedException e) {
      return HttpAnswer.notFound("no archive has " + path);
    }
    try {
      Hash under = root == null ? log.files().rootHash() : Hash.parseHex(root);
      HttpAnswer answer = HttpAnswer.ok(prove(under, key).format(), "text/plain; charset=utf-8");
      return answer.cached(root == null ? "no-cache" : Publication.FOREVER);
    } catch (MissingBlobException e) {
      return HttpAnswer.notFound("the host has no archive of root " + root);
    } catch (MalformedException e) {
      return HttpAnswer.badRequest("\"root\": " + e.getMessage());
    } catch (ProofTooLongException e) {
      return HttpAnswer.notFound(e.getMessage());
    }
  }

  private ArchiveProof prove(Hash root, ArchiveKey key) {
    ArchiveProver prover = new ArchiveProver(log.blobs());
    return key.isDirectory() ? prover.proveListing(root, key) : prover.provePath(root, key);
  }
}
