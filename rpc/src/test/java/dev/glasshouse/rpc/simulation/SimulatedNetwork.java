package dev.glasshouse.rpc.simulation;

import dev.glasshouse.rpc.SimulatedSession;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The network between clients and host. Frames take their time, each its own, so that they overtake
 * each other; they get lost, and come twice. What is on its way over a connection is lost when that
 * is cut; but somebody has recorded all frames, and sends some again, whenever he likes.
 */
final class SimulatedNetwork {
  private static final int OF = 1000;
  private static final int MAX_PAUSE_NANOS = 40_000_000;

  private final Schedule schedule;
  private final List<Link> links = new ArrayList<>();
  private int losing;
  private int doubling;
  private int maxDelay;
  private SimulatedSession host;
  private final List<Recorded> recorded = new ArrayList<>();

  private record Recorded(String frame, Consumer<String> client) {}

  /** A connection. */
  final class Link {
    private final SimulatedSession session;
    private final Consumer<String> client;
    private boolean open = true;

    private Link(SimulatedSession session, Consumer<String> client) {
      this.session = session;
      this.client = client;
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
      recorded.add(new Recorded(frame, client));
      carry(() -> deliver(session, frame));
    }

    private void deliver(SimulatedSession to, String frame) {
      var unused = to.answer(frame).thenAccept(text -> carry(() -> client.accept(text)));
    }

    // This side of the network: what is answered by the host's threads comes out of an event.
    private void carry(Runnable delivery) {
      int fate = schedule.dice().nextInt(OF);
      int copies = fate < losing ? 0 : fate < losing + doubling ? 2 : 1;
      for (int i = 0; i < copies; i++) {
        schedule.after(
            schedule.dice().nextInt(maxDelay),
            () -> {
              if (open) {
                delivery.run();
              }
            });
      }
    }
  }

  SimulatedNetwork(Schedule schedule) {
    this.schedule = schedule;
    replay();
  }

  private void replay() {
    schedule.after(schedule.dice().nextInt(MAX_PAUSE_NANOS), this::replay);
    if (host != null && doubling > 0 && !recorded.isEmpty()) {
      Recorded chosen = recorded.get(schedule.dice().nextInt(recorded.size()));
      new Link(host, chosen.client()).deliver(host, chosen.frame());
    }
  }

  /** Of a thousand frames so many are lost, and so many come twice. */
  void behave(int lost, int twice, int delayNanos) {
    losing = lost;
    doubling = twice;
    maxDelay = delayNanos;
  }

  /** The host is there, or no longer: then all connections are cut. */
  void host(SimulatedSession session) {
    host = session;
    if (session == null) {
      List.copyOf(links).forEach(Link::cut);
    }
  }

  /** Connects a client; null if no host is there. */
  Link connect(SimulatedSession session, Consumer<String> client) {
    Link link = new Link(session, client);
    links.add(link);
    return link;
  }
}
