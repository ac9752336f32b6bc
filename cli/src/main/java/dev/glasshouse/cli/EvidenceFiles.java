package dev.glasshouse.cli;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.evidence.Evidence;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import dev.glasshouse.calllog.evidence.Judgement;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of evidence, judged for people: no network, and nothing of this user's memory. */
final class EvidenceFiles {
  /** Bytes that the log's key signed contradict each other or a public rule. */
  static final int PROVED = 4;

  /** The file shows no such thing. */
  static final int NOT_PROVED = 3;

  /** It is no file of evidence, or cannot be read. */
  static final int USAGE = 2;

  private EvidenceFiles() {}

  /**
   * Judges a file and prints what it proves.
   *
   * @param pinned the log that is meant, or null for whichever it is about
   * @return the exit code of the command
   * @throws CommandException with {@link #USAGE} if the file cannot be read or is none
   */
  static int judge(Path file, Hash pinned, PrintWriter out) {
    Evidence evidence = read(file);
    Judgement judgement = EvidenceJudge.judge(evidence, pinned);
    out.println(
        (judgement.proved() ? "PROVED: " : "NOT PROVED: ") + printable(judgement.sentence()));
    out.println();
    out.println("Log:    " + (judgement.log() == null ? "unknown" : judgement.log()));
    if (judgement.key() != null) {
      out.println("Key:    " + judgement.key().key().format());
      out.println("Origin: " + printable(judgement.key().name()));
    }
    if (evidence.older() != null) {
      out.println("Older:  " + tree(evidence.older()));
    }
    out.println("Newer:  " + tree(evidence.newer()));
    for (Evidence.Leaf leaf : evidence.entries()) {
      out.println("Entry:  " + leaf.index() + ", " + leaf.entry().length + " bytes");
    }
    if (!evidence.text().isEmpty() && !evidence.text().equals(judgement.sentence())) {
      out.println("The file itself says: " + printable(evidence.text()));
    }
    if (pinned == null && judgement.log() != null) {
      out.println("Whether this is the log that you mean, its id tells; --log compares it.");
    }
    out.flush();
    return judgement.proved() ? PROVED : NOT_PROVED;
  }

  private static Evidence read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Evidence.parse(in.readNBytes(Evidence.MAX_BYTES + 1));
    } catch (IOException e) {
      throw new CommandException(USAGE, Sentence.of(e), e);
    } catch (MalformedException e) {
      throw new CommandException(USAGE, file + " is no file of evidence: " + e.getMessage(), e);
    }
  }

  // As the file claims it: the sentence says whether somebody signed it.
  private static String tree(Note note) {
    try {
      Checkpoint checkpoint = Checkpoint.parse(note.text());
      return checkpoint.head().size() + " entries, root " + checkpoint.head().root();
    } catch (MalformedException e) {
      return "no checkpoint";
    }
  }

  private static String printable(String text) {
    return Terminal.printable(text);
  }
}
