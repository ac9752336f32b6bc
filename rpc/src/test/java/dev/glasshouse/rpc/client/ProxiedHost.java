package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.rpc.HostSetup;
import dev.glasshouse.rpc.RunningHost;
import dev.glasshouse.vm.ScriptException;
import java.io.IOException;
import java.nio.file.Path;

/** A host, the bad line to it, and a client at the other end. */
record ProxiedHost(RunningHost host, Proxy proxy, Client client) implements AutoCloseable {

  /** Starts a host; its client keeps what it knows in {@code home}. */
  static ProxiedHost start(HostSetup setup, Path home) throws ScriptException, IOException {
    RunningHost host = setup.start();
    Proxy proxy = new Proxy(host.service().port());
    Identity identity = Identity.ofSeed(new byte[Identity.SEED_BYTES]);
    Client client = Client.signed(proxy.address(), identity, null, new KnownLogs(home));
    return new ProxiedHost(host, proxy, client);
  }

  @Override
  public void close() {
    client.close();
    proxy.close();
    host.close();
  }
}
