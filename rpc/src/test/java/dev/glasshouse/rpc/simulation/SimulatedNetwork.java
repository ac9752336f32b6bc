package dev.glasshouse.rpc.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The network between clients and host. Frames take their time, each its own, so that they overtake
 * each other; they get lost, and come twice. What is on its way over a connection is lost when that
 * is cut; but somebody has recorded all frames, and sends some again, whenever he likes.
 */
final class SimulatedNetwork {
  private static final int OF = 1000;
  private static final int MAX_PAUSE_NANOS = 40_000_000;

  /** Somebody at the other end of a connection. */
  interface Receiver {
    /**
     * Takes what the host answers.
     *
     * @param covered the size of the largest tree that the quorum had cosigned when it left the
     *     host
     */
    void receive(String text, long covered);

    /** A frame of this one has reached the host. */
    default void delivered(String frame) {}
  }

  private final Schedule schedule;
  private final LongSupplier covered;
  private final List<Link> links = new ArrayList<>();
  private int losing;
  private int doubling;
  private int maxDelay;
  private Function<String, CompletableFuture<String>> host;
  private final List<Recorded> recorded = new ArrayList<>();

  private record Recorded(String frame, Receiver client) {}

  /** A connection. */
  final class Link {
    private final Function<String, CompletableFuture<String>> session;
    private final Receiver client;
    private final boolean recording;
    private boolean open = true;

    private Link(
        Function<String, CompletableFuture<String>> session, Receiver client, boolean recording) {
      this.session = session;
      this.client = client;
      this.recording = recording;
    }

    boolean isOpen() {
      return open;
    }

    void cut() {
      open = false;
      links.remove(this);
    }

    /** Sends a frame to the host. */
    void send(String frame) {
      if (recording) {
        recorded.add(new Recorded(frame, client));
      }
      carryIfOpen(() -> deliver(session, frame));
    }

    private void deliver(Function<String, CompletableFuture<String>> to, String frame) {
      client.delivered(frame);
      var unused = to.apply(frame).thenAccept(this::answer);
    }

    private void answer(String text) {
      if (text != null) {
        long then = covered.getAsLong();
        carryIfOpen(() -> client.receive(text, then));
      }
    }

    private void carryIfOpen(Runnable delivery) {
      carry(
          () -> {
            if (open) {
              delivery.run();
            }
          });
    }
  }

  /**
   * Connects nobody yet.
   *
   * @param covered gives the size of the largest tree that the quorum has cosigned
   */
  SimulatedNetwork(Schedule schedule, LongSupplier covered) {
    this.schedule = schedule;
    this.covered = covered;
    replay();
  }

  /** Delivers something after a while, twice, or never. What it does comes out of an event. */
  void carry(Runnable delivery) {
    int fate = schedule.dice().nextInt(OF);
    int copies = fate < losing ? 0 : fate < losing + doubling ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      schedule.after(schedule.dice().nextInt(maxDelay), delivery);
    }
  }

  private void replay() {
    schedule.after(schedule.dice().nextInt(MAX_PAUSE_NANOS), this::replay);
    if (host != null && doubling > 0 && !recorded.isEmpty()) {
      Recorded chosen = recorded.get(schedule.dice().nextInt(recorded.size()));
      new Link(host, chosen.client(), false).deliver(host, chosen.frame());
    }
  }

  /** Of a thousand frames so many are lost, and so many come twice. */
  void behave(int lost, int twice, int delayNanos) {
    losing = lost;
    doubling = twice;
    maxDelay = delayNanos;
  }

  /** The host is there, or no longer: then all connections are cut. */
  void host(Function<String, CompletableFuture<String>> session) {
    host = session;
    if (session == null) {
      List.copyOf(links).forEach(Link::cut);
    }
  }

  /**
   * Connects a client.
   *
   * @param session answers frames
   * @param recording whether what it sends may be sent again by somebody else
   */
  Link connect(
      Function<String, CompletableFuture<String>> session, Receiver client, boolean recording) {
    Link link = new Link(session, client, recording);
    links.add(link);
    return link;
  }
}
