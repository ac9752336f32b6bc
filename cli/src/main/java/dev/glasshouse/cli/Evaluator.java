package dev.glasshouse.cli;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.rpc.client.CallResult;
import dev.glasshouse.rpc.client.CaughtHostException;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.ClientException;
import dev.glasshouse.rpc.client.RefusedException;
import dev.glasshouse.vm.sandbox.Engines;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.HostCalls;
import dev.glasshouse.vm.sandbox.HostOp;
import dev.glasshouse.vm.sandbox.HostReply;
import dev.glasshouse.vm.sandbox.Reply;
import dev.glasshouse.vm.sandbox.Sandbox;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.Turn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Evaluates JavaScript that a person typed, in the same sandbox that modules run in, with {@code
 * client} as the backend. Confined to one sandbox thread.
 */
final class Evaluator implements HostCalls, AutoCloseable {
  private static final long HEAP = 256L << 20;
  private static final long STACK = 900_000;
  private static final long FUEL = 200_000;

  /** How repl.js marks what did not parse, and so did nothing. */
  private static final char UNPARSED = 's';

  private final Client client;
  private final Consumer<String> console;
  private final long fuel;
  private final Sandbox sandbox;
  private final SecureRandom random = new SecureRandom();
  private CaughtHostException caught;

  /**
   * What an evaluation came to.
   *
   * @param plain the value as a script reads it, or null
   * @param shown the value as a person reads it, or null for undefined
   * @param error what was thrown, or null; as {@code shown}, it holds nothing that steers a
   *     terminal but the colours that were asked for
   */
  record Result(String plain, String shown, String error) {}

  Evaluator(Client client, boolean colours, Consumer<String> console) {
    this(client, colours, console, FUEL);
  }

  /** With so much fuel for a line. */
  Evaluator(Client client, boolean colours, Consumer<String> console, long fuel) {
    this.client = client;
    this.console = console;
    this.fuel = fuel;
    // What is typed runs fast enough on any engine.
    SandboxEngine engine = Engines.preferred(warning -> {});
    this.sandbox = engine.open(GuestImage.withBootstrap(bootstrap()), HEAP, STACK);
    sandbox.run(Turn.call("settings", null, "[" + colours + "]"), 0, fuel, this);
    sandbox.mark(0);
  }

  /** Evaluates one input; promises are awaited. */
  Result evaluate(String text) {
    // A line that begins with a brace is meant as an object, if it parses as one.
    if (text.strip().startsWith("{") && !text.strip().endsWith(";")) {
      Reply reply = load("(" + text.strip() + "\n)");
      if (reply.trap() != null || reply.text().charAt(0) != UNPARSED) {
        return result(reply);
      }
    }
    return result(load(text));
  }

  /** How the host was caught since this was opened, even if the line that called it went on. */
  Optional<CaughtHostException> caught() {
    return Optional.ofNullable(caught);
  }

  private Reply load(String text) {
    Script line = new Script("repl", Script.Kind.LINE, text);
    Reply reply = sandbox.load(line, System.currentTimeMillis(), fuel, this);
    if (reply.trap() == null) {
      sandbox.mark(0);
    } else {
      // What was stopped is in the middle of something: the prompt goes on from before the line.
      sandbox.rewind(0);
    }
    return reply;
  }

  private static Result result(Reply reply) {
    if (reply.trap() != null) {
      return new Result(null, null, "stopped: it ran out of " + reply.trap().text());
    }
    String text = reply.text().substring(1);
    return switch (reply.text().charAt(0)) {
      case 'u' -> new Result("undefined", null, null);
      case 'v' -> {
        List<?> forms =
            (List<?>) CanonicalJson.parse(text.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
        yield new Result((String) forms.get(0), (String) forms.get(1), null);
      }
      default -> new Result(null, null, text.strip());
    };
  }

  @Override
  public HostReply answer(HostOp op, String text, byte[] body, boolean fork) {
    return switch (op) {
      case LOG -> {
        console.accept(new String(body, StandardCharsets.UTF_8));
        yield HostReply.NONE;
      }
      case ENTROPY -> {
        byte[] entropy = new byte[Integer.parseInt(text)];
        random.nextBytes(entropy);
        yield HostReply.bytes(entropy);
      }
      case CALL -> call(text, new String(body, StandardCharsets.UTF_8));
      default -> HostReply.error("Error", "not available at the prompt");
    };
  }

  private HostReply call(String method, String params) {
    try {
      CallResult result = client.call(method, params);
      if (result.value() != null) {
        return HostReply.text(result.value());
      }
      if (result.failure() instanceof Outcome.Thrown thrown) {
        // The name ends at the first line break.
        return HostReply.error(Terminal.printable(thrown.name()), thrown.message());
      }
      return HostReply.error(
          result.isAborted() ? "AbortedError" : "LimitError", result.failureLine());
    } catch (CaughtHostException e) {
      caught = caught == null || e.proved() ? e : caught;
      return HostReply.error("CaughtHostError", e.getMessage());
    } catch (RefusedException e) {
      return HostReply.error("RefusedError", e.getMessage() + " (" + e.code() + ")");
    } catch (ClientException e) {
      return HostReply.error("ConnectionError", e.getMessage());
    }
  }

  @Override
  public void close() {
    sandbox.close();
  }

  private static String bootstrap() {
    try (InputStream in = Evaluator.class.getResourceAsStream("repl.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
