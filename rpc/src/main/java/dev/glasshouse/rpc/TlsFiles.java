package dev.glasshouse.rpc;

import java.nio.file.Path;

/**
 * What a service shows that it is who it says it is. Both are PEM and are read again when they
 * change.
 *
 * @param certificate the service's own first, then those that lead to an authority
 * @param key PKCS#8, or an RSA or EC key in the forms that OpenSSL writes; not encrypted
 */
public record TlsFiles(Path certificate, Path key) {}
