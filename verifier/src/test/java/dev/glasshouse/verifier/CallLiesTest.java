package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.HonestLog.method;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.HonestLog.Peer;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lies about who called: calls that nobody signed, or not for this place in this log. */
final class CallLiesTest {
  /** The order of the base point, 2^252 + 27742317777372353535851937790883648493. */
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  /** The counting log has genesis and six calls. */
  private static final int NEXT = 7;

  static Stream<Lie> forged() {
    return Stream.of(
        forged(
            "row 5: a signature that fails",
            Kind.SIGNATURE,
            "one that fails",
            bytes -> {
              bytes[40] ^= 1;
              return bytes;
            }),
        forged(
            "row 6: a signature in its second form",
            Kind.SIGNATURE,
            "one that fails",
            CallLiesTest::malleated),
        Lie.of(
            "row 5: another request under the signature",
            Story.counting()
                .lie(
                    1,
                    entry ->
                        entry.put(
                            "request", ((String) entry.get("request")).replace("[1]", "[2]"))),
            Kind.SIGNATURE,
            1,
            null,
            "a signature by ed25519:",
            "one that fails"),
        Lie.of(
            "row 5: another long request under the signature",
            otherLongRequest(),
            Kind.SIGNATURE,
            Story.LENGTH,
            null,
            "a signature by ed25519:",
            "one that fails"),
        Lie.of(
            "row 5: another caller under the signature",
            Story.counting()
                .lie(
                    1,
                    entry ->
                        PublishedLog.object(entry.get("caller"))
                            .put("key", HonestLog.identity("eve").publicKey().format())),
            Kind.SIGNATURE,
            1,
            null,
            "a signature by " + HonestLog.identity("eve").publicKey().format(),
            "one that fails"),
        Lie.of(
            "row 6: a key of low order, under which anything is signed",
            Story.counting().lie(1, CallLiesTest::lowOrder),
            Kind.MALFORMED,
            1,
            null,
            "an entry in its canonical form",
            "low order"),
        Lie.of(
            "row 5: a call of nobody's",
            Story.countingAnd(log -> log.user(null, method("who"))),
            Kind.UNSIGNED,
            NEXT,
            null,
            "a signed call",
            "a call of a user at their word"),
        Lie.of(
            "row 5: a call of a key at its word",
            Story.countingAnd(
                log ->
                    log.user(HonestLog.identity("carol").publicKey().format(), method("add", "1"))),
            Kind.UNSIGNED,
            NEXT,
            null,
            "a signed call",
            "a call of a user at their word"));
  }

  static Stream<Lie> admitted() {
    TreeHead fork =
        Story.countingAnd(log -> log.call(new Peer("dave", 9), method("add", "5"))).head();
    return Stream.of(
        admitted(
            "row 17: executes a call again",
            log -> repeated(log, Story.counting(), 1),
            "number 1 of this session is used up; the last one used is 6"),
        admitted(
            "row 17: executes the last call again",
            log -> repeated(log, Story.counting(), 6),
            "number 6 of this session is used up; the last one used is 6"),
        admitted(
            "row 17: a number that does not increase",
            log -> log.call(new Peer("carol", 4).used(3), method("who")),
            "number 4 of this session is used up"),
        admitted(
            "row 18: a call signed for another log",
            log -> {
              Peer dave = new Peer("dave", 9);
              log.signed(dave.identity(), dave.next(Story.unsigned().id(), method("who")));
            },
            "the call is signed for log " + Story.unsigned().id()),
        admitted(
            "row 18: a call signed for no log",
            log -> {
              Peer dave = new Peer("dave", 9);
              log.signed(dave.identity(), dave.next(Hash.ZERO, method("who")));
            },
            "the call is signed for log " + Hash.ZERO),
        admitted(
            "row 11: a caller who saw more than there was",
            log -> log.call(new Peer("dave", 9).saw(fork), method("who")),
            "the caller has seen 8 entries, this log has 7"),
        admitted(
            "row 11: a caller who saw the other side of a fork",
            log -> {
              log.call(new Peer("dave", 9), method("add", "6"));
              log.call(new Peer("dave", 10).saw(fork), method("who"));
            },
            NEXT + 1,
            "another history of the first 8 entries"),
        admitted(
            "row 11: a caller who saw another genesis",
            log ->
                log.call(new Peer("dave", 9).saw(Story.unsigned().prefix(1).head()), method("who")),
            "another history of the first 1 entries"),
        Lie.of(
            "row 29: a request over the limit",
            Story.countingAnd(
                log ->
                    log.call(
                        new Peer("dave", 9), method("length", "\"" + "l".repeat(4096) + "\""))),
            Kind.ADMISSION,
            NEXT,
            null,
            "a request of at most 4096 bytes",
            "one of 43"));
  }

  @ParameterizedTest
  @MethodSource({"forged", "admitted"})
  void isFound(Lie lie) {
    lie.mustBeFound();
  }

  @Test
  void aRequestOfExactlyTheLimitMayBeThere() {
    Peer dave = new Peer("dave", 9);
    MethodCall none = method("length", "\"\"");
    int rest = dave.next(Story.counting().id(), none).format().length();
    String text = "\"" + "l".repeat(4096 - rest) + "\"";

    Audits.requireVerified(
        Story.countingAnd(log -> log.call(new Peer("dave", 9), method("length", text))),
        "4096 bytes");
  }

  @Test
  void aSessionMaySkipNumbersAndAnotherStartsAnew() {
    Audits.requireVerified(
        Story.countingAnd(
            log -> {
              log.call(new Peer("carol", 4).used(100), method("who"));
              log.call(new Peer("carol", 5), method("who"));
              log.call(new Peer("dave", 4), method("who"));
            }),
        "numbers of sessions");
  }

  private static Lie admitted(String name, Consumer<HonestLog> calls, String actual) {
    return admitted(name, calls, NEXT, actual);
  }

  private static Lie admitted(String name, Consumer<HonestLog> calls, int index, String actual) {
    PublishedLog log = Story.countingAnd(calls);
    String method = log.entry(index).get("request").toString().contains("\"add\"") ? "add" : "who";
    return Lie.of(
        name, log, Kind.ADMISSION, index, method, "a call that may be entry " + index, actual);
  }

  // The log is told the same signed bytes once more.
  private static void repeated(HonestLog log, PublishedLog told, int index) {
    SignedCall call = SignedCall.parse((String) told.entry(index).get("request"));
    log.signed(HonestLog.identity("carol"), call);
  }

  private static Lie forged(
      String name, Kind kind, String actual, UnaryOperator<byte[]> signature) {
    PublishedLog log =
        Story.counting()
            .lie(
                2,
                entry -> {
                  Map<String, Object> caller = PublishedLog.object(entry.get("caller"));
                  byte[] bytes = Caller.parseSignature((String) caller.get("sig"));
                  caller.put("sig", Caller.formatSignature(signature.apply(bytes)));
                });
    return Lie.of(name, log, kind, 2, null, "a signature by ed25519:", actual);
  }

  // S + L: the same signature to a verifier that does not look.
  private static byte[] malleated(byte[] signature) {
    byte[] scalar = reversed(Arrays.copyOfRange(signature, 32, 64));
    byte[] sum = new BigInteger(1, scalar).add(ORDER).toByteArray();
    byte[] padded = new byte[32];
    System.arraycopy(sum, 0, padded, 32 - sum.length, sum.length);
    System.arraycopy(reversed(padded), 0, signature, 32, 32);
    return signature;
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  // A = R = the neutral element, S = 0: the equation holds for every message.
  private static void lowOrder(Map<String, Object> entry) {
    byte[] neutral = new byte[32];
    neutral[0] = 1;
    Map<String, Object> caller = new TreeMap<>();
    caller.put("key", "ed25519:" + Base64.getUrlEncoder().withoutPadding().encodeToString(neutral));
    caller.put("sig", Caller.formatSignature(Arrays.copyOf(neutral, 64)));
    entry.put("caller", caller);
  }

  private static PublishedLog otherLongRequest() {
    PublishedLog log = Story.signed();
    Object reference = log.entry(Story.LENGTH).get("request");
    Hash hash = Hash.parseHex((String) PublishedLog.object(reference).get("sha256"));
    String request = new String(log.blobs.get(hash), UTF_8).replaceFirst("lll", "l");
    Map<String, Object> other = log.blob(request.getBytes(UTF_8));
    return log.lie(Story.LENGTH, entry -> entry.put("request", other));
  }
}
