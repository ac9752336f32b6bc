package dev.glasshouse.cli;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.UnverifiedException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/**
 * What a saved proof of files shows, for people.
 *
 * @param content a file of the user's that must be the one of the proof, or null
 */
record SavedFiles(FilesProof.Checked checked, Path content) {

  /**
   * Compares the user's file, if there is one.
   *
   * @throws UnverifiedException if it is another
   */
  void requireContent() throws IOException {
    if (content == null) {
      return;
    }
    MessageDigest digest = Hash.sha256();
    try (OutputStream to = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      Files.copy(content, to);
    }
    Hash hash = Hash.ofBytes(digest.digest());
    boolean isThat = checked.path().file().map(file -> file.sha256().equals(hash)).orElse(false);
    if (!isThat) {
      throw new UnverifiedException(content + " is not the file of the proof: " + what());
    }
  }

  /**
   * Prints what is proved and what is not.
   *
   * @param isPinned whether the user said which log it must be
   */
  void print(PrintWriter out, boolean isPinned) {
    ProvedEntry entry = checked.entry();
    ProvedPath found = checked.path();
    out.println("Log " + entry.anchor().log());
    out.println("Files proved.");
    out.println();
    out.println("Path:       " + Terminal.printable(found.asked().path()) + ": " + what());
    FilesLines.plain(found, true, true).forEach(line -> out.println("            " + line));
    out.println("Entry:      " + entry.entry().seq() + ", archive root " + entry.entry().root());
    out.println(
        "Checkpoint: "
            + entry.checkpoint().head().size()
            + " entries, root "
            + entry.checkpoint().head().root());
    out.println("Signed by:  " + entry.anchor().key().format());
    if (content != null) {
      out.println("Content:    that of " + Terminal.printable(content.toString()));
    }
    String lead = "Not proved: ";
    if (!isPinned) {
      out.println(lead + "that this is the log that you mean: compare its id, or give --log");
      lead = " ".repeat(lead.length());
    }
    out.println(lead + "that the files are what the calls come to: glass verify shows that");
  }

  private String what() {
    ProvedPath found = checked.path();
    if (found.value().isEmpty()) {
      return "nothing is there";
    }
    if (found.file().isPresent()) {
      return "a file";
    }
    return found
        .listing()
        .map(
            list ->
                "a directory, with nothing in it but "
                    + FilesLines.count(list.size(), "entry", "entries"))
        .orElse("a directory");
  }
}
