package dev.glasshouse.vm.sandbox;

import dev.glasshouse.calllog.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The files that every guest starts from: the interpreter and the bootstrap script. A genesis entry
 * pins both by hash.
 */
public final class GuestImage {
  private static final GuestImage BUNDLED =
      new GuestImage(resource("quickjs.wasm"), resource("guest.js"));

  private final byte[] interpreter;
  private final byte[] bootstrap;
  private final Hash interpreterHash;
  private final Hash bootstrapHash;

  private GuestImage(byte[] interpreter, byte[] bootstrap) {
    this.interpreter = interpreter;
    this.bootstrap = bootstrap;
    this.interpreterHash = Hash.of(interpreter);
    this.bootstrapHash = Hash.of(bootstrap);
  }

  /** The interpreter and bootstrap script that this build carries. */
  public static GuestImage bundled() {
    return BUNDLED;
  }

  /** The bundled interpreter with another bootstrap script, for guests that are no modules. */
  public static GuestImage withBootstrap(String source) {
    return new GuestImage(BUNDLED.interpreter, source.getBytes(StandardCharsets.UTF_8));
  }

  /** QuickJS-ng as WebAssembly. */
  public byte[] interpreter() {
    return interpreter.clone();
  }

  /** The UTF-8 source of the bootstrap script. */
  public byte[] bootstrap() {
    return bootstrap.clone();
  }

  /** SHA-256 of the interpreter. */
  public Hash interpreterHash() {
    return interpreterHash;
  }

  /** SHA-256 of the bootstrap script. */
  public Hash bootstrapHash() {
    return bootstrapHash;
  }

  private static byte[] resource(String name) {
    try (InputStream in = GuestImage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            name + " is missing from this build; build with Maven, which fetches it");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + name + " from this build", e);
    }
  }
}
