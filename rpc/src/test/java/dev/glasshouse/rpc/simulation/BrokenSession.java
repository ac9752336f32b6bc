package dev.glasshouse.rpc.simulation;

import dev.glasshouse.rpc.SimulatedSession;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** An unsigned caller's connection to a host that is broken in what it makes of frames. */
final class BrokenSession {
  private static final String BEGINNING = "{\"jsonrpc\":\"2.0\",";

  private BrokenSession() {}

  /** What answers frames instead of a session, or as it does. */
  static Function<String, CompletableFuture<String>> of(SimulatedSession session, Variant variant) {
    return switch (variant) {
      case EXECUTES_AGAIN ->
          frame -> {
            var unused = session.answer(frame);
            return session.answer(frame);
          };
      case ANSWERS_ALL -> frame -> session.answer(withIds(frame));
      case ANSWERS_OTHERWISE -> frame -> session.answer(frame).thenApply(BrokenSession::otherwise);
      case TURNS_BATCHES_ROUND -> frame -> session.answer(turnedRound(frame));
      default -> session::answer;
    };
  }

  private static String withIds(String frame) {
    return frame.replace(BEGINNING + "\"method\"", BEGINNING + "\"id\":null,\"method\"");
  }

  private static String otherwise(String answer) {
    return answer == null ? null : answer.replace("\"result\":", "\"result\":1");
  }

  private static String turnedRound(String frame) {
    if (!frame.startsWith("[")) {
      return frame;
    }
    List<String> calls =
        Arrays.asList(frame.substring(1, frame.length() - 1).split("(?<=\\}),(?=\\{)", -1));
    Collections.reverse(calls);
    return "[" + String.join(",", calls) + "]";
  }
}
