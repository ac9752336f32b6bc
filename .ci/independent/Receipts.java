import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.TlogProof;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.KnownLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/**
 * Makes signed calls of a counter, and keeps what their caller is left with: {@code N.receipt} and
 * {@code N.tlog-proof} for the call at index N.
 *
 * <p>Arguments: ADDRESS LOG-ID DIR CALLS.
 */
final class Receipts {
  private Receipts() {}

  public static void main(String[] args) throws IOException {
    Path dir = Files.createDirectories(Path.of(args[2]));
    Identity caller = Identity.generate(new SecureRandom());
    KnownLogs known = new KnownLogs(Files.createTempDirectory(dir, "home"));
    HostAddress host = HostAddress.parse(args[0]);
    try (Client client = Client.signed(host, caller, Hash.parseHex(args[1]), known)) {
      for (int i = Integer.parseInt(args[3]); i > 0; i--) {
        Receipt receipt = client.callForReceipt(List.of(new MethodCall("increment", "[]")));
        TlogProof proof = new TlogProof(receipt.index(), receipt.proof(), receipt.checkpoint());
        Files.write(dir.resolve(receipt.index() + ".receipt"), receipt.format());
        Files.write(dir.resolve(receipt.index() + ".tlog-proof"), proof.format());
      }
    }
  }
}
