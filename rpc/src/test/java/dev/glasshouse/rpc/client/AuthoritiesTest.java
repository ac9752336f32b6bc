package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.TestCertificate;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that a person trusts beside Java's own. */
class AuthoritiesTest {
  @TempDir Path dir;

  private static Set<Certificate> ofJava() throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    X509Certificate[] issuers =
        ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers();
    return new HashSet<>(List.of(issuers));
  }

  private static Certificate certificate(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  @Test
  void areJavasAndThoseOfTheFile() throws Exception {
    Path first = TestCertificate.make(dir, "first").certificate();
    Path second = TestCertificate.make(dir, "second").certificate();
    Path both = dir.resolve("both");
    Files.writeString(both, Files.readString(first) + Files.readString(second));
    Set<Certificate> expected = ofJava();
    expected.add(certificate(first));
    expected.add(certificate(second));

    KeyStore store = Authorities.store(both);

    Set<Certificate> found = new HashSet<>();
    for (String alias : Collections.list(store.aliases())) {
      found.add(store.getCertificate(alias));
    }
    assertEquals(expected, found);
    assertNotNull(Authorities.with(both).getSocketFactory());
  }

  @Test
  void fileWithoutACertificateIsRefused() throws Exception {
    Path file = dir.resolve("file");
    String key = Files.readString(TestCertificate.make(dir, "made").key());
    for (String text : List.of("", "nonsense", key)) {
      Files.writeString(file, text);
      MalformedException e =
          assertThrows(MalformedException.class, () -> Authorities.with(file), text);
      assertEquals(0, e.getMessage().indexOf(file + " holds no certificate"), e.getMessage());
    }
    Files.delete(file);
    assertThrows(NoSuchFileException.class, () -> Authorities.with(file));
  }
}
