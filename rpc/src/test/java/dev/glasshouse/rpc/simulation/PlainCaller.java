package dev.glasshouse.rpc.simulation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glasshouse.calllog.CallRefused.Reason;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.MethodCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * A caller of a debug host: says who it is, signs nothing, and sends one frame after another, of
 * single calls, of batches, and of calls that want no answer. It sends a frame again that is not
 * answered, though that may execute its calls twice, or gives it up.
 */
final class PlainCaller implements SimulatedNetwork.Receiver {
  private static final int MAX_CALLS = 4;
  private static final int MAX_PAUSE_NANOS = 20_000_000;
  private static final int PATIENCE_NANOS = 80_000_000;
  private static final JsonFactory JSON = new JsonFactory();

  // After these nobody knows whether it was executed.
  private static final Set<Integer> MAYBE =
      Set.of(Reason.STOPPED.code(), Reason.OVERLOADED.code(), Reason.UNWITNESSED.code());

  private final Schedule schedule;
  private final Random dice;
  private final Function<PlainCaller, SimulatedNetwork.Link> connecting;
  private final String name;
  private final int quota;
  private final boolean hard;
  private final List<PlainFrame> frames = new ArrayList<>();
  private SimulatedNetwork.Link link;
  private boolean calm;
  private int calls;
  private long heard;

  /**
   * Begins to call.
   *
   * @param quota frames that it will have sent at the end of the storm
   * @param hard whether it calls what loops, waits or runs out of something
   * @param connecting connects to the host that is there, or gives null
   */
  PlainCaller(
      int number,
      int quota,
      boolean hard,
      Schedule schedule,
      Function<PlainCaller, SimulatedNetwork.Link> connecting) {
    this.schedule = schedule;
    this.dice = schedule.dice();
    this.connecting = connecting;
    this.quota = quota;
    this.hard = hard;
    this.name = "p" + number;
    act();
  }

  /** Who it says it is; the first does not say. */
  String user() {
    return name.equals("p0") ? null : name;
  }

  /** What it has sent. */
  List<PlainFrame> frames() {
    return frames;
  }

  /** What it heard, all of it, as a number. */
  long heard() {
    return heard;
  }

  /** Whether it waits for nothing, and has nothing more to ask. */
  boolean isDone() {
    return last() != null
        && isDone(last())
        && (calm ? last().isCalm && last().isAnswered() : frames.size() >= quota);
  }

  private static boolean isDone(PlainFrame frame) {
    return frame.isAnswered() || frame.isGivenUp;
  }

  private PlainFrame last() {
    return frames.isEmpty() ? null : frames.get(frames.size() - 1);
  }

  /** The storm is over: it asks once more. */
  void calm() {
    calm = true;
  }

  private void act() {
    schedule.after(dice.nextInt(MAX_PAUSE_NANOS), this::act);
    if (link != null && dice.nextInt(50) == 0) {
      link.cut();
    }
    if (link == null || !link.isOpen()) {
      link = connecting.apply(this);
    }
    if (link == null || isDone()) {
      return;
    }
    if (last() == null || isDone(last())) {
      if (last() != null) {
        last().wasAnswered = last().isHeardOf() && last().isAnswered();
      }
      frames.add(make());
      send(last());
    } else if (schedule.now() - last().sentAt > PATIENCE_NANOS) {
      if (calm || dice.nextBoolean()) {
        send(last());
      } else {
        last().isGivenUp = true;
      }
    }
  }

  private void send(PlainFrame frame) {
    frame.sentAt = schedule.now();
    link.send(frame.text);
  }

  private PlainFrame make() {
    boolean isBatch = calm || dice.nextBoolean();
    List<PlainAsked> asked = new ArrayList<>();
    for (int i = isBatch ? dice.nextInt(MAX_CALLS) : 0; i >= 0; i--) {
      asked.add(new PlainAsked(dice.nextInt(4) == 0 ? null : id(), call()));
    }
    if (calm) {
      asked.add(new PlainAsked(id(), call()));
    }
    return new PlainFrame(asked, isBatch, calm);
  }

  private MethodCall call() {
    MethodCall any =
        dice.nextInt(20) == 0
            ? new MethodCall("none", "[\"" + name + "\"]")
            : CountsModule.anyCall(dice, name, hard);
    String params = any.params().substring(0, any.params().length() - 1);
    return new MethodCall(any.method(), params + ",\"number " + calls++ + "\"]");
  }

  private String id() {
    int number = 100 * Integer.parseInt(name.substring(1)) + calls;
    return switch (dice.nextInt(4)) {
      case 0 -> text("the \"" + number + "\u00aath\"");
      case 1 -> text(String.valueOf(number));
      case 2 -> "-" + number + ".5";
      default -> String.valueOf(number);
    };
  }

  private static String text(String id) {
    StringBuilder out = new StringBuilder();
    CanonicalJson.write(id, out);
    return out.toString();
  }

  @Override
  public void delivered(String text) {
    frames.stream().filter(frame -> frame.text.equals(text)).forEach(frame -> frame.deliveries++);
  }

  @Override
  public void receive(String text, long covered) {
    heard = heard * 31 + text.hashCode() + schedule.now();
    try (JsonParser parser = JSON.createParser(text)) {
      boolean isBatch = parser.nextToken() == JsonToken.START_ARRAY;
      while (!isBatch || parser.nextToken() == JsonToken.START_OBJECT) {
        take(parser, text, covered);
        if (!isBatch) {
          return;
        }
      }
    } catch (IOException e) {
      throw new BrokenPromise(name + " is told what is no JSON: " + text, e);
    }
  }

  private void take(JsonParser parser, String text, long covered) throws IOException {
    String id = null;
    String told = null;
    int code = 0;
    for (int depth = 1; depth > 0; ) {
      JsonToken token = parser.nextToken();
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      String field = token.isScalarValue() ? parser.currentName() : "";
      switch (field) {
        case "id" ->
            id = token == JsonToken.VALUE_STRING ? text(parser.getText()) : parser.getText();
        case "result" -> told = parser.getText();
        case "code" -> code = parser.getIntValue();
        case "name" -> told = "throws " + parser.getText();
        case "trap" -> told = "runs out of " + parser.getText();
        default -> {
          // The version, and what people read.
        }
      }
    }
    heard(id, new PlainAsked.Heard(told, code, covered), text);
  }

  private void heard(String id, PlainAsked.Heard answer, String text) {
    if (answer.told() == null && !MAYBE.contains(answer.code())) {
      throw new BrokenPromise(name + " is refused: " + text);
    }
    for (PlainFrame frame : frames) {
      for (PlainAsked asked : frame.calls) {
        if (asked.id() != null && asked.id().equals(id)) {
          asked.answers().add(answer);
          return;
        }
      }
    }
    throw new BrokenPromise("an answer to nothing: " + text);
  }
}
