package dev.glasshouse.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.MalformedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings of a host that may write what it likes. */
class ListingTest {
  @Test
  void namesAndIndexesAreRead() {
    String names = "{\"entries\":[{\"name\":\"b/\",\"x\":1},{\"name\":\"a\"}],\"path\":\"/\"}";
    assertEquals(List.of("b/", "a"), Listing.names(names.getBytes(UTF_8)));
    assertEquals(List.of(), Listing.names("{\"entries\":[]}".getBytes(UTF_8)));
    String images = "[{\"index\":9,\"pages\":3},{\"index\":4}]";
    assertEquals(List.of(9L, 4L), Listing.images(images.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "\"entries\"",
        "{\"entries\":{}}",
        "{\"entries\":[\"a\"]}",
        "{\"entries\":[{}]}",
        "{\"entries\":[{\"name\":1}]}"
      })
  void otherListingsOfFilesAreRefused(String json) {
    assertThrows(MalformedException.class, () -> Listing.names(json.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[1]", "[{}]", "[{\"index\":\"1\"}]"})
  void otherListingsOfImagesAreRefused(String json) {
    assertThrows(MalformedException.class, () -> Listing.images(json.getBytes(UTF_8)));
  }
}
