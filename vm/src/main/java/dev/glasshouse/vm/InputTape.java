package dev.glasshouse.vm;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The inputs of one entry, in order. A live execution records them as they come; a replay plays
 * them back, and must ask for exactly those.
 */
public final class InputTape {
  private final List<Input> recorded;
  private final BlobReader blobs;
  private final List<Input> consumed = new ArrayList<>();

  private InputTape(List<Input> recorded, BlobReader blobs) {
    this.recorded = recorded;
    this.blobs = blobs;
  }

  /** A blank tape, for a live execution. */
  public static InputTape recording() {
    return new InputTape(null, null);
  }

  /** A tape to replay from; long answers are read from {@code blobs}. */
  public static InputTape playing(List<Input> inputs, BlobReader blobs) {
    return new InputTape(List.copyOf(inputs), blobs);
  }

  /**
   * The next input: what the tape holds, or else what {@code live} brings.
   *
   * @param newBlobs takes a long answer of a live execution
   * @throws InputMismatchException if the tape holds something else, or nothing more
   */
  String next(String kind, Hash request, Map<Hash, byte[]> newBlobs, Supplier<String> live) {
    if (recorded == null) {
      String answer = live.get();
      consumed.add(new Input(kind, request, Text.of(answer, newBlobs)));
      return answer;
    }
    Input input = peek(kind, request);
    consumed.add(input);
    String answer = input.answer().read(blobs);
    // The entry to be derived must name the same blob again.
    Text.of(answer, newBlobs);
    return answer;
  }

  /** Whether a live execution has reached the limit of inputs of an entry. */
  boolean isFull() {
    return consumed.size() >= Input.MAX_PER_ENTRY;
  }

  /** True unless the tape has an answer of its own. */
  boolean isLive() {
    return recorded == null;
  }

  /** How much was consumed so far. */
  int position() {
    return consumed.size();
  }

  /** What was consumed so far. */
  List<Input> consumed() {
    return List.copyOf(consumed);
  }

  /** Throws {@link InputMismatchException} if a replay has left something on the tape. */
  void requireEnd() {
    if (recorded != null && consumed.size() < recorded.size()) {
      Input left = recorded.get(consumed.size());
      throw new InputMismatchException(
          "the entry records "
              + recorded.size()
              + " inputs, the replay used "
              + consumed.size()
              + "; the first unused one is "
              + left.kind());
    }
  }

  private Input peek(String kind, Hash request) {
    int at = consumed.size();
    if (at >= recorded.size()) {
      throw new InputMismatchException(
          "the replay asks for " + kind + " as input " + at + ", the entry records only " + at);
    }
    Input input = recorded.get(at);
    if (!input.kind().equals(kind) || !input.request().equals(request)) {
      throw new InputMismatchException(
          "the replay asks for "
              + kind
              + " "
              + request
              + " as input "
              + at
              + ", the entry records "
              + input.kind()
              + " "
              + input.request());
    }
    return input;
  }
}
