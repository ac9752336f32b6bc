package dev.glasshouse.cli;

import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.witness.CosignedCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.rpc.client.CaughtHostException;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.KnownLogs;
import dev.glasshouse.vm.sandbox.SandboxThread;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code glass repl}: a JavaScript prompt with the backend as {@code client}. */
@Command(
    name = "repl",
    description = "Call a backend from a JavaScript prompt.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:evaluated; without -e: the prompt was left",
      "1:the expression threw, or the host cannot be called",
      "2:usage",
      "3:the quorum of witnesses is not met",
      "4:the host contradicts itself, and a file of evidence proves it to anybody"
    })
final class ReplCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int UNDECIDED = 3;
  private static final int CAUGHT = 4;

  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(
      paramLabel = "HOST[:PORT]",
      converter = HostConverter.class,
      description = "The host to call; HOST:PORT/NAME for one of its modules, or a URL.")
  private HostAddress host;

  @Option(
      names = {"-u", "--user"},
      paramLabel = "NAME",
      description = "On a --debug host: call unsigned, as this user.")
  private String user;

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description = "The key to sign with, an OpenSSH Ed25519 file (default: your own).")
  private Path identity;

  @Option(
      names = {"-e", "--exec"},
      paramLabel = "EXPR",
      description =
          "Evaluate one expression, print its result alone, and end. What it logs to the console"
              + " goes to standard error.")
  private String expression;

  @Option(
      names = "--log",
      paramLabel = "LOGID",
      converter = LogIdConverter.class,
      description = "The log that the host must serve.")
  private Hash log;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      converter = PolicyConverter.class,
      description = "Say whether the quorum of this policy's witnesses has cosigned the log.")
  private Policy policy;

  @Option(names = "--require-quorum", description = "With --policy: make no call unless it has.")
  private boolean requireQuorum;

  @Override
  public Integer call() throws Exception {
    if (requireQuorum && policy == null) {
      throw new ParameterException(
          spec.commandLine(), "--require-quorum needs a policy that says which: --policy FILE");
    }
    if (user != null && identity != null) {
      throw new ParameterException(
          spec.commandLine(), "--user calls unsigned, --identity signs: give one of them");
    }
    FutureTask<Integer> task = new FutureTask<>(this::run);
    SandboxThread.create("repl", task).start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception exception) {
        throw exception;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  private int run() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (expression != null) {
      try (Client client = connect(err)) {
        // Its result is to stand alone on standard output.
        tellQuorum(client, err);
        return evaluateOnce(client, out, err);
      }
    }
    out.println("Connecting...");
    try (Client client = connect(err)) {
      out.println("Connected.");
      tellQuorum(client, out);
      out.println("You can use 'client' object to access the backend.");
      try (Prompt prompt = Prompt.ofProcess(main.home().history(), client.methods());
          Evaluator evaluator = new Evaluator(client, prompt.colours(), prompt::show)) {
        prompt.run(evaluator);
      }
      return 0;
    }
  }

  private int evaluateOnce(Client client, PrintWriter out, PrintWriter err) {
    try (Evaluator evaluator = new Evaluator(client, false, err::println)) {
      Evaluator.Result result = evaluator.evaluate(expression);
      boolean isProved = evaluator.caught().filter(CaughtHostException::proved).isPresent();
      if (result.error() != null) {
        err.println(result.error());
        return isProved ? CAUGHT : FAILED;
      }
      out.println(main.streams().forOutput(result.plain()));
      if (isProved) {
        err.println(Sentence.of(evaluator.caught().get()));
        return CAUGHT;
      }
      return 0;
    }
  }

  private void tellQuorum(Client client, PrintWriter to) {
    if (policy == null) {
      return;
    }
    String said;
    boolean isMet = false;
    try {
      GenesisEntry genesis = client.host().genesis();
      CosignedCheckpoint cosigned = client.cosigned(policy);
      isMet = cosigned.quorum().isMet() && policy.allows(genesis.origin(), genesis.host());
      said = WitnessText.quorum(cosigned, client.host().checkpoint(), Instant.now(), isMet);
    } catch (UnverifiedException e) {
      said = "quorum not met: " + e.getMessage();
    }
    if (!isMet && requireQuorum) {
      throw new CommandException(UNDECIDED, Terminal.printable(said));
    }
    to.println("Witnesses: " + Terminal.printable(said));
    to.flush();
  }

  private Client connect(PrintWriter err) throws IOException {
    KnownLogs known = main.home().knownLogs();
    return user != null
        ? Client.debug(host, user, log, known)
        : Client.signed(host, main.home().identity(identity, err), log, known);
  }
}
