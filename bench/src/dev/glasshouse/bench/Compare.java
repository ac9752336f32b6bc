package dev.glasshouse.bench;

import dev.glasshouse.rpc.client.HostAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Measures services in rounds, one after the other within each round, and prints a table in
 * Markdown.
 *
 * <p>Arguments: ROUNDS SECONDS WARM-UP-SECONDS DIR, then for each service WORKLOAD SYSTEM ADDRESS
 * PROCESS-ID, with SYSTEM one of signed, debug, node.
 */
final class Compare {
  private static final int MANY = 64;
  private static final int CONNECTIONS = 8;
  private static final String PEER = "node";

  private record Service(
      String workload, String system, Target one, Target several, ProcessHandle process) {
    Duration cpu() {
      return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    void close() {
      one.close();
      several.close();
    }

    /** MiB of the process that are in memory. */
    long residentMiB() {
      try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
        String line = lines.filter(found -> found.startsWith("VmRSS")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** One line of the table: a service, its connections and calls in flight, measured in each round. */
  private static final class Line {
    private final Service service;
    private final int connections;
    private final int inFlight;
    private final List<Load.Measured> rounds = new ArrayList<>();
    private Duration serviceCpu = Duration.ZERO;
    private Duration callerCpu = Duration.ZERO;
    private long residentMiB;

    Line(Service service, int connections, int inFlight) {
      this.service = service;
      this.connections = connections;
      this.inFlight = inFlight;
    }

    void measure(double seconds) {
      Duration before = service.cpu();
      Duration callerBefore = ownCpu();
      Target target = connections == 1 ? service.one() : service.several();
      rounds.add(Load.forSeconds(target, inFlight, seconds));
      serviceCpu = serviceCpu.plus(service.cpu().minus(before));
      callerCpu = callerCpu.plus(ownCpu().minus(callerBefore));
      residentMiB = Math.max(residentMiB, service.residentMiB());
    }

    double callsPerSecond() {
      return Load.median(rounds.stream().mapToDouble(Load.Measured::callsPerSecond).toArray());
    }

    double percentile(double share) {
      return Load.median(rounds.stream().mapToDouble(round -> round.percentile(share)).toArray());
    }

    String row(double peer) {
      double slowest =
          rounds.stream().mapToDouble(Load.Measured::callsPerSecond).min().orElseThrow();
      double fastest =
          rounds.stream().mapToDouble(Load.Measured::callsPerSecond).max().orElseThrow();
      long calls = rounds.stream().mapToLong(Load.Measured::calls).sum();
      return String.format(
          Locale.ROOT,
          "| %s | %d | %d | %s | %.0f | %.0f-%.0f | %.2f | %.2f | %.2f | %.0f | %.0f | %d |",
          service.workload(),
          inFlight,
          connections,
          service.system(),
          callsPerSecond(),
          slowest,
          fastest,
          percentile(0.5),
          percentile(0.99),
          callsPerSecond() / peer,
          serviceCpu.toNanos() / 1e3 / calls,
          callerCpu.toNanos() / 1e3 / calls,
          residentMiB);
    }
  }

  private Compare() {}

  public static void main(String[] args) throws IOException {
    int rounds = Integer.parseInt(args[0]);
    double seconds = Double.parseDouble(args[1]);
    double warmUp = Double.parseDouble(args[2]);
    Path dir = Path.of(args[3]);
    List<Service> services = new ArrayList<>();
    for (int i = 4; i < args.length; i += 4) {
      services.add(service(args[i], args[i + 1], args[i + 2], Long.parseLong(args[i + 3]), dir));
    }
    List<Line> lines = new ArrayList<>();
    services.forEach(service -> lines.add(new Line(service, 1, 1)));
    services.forEach(service -> lines.add(new Line(service, 1, MANY)));
    services.forEach(service -> lines.add(new Line(service, CONNECTIONS, MANY)));
    // Many calls at once first: they bring a Java service to its compiled code soonest.
    services.forEach(service -> Load.forSeconds(service.one(), MANY, warmUp));
    services.forEach(service -> Load.forSeconds(service.several(), MANY, warmUp / 4));
    services.forEach(service -> Load.forSeconds(service.one(), 1, warmUp / 4));
    DiskProbe disk = new DiskProbe(dir);
    for (int round = 0; round < rounds; round++) {
      disk.measure();
      lines.forEach(line -> line.measure(seconds));
      System.err.println("round " + (round + 1) + " of " + rounds + " is done");
    }
    print(lines);
    System.out.println("\n" + disk.line());
    services.forEach(Service::close);
  }

  private static Service service(
      String workload, String system, String address, long pid, Path dir) {
    HostAddress at = HostAddress.parse(address);
    boolean persistentPeer = system.equals(PEER) && workload.equals("persistent");
    String method = persistentPeer ? "incrementPersistent" : "increment";
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i <= CONNECTIONS; i++) {
      targets.add(
          system.equals("signed")
              ? new SignedTarget(at, dir.resolve("caller-" + workload))
              : new PlainTarget(at, method));
    }
    return new Service(
        workload,
        system,
        targets.get(0),
        new Connections(targets.subList(1, targets.size())),
        ProcessHandle.of(pid).orElseThrow());
  }

  private static void print(List<Line> lines) {
    System.out.println(
        "| counter | in flight | connections | system | calls/s | slowest-fastest round | p50 ms | p99 ms"
            + " | of Node | service CPU us/call | caller CPU us/call | most RSS MiB |");
    System.out.println("|---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (Line line : lines) {
      double peer =
          lines.stream()
              .filter(other -> other.inFlight == line.inFlight)
              .filter(other -> other.connections == line.connections)
              .filter(other -> other.service.workload().equals(line.service.workload()))
              .filter(other -> other.service.system().equals(PEER))
              .findFirst()
              .orElseThrow()
              .callsPerSecond();
      System.out.println(line.row(peer));
    }
  }

  private static Duration ownCpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
