package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no host of these tests does; the others are in TlsTest. */
class ConnectingTest {
  @Test
  void anExpiredCertificateIsCalledThat() {
    SSLHandshakeException failure = new SSLHandshakeException("PKIX path validation failed");
    failure.initCause(new CertificateExpiredException("NotAfter: ..."));
    assertEquals("its certificate has expired", Connecting.reason(true, new IOException(failure)));
  }

  @Test
  void otherFailuresOfTlsAreQuoted() {
    assertEquals(
        "TLS fails: no cipher suites in common",
        Connecting.reason(true, new SSLHandshakeException("no cipher suites in common")));
  }

  @Test
  void whatIsNotHttpMayBeTls() {
    assertEquals(
        "it does not answer: is a host running there? If it speaks TLS, write https:// before it",
        Connecting.reason(false, new ProtocolException("Invalid status line")));
  }

  @Test
  void whereNobodyListensThereIsNothingToSay() {
    assertNull(Connecting.reason(true, new ConnectException()));
    assertNull(Connecting.reason(false, new ConnectException()));
  }

  @Test
  void whatEndsAtOnceMayBeTls() {
    String reason = Connecting.reason(false, new IOException(new EOFException()));
    assertTrue(reason.endsWith("write https:// before it"), reason);
  }

  @Test
  void anAuthorityThatNobodyTrustsCanBeNamed() {
    String reason = Connecting.reason(true, tls(new CertPathBuilderException("no path")));
    assertTrue(reason.endsWith("--cacert FILE"), reason);
  }

  @Test
  void anotherCertificateSaysWhatIsWrong() {
    assertEquals(
        "its certificate is not accepted: No name matching a found",
        Connecting.reason(true, tls(new CertificateException("No name matching a found"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Unsupported or unrecognized SSL message",
        "Unrecognized SSL message, plaintext connection?"
      })
  void whatDoesNotSpeakTlsIsToldApart(String message) {
    assertEquals(
        "it does not speak TLS; write http:// before it",
        Connecting.reason(true, new SSLException(message)));
  }

  @Test
  void withoutTlsNothingIsSaidOfIt() {
    assertNull(Connecting.reason(false, new SSLException("plaintext connection")));
  }

  @Test
  void aRefusalIsQuotedAsFarAsItIsFit() {
    assertEquals("it answers with status 403", refusal(403, null));
    assertEquals("it answers with status 403", refusal(403, " \n"));
    assertEquals("it answers with status 429: too\ufffdmany", refusal(429, "too\033many\n"));
    assertEquals("it answers with status 503: " + "x".repeat(300), refusal(503, "x".repeat(301)));
  }

  private static IOException tls(Exception cause) {
    SSLHandshakeException failure = new SSLHandshakeException("PKIX");
    failure.initCause(cause);
    return new IOException(failure);
  }

  private static String refusal(int status, String body) {
    return Connecting.reason(true, new WebSocketHandshakeException(new Refusal<>(status, body)));
  }

  /** An answer of which only its status and body are looked at. */
  private record Refusal<T>(int statusCode, T body) implements HttpResponse<T> {
    @Override
    public HttpRequest request() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<HttpResponse<T>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public HttpHeaders headers() {
      return HttpHeaders.of(Map.of(), (name, value) -> true);
    }

    @Override
    public Optional<SSLSession> sslSession() {
      return Optional.empty();
    }

    @Override
    public URI uri() {
      return URI.create("ws://host/");
    }

    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_1_1;
    }
  }
}
