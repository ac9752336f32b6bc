package dev.glasshouse.cli;

import dev.glasshouse.calllog.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code glass keygen}: makes an identity. */
@Command(
    name = "keygen",
    description = "Make an Ed25519 key in OpenSSH's format and print its public key.",
    mixinStandardHelpOptions = true)
final class KeygenCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "Where to write it (default: identity in ~/.glasshouse).")
  private Path file;

  @Override
  public Integer call() throws IOException {
    Path target = file != null ? file : main.home().identityFile();
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandException(1, target + " exists; a key is never overwritten.");
    }
    Home.makeDirectory(target.toAbsolutePath().getParent());
    Identity identity = Identity.generate(new SecureRandom());
    identity.save(target);
    spec.commandLine().getOut().println(identity.publicKey().format());
    spec.commandLine().getErr().println("Written to " + target);
    return 0;
  }
}
