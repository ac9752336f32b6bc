package dev.glasshouse.calllog.fsck;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.store.StoreCheck;
import dev.glasshouse.calllog.store.StoreDamagedException;
import java.nio.file.Path;
import java.util.List;

/** Reads all blobs and pages against their hashes, and looks for the pages of all images. */
final class BlobCheck {
  private static final String IMAGE_LOSS =
      "Starts and audits cannot begin at it, and take an earlier one";

  private final Path place;
  private final StoreCheck check;
  private final ChainCheck chain;
  private final Findings findings;

  BlobCheck(Path place, StoreCheck check, ChainCheck chain, Findings findings) {
    this.place = place;
    this.check = check;
    this.chain = chain;
    this.findings = findings;
  }

  void run() {
    reading(
        "blobs",
        () ->
            check.wrongBlobs(
                hash ->
                    findings.loss(
                        place,
                        "blob " + hash + " has other bytes",
                        "What an entry or a file names by this hash cannot be had from here")));
    reading(
        "pages",
        () -> check.wrongPages(hash -> page("page " + hash + " of an image has other bytes")));
    reading("images", () -> check.store().images().forEach(this::image));
  }

  private void image(long index) {
    List<Hash> named = chain.imagePages(index);
    List<Hash> row = check.imageRow(index);
    if (named == null || !named.equals(row)) {
      page("the pages of the image at entry " + index + " are not those that the entry names");
      return;
    }
    for (Hash page : named) {
      if (check.store().page(page) == null) {
        page("page " + page + " of the image at entry " + index + " is missing");
        return;
      }
    }
  }

  private void page(String what) {
    findings.damage(
        place, what, IMAGE_LOSS, "nothing is lost: the next image that the host keeps is whole");
  }

  private void reading(String what, Runnable reading) {
    try {
      reading.run();
    } catch (StoreDamagedException e) {
      findings.loss(
          e.place(),
          "not all " + what + " could be read: " + e.what(),
          "Those behind it are not checked");
    }
  }
}
