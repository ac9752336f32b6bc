package dev.glasshouse.cli;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.TimerEntry;
import dev.glasshouse.vm.Replay;
import java.time.Instant;
import java.util.List;

/** An entry as one line for a person. */
final class EntryLine {
  private static final int SHOWN = 100;

  private final BlobReader blobs;

  EntryLine(BlobReader blobs) {
    this.blobs = blobs;
  }

  /** The line; it holds nothing that steers a terminal. */
  String of(Entry entry) {
    StringBuilder out = new StringBuilder(Instant.ofEpochMilli(entry.time()).toString());
    out.append("  ");
    if (entry instanceof GenesisEntry genesis) {
      out.append("genesis of ").append(genesis.origin());
      out.append(", script ").append(genesis.script().main());
    } else if (entry instanceof CallEntry call) {
      calls(out, call.caller(), call.request(), call.outcomes());
    } else if (entry instanceof TimerEntry timer) {
      out.append("timer -> ").append(shorten(outcome(timer.outcome())));
    } else if (entry instanceof AbortEntry abort) {
      if (abort.ofTimer()) {
        out.append("timer -> ended by the host's watchdog, and dropped");
      } else {
        calls(out, abort.caller(), abort.request(), List.of());
        out.append(" -> ended by the host's watchdog");
      }
    } else if (entry instanceof ImageEntry image) {
      out.append("image, heap root ").append(image.heap().root());
      if (image.due() != ImageEntry.NO_TIMER) {
        out.append(", next timer at ").append(Instant.ofEpochMilli(image.due()));
      }
    }
    return Terminal.printable(out.toString());
  }

  private void calls(StringBuilder out, Caller caller, Text request, List<Outcome> outcomes) {
    out.append(caller.id());
    List<MethodCall> calls = Replay.calls(caller, request.read(blobs));
    for (int i = 0; i < calls.size(); i++) {
      String params = calls.get(i).params();
      out.append(i == 0 ? "  " : "; ").append(calls.get(i).method()).append('(');
      out.append(shorten(params.substring(1, params.length() - 1))).append(')');
      if (i < outcomes.size()) {
        out.append(" -> ").append(shorten(outcome(outcomes.get(i))));
      }
    }
  }

  private String outcome(Outcome outcome) {
    if (outcome instanceof Outcome.Ok ok) {
      return ok.value().read(blobs);
    }
    if (outcome instanceof Outcome.Thrown thrown) {
      return thrown.name() + ": " + thrown.message();
    }
    return "out of " + ((Outcome.Trapped) outcome).limit();
  }

  private static String shorten(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
