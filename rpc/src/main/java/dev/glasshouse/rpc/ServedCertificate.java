package dev.glasshouse.rpc;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.X509KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that a service shows, as it is in two files. New files take its place once they
 * hold a certificate and the key that belongs to it; until then the old certificate stays.
 */
public final class ServedCertificate {
  /** How often the files are looked at. */
  private static final long LOOK_MILLIS = 5000;

  private static final Logger LOG = LoggerFactory.getLogger(ServedCertificate.class);
  private static final int MAX_FILE = 1 << 20;

  private final Vertx vertx;
  private final TlsFiles files;
  private Pem served;
  private String complaint;
  private boolean hasComplained;

  @SuppressWarnings("ArrayRecordComponent") // compared by content, in isSameAs
  private record Pem(byte[] certificate, byte[] key) {
    boolean isSameAs(Pem other) {
      return Arrays.equals(certificate, other.certificate) && Arrays.equals(key, other.key);
    }

    PemKeyCertOptions options() {
      return new PemKeyCertOptions()
          .addCertValue(Buffer.buffer(certificate))
          .addKeyValue(Buffer.buffer(key));
    }
  }

  /** What is not to be served; the message is a sentence. */
  private static final class BrokenException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Reads the files.
   *
   * @throws ModuleException if they do not hold a certificate and its key
   */
  public ServedCertificate(Vertx vertx, TlsFiles files) {
    this.vertx = vertx;
    this.files = files;
    try {
      served = read();
      X509Certificate certificate = check(served);
      if (certificate.getNotAfter().toInstant().isBefore(java.time.Instant.now())) {
        LOG.warn("the certificate in {} has expired", files.certificate());
      }
    } catch (BrokenException e) {
      throw new ModuleException("cannot serve TLS: " + e.getMessage(), e);
    }
  }

  /** The same for a server that speaks TLS alone, with this certificate. */
  public HttpServerOptions secured(HttpServerOptions options) {
    return options.setSsl(true).setKeyCertOptions(options());
  }

  /** Has such a server take up new certificates, from now on until Vert.x is closed. */
  public void renew(HttpServer server) {
    vertx.setPeriodic(LOOK_MILLIS, timer -> look(server));
  }

  /** Takes up the certificate that is in the files, if it is another and is one. */
  Future<Boolean> look(HttpServer server) {
    return vertx
        .executeBlocking(this::look)
        .compose(
            isNew ->
                isNew
                    ? server.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(options()))
                    : Future.succeededFuture(false))
        .onFailure(e -> LOG.error("the certificate could not be replaced", e));
  }

  private synchronized PemKeyCertOptions options() {
    return served.options();
  }

  // True if there is something new to serve with.
  private synchronized boolean look() {
    try {
      Pem read = read();
      if (!read.isSameAs(served)) {
        X509Certificate certificate = check(read);
        LOG.info("there is a new certificate, valid until {}", certificate.getNotAfter());
        served = read;
        complaint = null;
        return true;
      }
      complaint = null;
    } catch (BrokenException e) {
      // Two files are not replaced in one moment: what does not fit when it is first seen may yet.
      if (!e.getMessage().equals(complaint)) {
        complaint = e.getMessage();
        hasComplained = false;
      } else if (!hasComplained) {
        hasComplained = true;
        LOG.warn("the old certificate is served on: {}", complaint);
      }
    }
    return false;
  }

  private Pem read() throws BrokenException {
    return new Pem(read(files.certificate()), read(files.key()));
  }

  private static byte[] read(Path file) throws BrokenException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_FILE);
    } catch (IOException e) {
      throw new BrokenException("cannot read " + file + " (" + e + ")", e);
    }
  }

  // The service's own certificate.
  private X509Certificate check(Pem pem) throws BrokenException {
    PrivateKey key;
    X509Certificate certificate;
    try {
      PemKeyCertOptions options = pem.options();
      String alias = options.loadKeyStore(vertx).aliases().nextElement();
      var keys = (X509KeyManager) options.getKeyManagerFactory(vertx).getKeyManagers()[0];
      key = keys.getPrivateKey(alias);
      certificate = keys.getCertificateChain(alias)[0];
    } catch (Exception e) {
      throw new BrokenException(
          files.certificate()
              + " and "
              + files.key()
              + " are not a certificate and a key in PEM: "
              + e.getMessage(),
          e);
    }
    if (!isPair(key, certificate.getPublicKey())) {
      throw new BrokenException(
          "the key in " + files.key() + " is not that of the certificate in " + files.certificate(),
          null);
    }
    return certificate;
  }

  private static boolean isPair(PrivateKey key, PublicKey other) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      byte[] message = {1};
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(other);
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
