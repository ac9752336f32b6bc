package dev.glasshouse.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.TreeHead;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A caller of a counter that may die at any moment, and who remembers what it was told.
 *
 * <p>Arguments: {@code call ADDRESS FILE CALLS} signs calls of {@code increment}, some one after the
 * other and some at once, and notes in FILE what it sends and what it is answered, until all are
 * answered or the host is gone. {@code check ADDRESS FILE} sends every one of them again: what was
 * acknowledged must be answered with the same results and the same receipt, and every call must
 * have counted once.
 */
final class Faults {
  private static final int PATIENCE_SECONDS = 60;
  private static final int AT_ONCE = 8;
  private static final int USED_NUMBER = -32004;
  private static final JsonFactory JSON = new JsonFactory();

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final WebSocket socket;

  private Faults(String address) {
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://" + address + "/"), new Listener())
            .join();
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Faults faults = new Faults(args[1]);
    Path file = Path.of(args[2]);
    if (args[0].equals("call")) {
      faults.call(file, Integer.parseInt(args[3]));
    } else {
      faults.check(file);
    }
    faults.socket.abort();
  }

  // A line for each request, "S number params", and for each answer, "A number answer".
  private void call(Path file, int calls) throws IOException, InterruptedException {
    Map<?, ?> info = result(ask(0, "rpc.info", "{}"));
    Hash log = Hash.parseHex((String) info.get("log"));
    byte[] seed = new byte[Identity.SEED_BYTES];
    seed[0] = 1;
    Identity identity = Identity.ofSeed(seed);
    String session = "0123456789abcdef0123456789abcdef";
    List<MethodCall> increment = List.of(new MethodCall("increment", "[]"));
    try (BufferedWriter notes =
        Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (int n = 1; n <= calls; ) {
        int sent = n / AT_ONCE % 2 == 0 ? 1 : Math.min(AT_ONCE, calls - n + 1);
        for (int i = n; i < n + sent; i++) {
          String request = new SignedCall(log, session, i, TreeHead.EMPTY, increment).format();
          byte[] signature = identity.sign(SignedCall.message(request));
          String params = params(new Caller.Key(identity.publicKey(), signature), request);
          notes.write("S " + i + " " + params + "\n");
          notes.flush();
          send(i, "rpc.call", params);
        }
        for (int i = 0; i < sent; i++) {
          String answer = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
          if (answer == null) {
            throw new IllegalStateException("the host does not answer");
          }
          if (answer.isEmpty()) {
            System.out.println("the host is gone");
            return;
          }
          notes.write("A " + id(answer) + " " + answer + "\n");
          notes.flush();
        }
        n += sent;
      }
    }
    System.out.println("all answered");
  }

  private void check(Path file) throws IOException, InterruptedException {
    NavigableMap<Long, String> sent = new TreeMap<>();
    Map<Long, String> told = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(" ", 3);
      (words[0].equals("S") ? sent : told).put(Long.parseLong(words[1]), words[2]);
    }
    Map<?, ?> info = result(ask(0, "rpc.info", "{}"));
    GenesisEntry genesis =
        (GenesisEntry) Entry.parse(((String) info.get("genesis")).getBytes(UTF_8), hash -> null);
    Set<String> values = new HashSet<>();
    int acknowledged = 0;
    for (Map.Entry<Long, String> request : sent.entrySet()) {
      long n = request.getKey();
      Map<?, ?> again = parse(ask(n, "rpc.call", request.getValue()));
      Map<?, ?> before = told.containsKey(n) ? parse(told.get(n)) : null;
      boolean isAcknowledged = before != null && before.containsKey("result");
      if (again.containsKey("error")) {
        // Numbers after it were used before it came again, so it was never executed, and never is.
        require(code(again) == USED_NUMBER && !isAcknowledged, "call " + n + ": " + again);
        continue;
      }
      Map<?, ?> answer = (Map<?, ?>) again.get("result");
      Receipt.fromJson(answer.get("receipt")).verify(genesis.origin(), genesis.host());
      Map<?, ?> outcome = (Map<?, ?>) ((List<?>) answer.get("results")).get(0);
      String value = String.valueOf(outcome.get("ok"));
      require(values.add(value), "two calls came to " + value);
      if (isAcknowledged) {
        acknowledged++;
        Map<?, ?> first = (Map<?, ?>) before.get("result");
        for (String member : List.of("receipt", "results")) {
          require(
              answer.get(member).equals(first.get(member)),
              "call " + n + " was acknowledged with " + first + " and is now " + answer);
        }
      }
    }
    for (int i = 1; i <= values.size(); i++) {
      require(values.contains(String.valueOf(i)), "no call came to " + i + ": " + values);
    }
    System.out.println(
        sent.size() + " sent, " + acknowledged + " acknowledged, " + values.size() + " executed");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      System.err.println(otherwise);
      System.exit(1);
    }
  }

  private String ask(long id, String method, String params) throws InterruptedException {
    send(id, method, params);
    String answer = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (answer == null || answer.isEmpty()) {
      throw new IllegalStateException("the host does not answer");
    }
    return answer;
  }

  private void send(long id, String method, String params) {
    try {
      socket
          .sendText(
              "{\"jsonrpc\":\"2.0\",\"id\":"
                  + id
                  + ",\"method\":\""
                  + method
                  + "\",\"params\":"
                  + params
                  + "}",
              true)
          .join();
    } catch (RuntimeException e) {
      received.add("");
    }
  }

  private static String params(Caller.Key caller, String request) {
    StringBuilder out = new StringBuilder("{\"key\":\"").append(caller.key().format());
    out.append("\",\"sig\":\"").append(Caller.formatSignature(caller.signature()));
    out.append("\",\"request\":");
    CanonicalJson.write(request, out);
    return out.append('}').toString();
  }

  private static Map<?, ?> parse(String answer) {
    try (JsonParser parser = JSON.createParser(answer)) {
      parser.nextToken();
      return (Map<?, ?>) read(parser);
    } catch (IOException e) {
      throw new IllegalStateException("the host answers " + answer, e);
    }
  }

  private static Object read(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      Map<String, Object> map = new TreeMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        map.put(name, read(parser));
      }
      return map;
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<Object> list = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        list.add(read(parser));
      }
      return list;
    }
    boolean isNumber = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
    return isNumber ? (Object) parser.getLongValue() : parser.getText();
  }

  private static Map<?, ?> result(String answer) {
    return (Map<?, ?>) parse(answer).get("result");
  }

  private static long id(String answer) {
    return ((Number) parse(answer).get("id")).longValue();
  }

  private static int code(Map<?, ?> answer) {
    return ((Number) ((Map<?, ?>) answer.get("error")).get("code")).intValue();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        received.add(message.toString());
        message.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      received.add("");
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      received.add("");
    }
  }
}
