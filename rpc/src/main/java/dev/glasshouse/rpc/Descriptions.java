package dev.glasshouse.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a host says of itself, as JSON text. None of it is to be believed without the log. */
final class Descriptions {
  private static final JsonFactory JSON = new JsonFactory();

  private Descriptions() {}

  /** The exported methods as an OpenRPC document (open-rpc.org). */
  static String openRpc(HostedModule module) {
    List<Object> methods = new ArrayList<>();
    for (Map.Entry<String, Integer> method : methods(module).entrySet()) {
      List<Object> params = new ArrayList<>();
      for (int i = 0; i < method.getValue(); i++) {
        params.add(Map.of("name", "arg" + i, "schema", Map.of()));
      }
      methods.add(
          Map.of(
              "name",
              method.getKey(),
              "paramStructure",
              "by-position",
              "params",
              params,
              "result",
              Map.of("name", "result", "schema", Map.of())));
    }
    GenesisEntry genesis = module.log().genesis();
    return text(
        Map.of(
            "info",
            Map.of("title", genesis.title(), "version", module.log().id().hex()),
            "methods",
            methods,
            "openrpc",
            "1.3.2"));
  }

  /** The result of {@code rpc.info}. */
  static String hostInfo(HostedModule module) {
    CallLog log = module.log();
    GenesisEntry genesis = log.genesis();
    Map<String, Object> map = new TreeMap<>();
    map.put("auth", genesis.debug() ? "debug" : "signed");
    map.put("checkpoint", new String(module.checkpoint().format(), StandardCharsets.UTF_8));
    map.put("files", module.files().rootHash().hex());
    map.put("genesis", new String(log.store().entry(0), StandardCharsets.UTF_8));
    map.put("host", genesis.host().format());
    map.put("log", log.id().hex());
    map.put("origin", genesis.origin());
    map.put("title", genesis.title());
    return text(map);
  }

  /** The result of NodeVMS's {@code handshake}. */
  static String handshake(HostedModule module, String base) {
    return text(
        Map.of(
            "callLogUrl",
            base + "/checkpoint",
            "filesArchiveUrl",
            base + "/files/",
            "methods",
            new ArrayList<>(methods(module).keySet())));
  }

  /** The result of {@code rpc.consistency}. */
  static String consistency(HostedModule module, long from, long to) {
    List<Object> proof = new ArrayList<>();
    for (Hash hash : module.log().consistency(from, to)) {
      proof.add(hash.base64());
    }
    return text(Map.of("proof", proof));
  }

  /** The exported methods and how many parameters each declares. */
  private static Map<String, Integer> methods(HostedModule module) {
    Map<String, Integer> methods = new TreeMap<>();
    try (JsonParser parser = JSON.createParser(module.methods())) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        methods.put(parser.nextTextValue(), parser.nextIntValue(0));
        parser.nextToken();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return methods;
  }

  private static String text(Object value) {
    return new String(CanonicalJson.format(value), StandardCharsets.UTF_8);
  }
}
