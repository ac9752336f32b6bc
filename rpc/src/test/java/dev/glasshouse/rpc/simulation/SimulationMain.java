package dev.glasshouse.rpc.simulation;

/** Runs many seeds, or one: {@code SimulationMain COUNT FROM}. Ends with 1 if one of them fails. */
final class SimulationMain {
  private SimulationMain() {}

  public static void main(String[] args) {
    long count = Long.parseLong(args[0]);
    long from = Long.parseLong(args[1]);
    long begun = System.nanoTime();
    long failed = 0;
    long requests = 0;
    long starts = 0;
    long aborts = 0;
    long cosigned = 0;
    for (long seed = from; seed < from + count; seed++) {
      try {
        Simulation.Result result = Simulation.run(seed, Variant.AS_IT_IS);
        requests += result.requests();
        starts += result.starts();
        aborts += result.aborts();
        cosigned += result.cosigned();
        if (count == 1) {
          System.out.println(result);
        }
      } catch (RuntimeException | Error e) {
        failed++;
        System.out.println("seed " + seed + " fails: " + e);
        if (count == 1) {
          e.printStackTrace(System.out);
        }
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        "seeds %d to %d: %d failed; %d requests, %d starts of the host, %d aborts, %d cosigned"
            + " trees; %.1f seeds/s%n",
        from, from + count - 1, failed, requests, starts, aborts, cosigned, count / seconds);
    System.exit(failed == 0 ? 0 : 1);
  }
}
