package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.RightEdge;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TileHashReader;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * C2SP tlog-tiles: a host serves the partial tiles of every size for which it signed a checkpoint,
 * and with a minimum index of 0 all others too.
 */
class PartialTilesTest {
  private static final int SIZE = 600;

  @TempDir Path dir;

  @Test
  void runningHostServesThoseOfEverySize() throws Exception {
    try (RunningHost host = HostSetup.of(dir, "exports.tick = () => 1").debug().start()) {
      String tick = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tick\"}";
      try (Talk talk = Talk.to(host)) {
        while (host.size() < SIZE) {
          talk.ask("[" + (tick + ",").repeat(199) + tick + "]");
        }
      }
      Map<String, byte[]> served = new HashMap<>();
      RightEdge edge = new RightEdge();
      List<byte[]> bundle = new ArrayList<>();
      for (int size = 1; size <= SIZE; size++) {
        byte[] entry = host.module().log().store().entry(size - 1);
        edge.append(Merkle.leafHash(entry));
        if (bundle.size() == EntryBundle.FULL_WIDTH) {
          bundle.clear();
        }
        bundle.add(entry);
        assertEquals(edge.root(), root(size, host, served), "the root of " + size + " entries");
        EntryBundle last = EntryBundle.holding(size - 1, size);
        assertEquals(
            Hash.of(EntryBundle.encode(bundle)),
            Hash.of(get(host, "/" + last.path(), served)),
            last.path());
      }
      assertEquals(2 * SIZE, served.size(), "a bundle and a tile of each size");
    }
  }

  // From the partial tiles of this size alone, and full ones where there is none.
  private static Hash root(long size, RunningHost host, Map<String, byte[]> served) {
    return Proofs.root(
        size,
        new TileHashReader(
            (level, index) -> {
              Tile tile = Tile.holding(level, index, size);
              List<Hash> hashes = tile.decode(get(host, "/" + tile.path(), served));
              return hashes.get((int) (index % Tile.FULL_WIDTH));
            }));
  }

  private static byte[] get(RunningHost host, String path, Map<String, byte[]> served) {
    return served.computeIfAbsent(
        path,
        absent -> {
          try {
            HttpResponse<byte[]> response = host.get(path);
            assertEquals(200, response.statusCode(), path);
            assertEquals(
                "public, max-age=31536000, immutable",
                response.headers().firstValue("cache-control").orElse(""),
                path);
            return response.body();
          } catch (Exception e) {
            throw new AssertionError(path, e);
          }
        });
  }

  @Test
  void whatIsNotThereYetIsNotCached() throws Exception {
    try (RunningHost host = HostSetup.of(dir, "exports.tick = () => 1").debug().start()) {
      for (String path : new String[] {"/tile/0/001", "/tile/entries/000", "/blob/x", "/none"}) {
        HttpResponse<byte[]> response = host.get(path);
        assertTrue(response.statusCode() >= 400, path);
        assertEquals("no-store", response.headers().firstValue("cache-control").orElse(""), path);
      }
    }
  }
}
