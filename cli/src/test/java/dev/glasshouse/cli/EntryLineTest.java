package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.TimerEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EntryLineTest {
  private static final long TIME = 1_700_000_000_000L;
  private static final String AT = "2023-11-14T22:13:20Z  ";

  private final Map<Hash, byte[]> blobs = new HashMap<>();
  private final Caller bob = new Caller.User("bob");

  private Text request() {
    String text =
        Request.format(List.of(new MethodCall("add", "[1]"), new MethodCall("hang", "[]")));
    return Text.of(text, blobs);
  }

  private String line(Entry entry) {
    return new EntryLine(blobs::get).of(entry);
  }

  private String timer(Outcome outcome) {
    return line(new TimerEntry(1, Hash.ZERO, TIME, List.of(), outcome, Hash.ZERO, Hash.ZERO));
  }

  @Test
  void callsShowWhatTheyCameTo() {
    List<Outcome> outcomes =
        List.of(new Outcome.Ok(Text.of("2", blobs), 0), new Outcome.Trapped("fuel", 9));
    Entry call =
        new CallEntry(
            1, Hash.ZERO, TIME, bob, request(), List.of(), outcomes, Hash.ZERO, Hash.ZERO);
    assertEquals(AT + bob.id() + "  add(1) -> 2; hang() -> out of fuel", line(call));
  }

  @Test
  void timersShowWhatTheyCameTo() {
    assertEquals(AT + "timer -> null", timer(new Outcome.Ok(Text.of("null", blobs), 0)));
    assertEquals(
        AT + "timer -> TypeError: no\ufffd", timer(new Outcome.Thrown("TypeError", "no\u001b", 0)));
  }

  @Test
  void abortsSayWhoEndedWhat() {
    assertEquals(
        AT + bob.id() + "  add(1); hang() -> ended by the host's watchdog",
        line(new AbortEntry(1, Hash.ZERO, TIME, bob, request(), Hash.ZERO, Hash.ZERO)));
    assertEquals(
        AT + "timer -> ended by the host's watchdog, and dropped",
        line(new AbortEntry(1, Hash.ZERO, TIME, null, null, Hash.ZERO, Hash.ZERO)));
  }

  @Test
  void imagesShowTheirRootAndTheNextTimer() {
    HeapReference heap = HeapReference.of("1 2", List.of(Hash.ZERO), blobs);
    assertEquals(
        AT + "image, heap root " + heap.root(),
        line(new ImageEntry(1, Hash.ZERO, TIME, heap, ImageEntry.NO_TIMER, Hash.ZERO, Hash.ZERO)));
    assertEquals(
        AT + "image, heap root " + heap.root() + ", next timer at 2023-11-14T22:13:21Z",
        line(new ImageEntry(1, Hash.ZERO, TIME, heap, TIME + 1000, Hash.ZERO, Hash.ZERO)));
  }
}
