package dev.glasshouse.cli;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.Text;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host that takes signed calls and lies about them: it executes nothing, logs what a test wants,
 * signs that, and answers with a receipt. What it publishes is the log that it has signed last.
 */
final class LyingSession implements AutoCloseable {
  /** A call as it came, and the log before it. */
  record Asked(ForgedLog log, Caller.Key caller, String request) {

    /** The entry that an honest host would make of it, but for what it comes to. */
    CallEntry entry(String says, Caller by, List<Outcome> outcomes) {
      Map<String, Object> before = log.entry(log.size() - 1);
      return new CallEntry(
          log.size(),
          log.last(),
          (Long) before.get("time"),
          by,
          Text.of(says, new HashMap<>()),
          List.of(),
          outcomes,
          Hash.of(""),
          Hash.parseHex((String) before.get("root")));
    }
  }

  /** What a call is answered with. */
  record Answer(ForgedLog log, int index, List<Object> results) {
    /** The last entry of a log, and the one result that this lie is about. */
    static Answer of(CallEntry entry, Asked asked) {
      ForgedLog log = asked.log().and(entry.format(new HashMap<>()));
      List<Object> results =
          entry.outcomes().stream().map(outcome -> (Object) outcome.toJson()).toList();
      return new Answer(log, log.size() - 1, results);
    }
  }

  /** Makes up the answer. */
  interface Lie {
    Answer answer(Asked asked);
  }

  private static final String KEY_END = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;

  private final TestHost host;
  private final Lie lie;
  private final FrontServer published;
  private final ServerSocket listening;
  private volatile ForgedLog log;

  LyingSession(TestHost host, Lie lie, FrontServer.Body withheld) throws IOException {
    this.host = host;
    this.lie = lie;
    this.log = ForgedLog.of(host);
    this.published =
        FrontServer.before(host, (path, body) -> withheld.of(path, log.of(path, body)));
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  String at() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        start(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      String key = after(head, "sec-websocket-key: ");
      if (key != null) {
        talk(client, key);
      } else {
        forward(client, head);
      }
    } catch (IOException e) {
      // The client is gone.
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("no request");
      }
      head.append((char) read);
    }
    return head.toString();
  }

  private static String after(String head, String name) {
    for (String line : head.split("\r\n", -1)) {
      if (line.regionMatches(true, 0, name, 0, name.length())) {
        return line.substring(name.length());
      }
    }
    return null;
  }

  // One request, whose answer ends with the connection.
  private void forward(Socket client, String head) throws IOException {
    String[] at = published.at().split(":", 2);
    try (Socket web = new Socket(at[0], Integer.parseInt(at[1]))) {
      String once = head.replaceFirst("(?i)\r\nconnection: [^\r]*", "");
      once = once.replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
      web.getOutputStream().write(once.getBytes(StandardCharsets.ISO_8859_1));
      web.getInputStream().transferTo(client.getOutputStream());
    }
  }

  // RFC 6455: what a client sends is masked, and here in one frame; answers have 126 to 65,535
  // bytes.
  private void talk(Socket client, String key) throws IOException {
    OutputStream out = client.getOutputStream();
    String accept = Base64.getEncoder().encodeToString(sha1(key + KEY_END));
    String head =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept
            + "\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    DataInputStream in = new DataInputStream(client.getInputStream());
    for (int first = in.readUnsignedByte(); first != CLOSE; first = in.readUnsignedByte()) {
      int length = in.readUnsignedByte() & 0x7f;
      byte[] bytes = new byte[length < 126 ? length : in.readUnsignedShort()];
      byte[] mask = in.readNBytes(4);
      in.readFully(bytes);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] ^= mask[i % 4];
      }
      if (first == TEXT) {
        byte[] answer = answer(new String(bytes, StandardCharsets.UTF_8));
        ByteBuffer frame = ByteBuffer.allocate(answer.length + 4).put((byte) TEXT);
        frame.put((byte) 126).putShort((short) answer.length).put(answer);
        out.write(frame.array());
      }
    }
  }

  private byte[] answer(String request) {
    long id = Long.parseLong(find("\"id\":([0-9]+)", request));
    Map<String, Object> response = new TreeMap<>(Map.of("id", id, "jsonrpc", "2.0"));
    switch (find("\"method\":\"(rpc[.a-z]+)", request)) {
      case "rpc.info" -> response.put("result", description());
      case "rpc.call" -> response.put("result", call(request));
      default -> response.put("error", Map.of("code", -32601L, "message", "x".repeat(126)));
    }
    return CanonicalJson.format(response);
  }

  private static String find(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  private Map<String, Object> description() {
    return Map.of(
        "checkpoint",
        text(log.of("/checkpoint", null)),
        "genesis",
        text(host.module().log().store().entry(0)));
  }

  private Map<String, Object> call(String call) {
    Caller.Key caller =
        new Caller.Key(
            PublicKey.parse(find("\"key\":\"([^\"]+)", call)),
            Base64.getUrlDecoder().decode(find("\"sig\":\"([^\"]+)", call)));
    byte[] json = find("\"request\":(.*)\\}\\}$", call).getBytes(StandardCharsets.UTF_8);
    String request = (String) CanonicalJson.parse(json, Integer.MAX_VALUE);
    Answer answer = lie.answer(new Asked(ForgedLog.of(host), caller, request));
    log = answer.log();
    return Map.of(
        "consistency",
        List.of(),
        "from",
        0L,
        "receipt",
        log.receipt(answer.index()).toJson(),
        "results",
        answer.results());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] sha1(String text) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void start(Runnable body) {
    Thread thread = new Thread(body, "liar");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
      published.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
