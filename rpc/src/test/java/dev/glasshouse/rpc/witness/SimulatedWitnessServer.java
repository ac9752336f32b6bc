package dev.glasshouse.rpc.witness;

import java.net.URI;

/** What a witness answers, without a socket. */
public final class SimulatedWitnessServer {
  private SimulatedWitnessServer() {}

  /**
   * Answers a request.
   *
   * @param body of a submission, or null for what is read
   */
  public static WitnessHttp.Response answer(Witness witness, URI address, byte[] body) {
    String path = address.getPath();
    WitnessReply reply =
        body != null ? witness.add(body) : witness.checkpoint(path.split("/", -1)[1]);
    return new WitnessHttp.Response(reply.status(), reply.body());
  }
}
