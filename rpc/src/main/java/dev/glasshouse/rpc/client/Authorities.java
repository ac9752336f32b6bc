package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whose certificates are believed where a host is spoken to by TLS. */
public final class Authorities {
  private Authorities() {}

  /**
   * Those that this Java trusts, and some more.
   *
   * @param file certificates in PEM
   * @throws IOException if it cannot be read
   * @throws MalformedException if it holds no certificate
   */
  public static SSLContext with(Path file) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trustManager(store(file))}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  /** The certificates of {@link #with}. */
  static KeyStore store(Path file) throws IOException, GeneralSecurityException {
    KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
    all.load(null, null);
    int count = 0;
    for (Certificate each : read(file)) {
      all.setCertificateEntry("own-" + count++, each);
    }
    for (X509Certificate each : trustManager(null).getAcceptedIssuers()) {
      all.setCertificateEntry("java-" + count++, each);
    }
    return all;
  }

  private static Collection<? extends Certificate> read(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new MalformedException(file + " holds no certificate in PEM");
      }
      return certificates;
    } catch (CertificateException e) {
      throw new MalformedException(file + " holds no certificates in PEM: " + e.getMessage(), e);
    }
  }

  // Those of a key store; with null, of Java's own.
  private static X509TrustManager trustManager(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }
}
