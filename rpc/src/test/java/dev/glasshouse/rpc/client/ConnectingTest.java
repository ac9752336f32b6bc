package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

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
}
