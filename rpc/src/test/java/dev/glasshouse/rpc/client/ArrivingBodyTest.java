package dev.glasshouse.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A body of which each arrival is given by hand. */
@Timeout(10)
class ArrivingBodyTest {
  private final ArrivingBody body = new ArrivingBody(Duration.ofSeconds(30), 1 << 20);
  private long asked;
  private int cancelled;

  private final Flow.Subscription subscription =
      new Flow.Subscription() {
        @Override
        public void request(long lists) {
          asked += lists;
        }

        @Override
        public void cancel() {
          cancelled++;
        }
      };

  @BeforeEach
  void subscribe() {
    body.onSubscribe(subscription);
  }

  private static List<ByteBuffer> buffers(String... texts) {
    return Arrays.stream(texts).map(text -> ByteBuffer.wrap(text.getBytes(UTF_8))).toList();
  }

  private String read(int length) throws IOException {
    byte[] bytes = new byte[length + 2];
    int count = body.read(bytes, 1, length);
    assertEquals(0, bytes[0]);
    assertEquals(0, bytes[length + 1]);
    return new String(bytes, 1, count, UTF_8);
  }

  @Test
  void isReadAsItCame() throws IOException {
    body.onNext(buffers("one", "two"));
    assertEquals("on", read(2));
    assertEquals("e", read(9), "what is there, and no wait for more");
    assertEquals('t', body.read());
    assertEquals("wo", read(2));
    body.onNext(buffers("three"));
    body.onComplete();
    assertArrayEquals("three".getBytes(UTF_8), body.readAllBytes());
    assertEquals(-1, body.read());
    assertEquals(-1, body.read());
  }

  @Test
  void bytesAreNotTakenForTheEnd() throws IOException {
    body.onNext(List.of(ByteBuffer.wrap(new byte[] {-1})));
    assertEquals(0xff, body.read());
  }

  @Test
  void moreIsAskedForWhenAllIsRead() throws IOException {
    assertEquals(1, asked);
    body.onNext(buffers("one", "two"));
    read(3);
    read(3);
    assertEquals(1, asked);
    body.onNext(buffers("three"));
    read(1);
    assertEquals(2, asked);
  }

  @Test
  void nothingIsReadAtOnce() throws IOException {
    assertEquals(0, body.read(new byte[3], 0, 0));
  }

  @Test
  void aFailureIsToldOnce() throws IOException {
    IOException lost = new IOException("lost");
    body.onNext(buffers("x"));
    body.onError(lost);
    assertEquals("x", read(1));
    IOException e = assertThrows(IOException.class, body::read);
    assertEquals("lost", e.getMessage());
    assertSame(lost, e.getCause());
    assertEquals(-1, body.read());
  }

  @Test
  void whatIsTooSlowIsGivenUp() throws IOException {
    ArrivingBody hasty = new ArrivingBody(Duration.ofMillis(1), 1 << 20);
    hasty.onSubscribe(subscription);
    assertEquals(
        "it answers too slowly", assertThrows(IOException.class, hasty::read).getMessage());
    assertEquals(1, cancelled);
    assertEquals(-1, hasty.read());
  }

  @Test
  void bytesThatCameBuyTime() throws Exception {
    // A second for each byte, and none besides: the second byte may be waited for.
    ArrivingBody patient = new ArrivingBody(Duration.ZERO, 1);
    patient.onSubscribe(subscription);
    patient.onNext(buffers("x".repeat(9)));
    assertEquals(9, patient.readNBytes(9).length);
    Thread waiting = Thread.currentThread();
    Thread giving =
        new Thread(
            () -> {
              while (waiting.getState() == Thread.State.RUNNABLE) {
                Thread.onSpinWait();
              }
              patient.onNext(buffers("y"));
            });
    giving.start();
    assertEquals('y', patient.read());
    giving.join();
  }

  @Test
  void whoeverWaitsMayBeInterrupted() {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, body::read);
    assertTrue(Thread.interrupted());
    assertEquals(1, cancelled);
  }

  @Test
  void whatIsClosedEarlyIsGivenUp() throws IOException {
    body.onNext(buffers("one"));
    body.close();
    body.close();
    assertEquals(1, cancelled);
    assertEquals(-1, body.read());
  }

  @Test
  void whatHasAllComeIsNotGivenUp() throws IOException {
    body.onComplete();
    assertEquals(-1, body.read());
    body.close();
    assertEquals(0, cancelled);
  }
}
