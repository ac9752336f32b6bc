package dev.glasshouse.vm.archive;

/**
 * A file operation that the backend asked for and that cannot be done; the archive is as before.
 * The backend sees an {@code Error} of this name and message, so both are part of what replays: do
 * not reword them. Names are those of Dat's {@code beaker-error-constants}, and so are the messages
 * where Dat has one.
 */
public final class FileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String name;

  public FileException(String name, String message) {
    super(message);
    this.name = name;
  }

  /** The error's name in the backend, such as {@code NotFoundError}. */
  public String name() {
    return name;
  }

  static FileException notFound() {
    return new FileException("NotFoundError", "File not found");
  }

  static FileException notAFile(String message) {
    return new FileException("NotAFileError", message);
  }

  static FileException notAFolder(String message) {
    return new FileException("NotAFolderError", message);
  }

  static FileException alreadyExists(String message) {
    return new FileException("EntryAlreadyExistsError", message);
  }

  static FileException noParentFolder() {
    return new FileException(
        "ParentFolderDoesntExistError", "Cannot write to this location ; No parent folder exists");
  }

  static FileException invalidPath(String message) {
    return new FileException("InvalidPathError", message);
  }

  static FileException notEmpty() {
    return new FileException("DestDirectoryNotEmpty", "Destination path is not empty ; Aborting");
  }

  static FileException quotaExceeded(String message) {
    return new FileException("QuotaExceededError", message);
  }
}
