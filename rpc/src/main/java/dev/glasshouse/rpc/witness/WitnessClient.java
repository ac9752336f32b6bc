package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.witness.AddCheckpoint;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.calllog.witness.WitnessKey;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Speaks to one witness. Whatever it answers, and however slowly, is bounded and checked. */
final class WitnessClient {
  /** Room for a hundred cosignature lines. */
  private static final int MAX_ANSWER = 64 * 1024;

  private static final int MAX_SENTENCE = 200;

  private final WitnessHttp http;
  private final WitnessKey key;
  private final String url;
  private final long millis;

  /** What a witness answers. */
  sealed interface Reply permits Cosigned, Conflict, Failed {}

  /** It cosigned, and the cosignature holds. */
  record Cosigned(Cosignature cosignature) implements Reply {}

  /** It says that it has cosigned so many entries. */
  record Conflict(long size) implements Reply {}

  /**
   * It did not answer, or nothing that helps.
   *
   * @param status of HTTP, or 0
   */
  record Failed(int status, String sentence) implements Reply {}

  /**
   * A client of the witness at a submission prefix.
   *
   * @param millis until an answer must be complete
   * @throws IllegalArgumentException if it is no http or https URL
   */
  WitnessClient(WitnessHttp http, WitnessKey key, String url, long millis) {
    this.http = http;
    this.key = key;
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.millis = millis;
    HttpRequest unused = HttpRequest.newBuilder(address("/")).build();
  }

  private URI address(String path) {
    return URI.create(url + path);
  }

  /** Submits a checkpoint; completes always, never exceptionally. */
  CompletableFuture<Reply> add(AddCheckpoint submission) {
    return http.post(address("/add-checkpoint"), submission.format(), MAX_ANSWER, millis)
        .handle(
            (response, failure) ->
                failure != null ? failed(failure) : read(response, submission.checkpoint()));
  }

  /** What it has cosigned of a log, as monitors read it; null if that cannot be had. */
  CompletableFuture<Note> cosigned(String origin) {
    URI address = address("/" + Hash.of(origin).hex() + "/checkpoint");
    return http.get(address, AddCheckpoint.MAX_BYTES, millis)
        .handle(
            (response, failure) -> {
              try {
                return failure == null && response.status() == 200
                    ? Note.parse(response.body(), AddCheckpoint.MAX_BYTES)
                    : null;
              } catch (MalformedException e) {
                return null;
              }
            });
  }

  private Reply read(WitnessHttp.Response response, Note checkpoint) {
    int status = response.status();
    String text = new String(response.body(), StandardCharsets.UTF_8);
    try {
      if (status == 200) {
        return cosignature(text, checkpoint);
      }
      if (status == 409) {
        if (!text.endsWith("\n")) {
          throw new MalformedException("a size ends in a newline");
        }
        return new Conflict(Checkpoint.parseCount(text.substring(0, text.length() - 1)));
      }
    } catch (MalformedException | UnverifiedException e) {
      return new Failed(status, "its answer is not in its form: " + e.getMessage());
    }
    String said = text.strip();
    String cut = said.length() > MAX_SENTENCE ? said.substring(0, MAX_SENTENCE) + "..." : said;
    return new Failed(status, "it answers with status " + status + ": " + printable(cut));
  }

  // Lines of keys that nobody told us of are passed over; of this key one holds and none fails.
  private Reply cosignature(String text, Note checkpoint) {
    Cosignature found = null;
    for (String line : text.split("\n", -1)) {
      if (!line.isEmpty()) {
        NoteSignature signature = NoteSignature.parse(line);
        if (key.isNamedBy(signature)) {
          found = Cosignature.verify(key, checkpoint.text(), signature);
        }
      }
    }
    return found != null
        ? new Cosigned(found)
        : new Failed(200, "its answer has no cosignature of " + key.name());
  }

  private Reply failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof TimeoutException || cause instanceof java.net.http.HttpTimeoutException) {
      return new Failed(0, "it does not answer within " + millis + " ms");
    }
    String why = cause.getMessage() == null ? "no connection" : cause.getMessage();
    return new Failed(0, "it cannot be reached: " + printable(why));
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{C}", "\ufffd");
  }
}
