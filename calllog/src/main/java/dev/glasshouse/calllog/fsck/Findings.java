package dev.glasshouse.calllog.fsck;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What was found so far. However much is damaged, what is kept of it is bounded. */
final class Findings {
  /** More damage than this is counted and not told. */
  static final int MAX_TOLD = 100;

  static final String NEVER_SIGN =
      "restore a backup (glass restore) or serve a mirror's copy; until then nothing may be signed"
          + " from this directory";

  private final List<Finding> told = new ArrayList<>();
  private long untold;

  void damage(Path file, String what, String loss, String remedy) {
    add(new Finding(file, true, what, loss, remedy));
  }

  /** Damage that costs entries, or what belongs to them. */
  void loss(Path file, String what, String loss) {
    damage(file, what, loss, NEVER_SIGN);
  }

  void remark(Path file, String what, String means, String remedy) {
    add(new Finding(file, false, what, means, remedy));
  }

  private void add(Finding finding) {
    if (told.size() < MAX_TOLD) {
      told.add(finding);
    } else {
      untold++;
    }
  }

  List<Finding> told() {
    return Collections.unmodifiableList(told);
  }

  long untold() {
    return untold;
  }
}
