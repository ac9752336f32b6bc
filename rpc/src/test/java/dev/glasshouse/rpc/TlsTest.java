package dev.glasshouse.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.TestCertificate;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.rpc.client.Authorities;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.ClientException;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.HttpLogReader;
import dev.glasshouse.rpc.client.KnownLogs;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service that speaks TLS, and what clients say of the certificates that they meet. */
@Timeout(60)
class TlsTest {
  private static final String SCRIPT = "let n = 0; exports.add = () => ++n";

  @TempDir static Path made;
  private static TestCertificate first;
  private static TestCertificate second;
  private static TestCertificate elsewhere;
  private static SSLContext both;
  private static SSLContext before;

  @TempDir private Path dir;

  @BeforeAll
  static void trust() throws Exception {
    first = TestCertificate.make(made, "first");
    second = TestCertificate.make(made, "second");
    elsewhere = TestCertificate.make(made, "elsewhere", "elsewhere.example");
    Path all = made.resolve("both");
    Files.writeString(
        all, Files.readString(first.certificate()) + Files.readString(second.certificate()));
    both = Authorities.with(all);
    Path trusted = made.resolve("trusted");
    Files.writeString(
        trusted, Files.readString(first.certificate()) + Files.readString(elsewhere.certificate()));
    before = SSLContext.getDefault();
    SSLContext.setDefault(Authorities.with(trusted));
  }

  @AfterAll
  static void forget() {
    SSLContext.setDefault(before);
  }

  /** The same certificate in files that this test may change. */
  private TestCertificate copy(TestCertificate shown) throws Exception {
    TestCertificate own = new TestCertificate(dir.resolve("tls.pem"), dir.resolve("tls.key"));
    Files.copy(shown.certificate(), own.certificate(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(shown.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);
    return own;
  }

  private RunningHost serve(TestCertificate shown) throws Exception {
    return HostSetup.of(dir.resolve("log"), SCRIPT).tls(shown).start();
  }

  private Client client(HostAddress address) {
    Identity identity = Identity.generate(new SecureRandom());
    return Client.signed(address, identity, null, new KnownLogs(dir.resolve("home")));
  }

  /** The name in the certificate that a host shows to a new client. */
  private static String shown(RunningHost host) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            both.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), host.service().port())) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    }
  }

  private static boolean look(RunningHost host) {
    return host.service().lookAtCertificate().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void callsAndReadersComeByTls() throws Exception {
    try (RunningHost host = serve(first);
        Client client = client(HostAddress.parse("wss://localhost:" + host.service().port()))) {
      assertEquals("1", client.call("add", "[]").value());
      assertTrue(host.address().toString().startsWith("https://127.0.0.1:"));
      assertEquals(2, new HttpLogReader(host.address()).entries(0, 2).size());
      HttpLogReader atUrl = new HttpLogReader(URI.create(host.address().toString()));
      assertFalse(atUrl.isCopy());
      assertEquals(2, atUrl.entries(0, 2).size());
    }
  }

  @Test
  void aNewCertificateIsTakenUpAndABrokenOneIsNot() throws Exception {
    TestCertificate own = copy(first);
    try (RunningHost host = serve(own);
        Client client = client(host.address())) {
      assertFalse(look(host), "nothing has changed");
      // Half of a replacement: the key is still the old one's.
      Files.copy(second.certificate(), own.certificate(), StandardCopyOption.REPLACE_EXISTING);
      assertFalse(look(host));
      assertEquals("CN=first", shown(host));
      Files.copy(second.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);
      assertTrue(look(host));
      assertEquals("CN=second", shown(host));
      assertEquals("1", client.call("add", "[]").value(), "who is connected stays so");
      for (String broken : new String[] {"", "nonsense", Files.readString(own.key())}) {
        Files.writeString(own.certificate(), broken);
        assertFalse(look(host), broken);
        assertFalse(look(host), broken);
      }
      Files.delete(own.certificate());
      assertFalse(look(host));
      assertEquals("CN=second", shown(host));
      copy(first);
      assertTrue(look(host));
      assertEquals("CN=first", shown(host));
    }
  }

  @Test
  void aHostDoesNotStartWithoutItsCertificate() throws Exception {
    TestCertificate mixed = new TestCertificate(first.certificate(), second.key());
    ModuleException e = assertThrows(ModuleException.class, () -> serve(mixed).close());
    assertEquals(
        "cannot serve TLS: the key in "
            + second.key()
            + " is not that of the certificate in "
            + first.certificate(),
        e.getMessage());
    TestCertificate swapped = new TestCertificate(first.key(), first.certificate());
    assertThrows(ModuleException.class, () -> serve(swapped).close());
    TestCertificate absent = new TestCertificate(dir.resolve("none"), first.key());
    ModuleException none = assertThrows(ModuleException.class, () -> serve(absent).close());
    assertTrue(none.getMessage().contains("cannot read " + dir.resolve("none")), none.getMessage());
  }

  @Test
  void clientsSayWhatIsWrong() throws Exception {
    try (RunningHost plain = HostSetup.of(dir.resolve("plain"), SCRIPT).start();
        RunningHost trusted = serve(first);
        RunningHost untrusted = HostSetup.of(dir.resolve("other"), SCRIPT).tls(second).start();
        RunningHost other = HostSetup.of(dir.resolve("more"), SCRIPT).tls(elsewhere).start()) {
      assertSaid("signed by nobody who is trusted here", untrusted.address());
      assertSaid(
          "it does not speak TLS; write http:// before it",
          new HostAddress(true, "127.0.0.1", plain.service().port(), ""));
      assertSaid(
          "If it speaks TLS, write https:// before it",
          new HostAddress("127.0.0.1", trusted.service().port()));
      assertSaid("its certificate is not accepted: ", other.address());
      assertSaid("running", new HostAddress(true, "127.0.0.1", 1, ""));
    }
  }

  @Test
  void aHostBehindAServerIsFoundBelowItsPath() throws Exception {
    String files =
        "exports.put = () => System.files.mkdir('/d').then(() => System.files.writeFile('/d/a',"
            + " 'b'))";
    try (RunningHost host = HostSetup.of(dir.resolve("log"), files).start();
        PrefixProxy proxy = new PrefixProxy("/apps/counter", host.service().port(), first)) {
      String url = "https://localhost:" + proxy.port() + "/apps/counter";
      try (Client client = client(HostAddress.parse(url + "/"))) {
        assertEquals("null", client.call("put", "[]").value());
      }
      for (HttpLogReader reader :
          List.of(new HttpLogReader(HostAddress.parse(url)), new HttpLogReader(URI.create(url)))) {
        assertEquals(2, reader.entries(0, 2).size());
        assertEquals(List.of("a"), reader.directory("/d/", Optional.empty()));
        assertEquals("b", new String(reader.file("/d/a", Optional.empty()), UTF_8));
      }
      HttpClient browser =
          HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();
      for (String path : List.of("/files", "/files/", "/files/d")) {
        HttpResponse<String> shown =
            browser.send(
                HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString());
        assertEquals(200, shown.statusCode(), path);
        assertTrue(shown.uri().toString().startsWith(url + "/files/"), shown.uri().toString());
        assertTrue(shown.body().contains("<h1>Files /"), shown.body());
      }
      String front =
          browser
              .send(HttpRequest.newBuilder(URI.create(url + "/")).build(), BodyHandlers.ofString())
              .body();
      assertFalse(front.contains("href=\"/"), front);
    }
  }

  @Test
  void theAddressThatIsToldIsThePublicOne() throws Exception {
    try (RunningHost host =
            HostSetup.of(dir.resolve("log"), SCRIPT)
                .debug()
                .publicUrl("https://example.org/counter")
                .start();
        Talk talk = Talk.to(host)) {
      assertEquals(
          "https://example.org/counter/files/",
          Json.at(talk.call("handshake", "[]"), "result", "filesArchiveUrl"));
    }
  }

  private void assertSaid(String reason, HostAddress address) {
    String calling = assertThrows(ClientException.class, () -> client(address)).getMessage();
    assertTrue(calling.contains(reason), calling);
    String reading =
        assertThrows(UnreachableException.class, () -> new HttpLogReader(address).checkpoint())
            .getMessage();
    assertTrue(reading.contains(reason), reading);
  }
}
