package dev.glasshouse.rpc.client;

import java.io.EOFException;
import java.net.ProtocolException;
import java.net.http.WebSocketHandshakeException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;

/** Why a server that is there cannot be talked to, in words that say what to do. */
final class Connecting {
  private static final int MAX_SHOWN = 300;

  private Connecting() {}

  /**
   * The reason of a failure.
   *
   * @param secure whether TLS was tried
   * @return a sentence without its full stop, or null if it is only that nobody answers
   */
  static String reason(boolean secure, Throwable failure) {
    if (failure instanceof WebSocketHandshakeException refused) {
      return refusal(refused);
    }
    if (secure) {
      return find(failure, SSLException.class) == null ? null : certificate(failure);
    }
    boolean isOther =
        find(failure, ProtocolException.class) != null || find(failure, EOFException.class) != null;
    return isOther
        ? "it does not answer: is a host running there? If it speaks TLS, write https:// before it"
        : null;
  }

  private static String refusal(WebSocketHandshakeException refused) {
    String shown = refused.getResponse().body() instanceof String body ? shown(body) : "";
    return "it answers with status "
        + refused.getResponse().statusCode()
        + (shown.isEmpty() ? "" : ": " + shown);
  }

  /** The beginning of what a server says, as it may be shown to a person. */
  static String shown(String said) {
    String text = said.strip();
    return text.substring(0, Math.min(text.length(), MAX_SHOWN)).replaceAll("\\p{C}", "\ufffd");
  }

  private static String certificate(Throwable failure) {
    if (find(failure, CertificateExpiredException.class) != null) {
      return "its certificate has expired";
    }
    if (find(failure, CertPathBuilderException.class) != null) {
      return "its certificate is signed by nobody who is trusted here; if you trust its authority,"
          + " name the authority's certificate with --cacert FILE";
    }
    CertificateException other = find(failure, CertificateException.class);
    if (other != null) {
      return "its certificate is not accepted: " + other.getMessage();
    }
    String message = String.valueOf(find(failure, SSLException.class).getMessage());
    return message.contains("plaintext connection") || message.contains("Unsupported or unrec")
        ? "it does not speak TLS; write http:// before it"
        : "TLS fails: " + message;
  }

  private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return type.cast(each);
      }
    }
    return null;
  }
}
