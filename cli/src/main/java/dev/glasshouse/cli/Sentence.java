package dev.glasshouse.cli;

import dev.glasshouse.vm.ScriptException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;

/** What went wrong, for a person: from an exception to a sentence. */
final class Sentence {
  private Sentence() {}

  /** One line, except for a script's error, which shows the place in the script. */
  static String of(Throwable failure) {
    boolean isWrapped =
        failure instanceof CompletionException || failure instanceof UncheckedIOException;
    if (isWrapped && failure.getCause() != null) {
      return of(failure.getCause());
    }
    boolean isScripts =
        failure instanceof ScriptException || failure.getCause() instanceof ScriptException;
    return isScripts ? Terminal.lines(failure.getMessage()) : Terminal.printable(text(failure));
  }

  private static String text(Throwable failure) {
    if (failure instanceof FileSystemException ofFile) {
      return text(ofFile);
    }
    boolean isOurs = failure.getClass().getName().startsWith("dev.glasshouse.");
    boolean isPlain = failure instanceof IOException || failure instanceof InvalidPathException;
    if ((isOurs || isPlain) && failure.getMessage() != null) {
      return failure.getMessage();
    }
    return "this should not have happened: "
        + failure
        + "; run it again with -v to see where, and report it";
  }

  private static String text(FileSystemException failure) {
    if (failure.getReason() != null) {
      return failure.getMessage();
    }
    if (failure instanceof NoSuchFileException) {
      return failure.getFile() + ": no such file or directory";
    }
    if (failure instanceof AccessDeniedException) {
      return failure.getFile() + ": permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return failure.getFile() + " is in the way: it exists already";
    }
    return failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }
}
