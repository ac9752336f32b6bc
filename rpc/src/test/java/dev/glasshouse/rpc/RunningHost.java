package dev.glasshouse.rpc;

import dev.glasshouse.rpc.client.HostAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;

/** A host that runs in this process. */
public record RunningHost(HostedModule module, Service service, ExecutorService verifiers)
    implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Where clients find it. */
  public HostAddress address() {
    return new HostAddress(service.isSecure(), "127.0.0.1", service.port(), "");
  }

  /** The number of entries. */
  public long size() {
    return module.log().head().size();
  }

  HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    return request("GET", path, headers);
  }

  HttpResponse<byte[]> request(String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + address() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return HTTP.send(request.build(), BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    service.close();
    module.close();
    verifiers.shutdown();
  }
}
