package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.rpc.client.ClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class SentenceTest {

  @Test
  void fileErrorsSayWhatIsWrong() {
    assertEquals("a/b: no such file or directory", Sentence.of(new NoSuchFileException("a/b")));
    assertEquals("a: permission denied", Sentence.of(new AccessDeniedException("a")));
    assertEquals(
        "a is in the way: it exists already", Sentence.of(new FileAlreadyExistsException("a")));
    assertEquals(
        "a/b: Not a directory",
        Sentence.of(new FileSystemException("a/b", null, "Not a directory")));
  }

  @Test
  void wrappersAreTakenOff() {
    assertEquals("full", Sentence.of(new UncheckedIOException(new IOException("full"))));
    assertEquals("gone", Sentence.of(new CompletionException(new ClientException("gone"))));
  }

  @Test
  void aStrangersWordsAreOneSafeLine() {
    assertEquals(
        "refused\ufffdCall log verified.\ufffd[2J",
        Sentence.of(new ClientException("refused\nCall log verified.\u001b[2J")));
  }

  @Test
  void ourOwnFaultsSaySo() {
    String said = Sentence.of(new IllegalStateException("odd"));
    assertTrue(said.startsWith("this should not have happened: "), said);
    assertTrue(said.contains("odd") && said.contains("-v"), said);
  }
}
