package dev.glasshouse.calllog;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** A self-signed certificate and its key, in two PEM files. */
public record TestCertificate(Path certificate, Path key) {
  private static final Duration DAY = Duration.ofDays(1);

  /** Makes {@code name.pem} and {@code name.key}, for localhost and 127.0.0.1. */
  public static TestCertificate make(Path dir, String name)
      throws IOException, GeneralSecurityException {
    return make(dir, name, "localhost");
  }

  /**
   * Makes {@code name.pem} and {@code name.key}.
   *
   * @param host that it is for, besides 127.0.0.1 if that is localhost
   */
  public static TestCertificate make(Path dir, String name, String host)
      throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    return new TestCertificate(
        pem(dir.resolve(name + ".pem"), "CERTIFICATE", signed(pair, name, host)),
        pem(dir.resolve(name + ".key"), "PRIVATE KEY", pair.getPrivate().getEncoded()));
  }

  private static byte[] signed(KeyPair pair, String name, String host)
      throws IOException, GeneralSecurityException {
    AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    GeneralName[] names = {new GeneralName(GeneralName.dNSName, host)};
    if (host.equals("localhost")) {
      names = new GeneralName[] {names[0], new GeneralName(GeneralName.iPAddress, "127.0.0.1")};
    }
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    V3TBSCertificateGenerator unsigned = new V3TBSCertificateGenerator();
    unsigned.setSerialNumber(new ASN1Integer(BigInteger.ONE));
    unsigned.setSignature(algorithm);
    unsigned.setIssuer(new X500Name("CN=" + name));
    unsigned.setSubject(new X500Name("CN=" + name));
    Instant now = Instant.now();
    unsigned.setStartDate(new Time(Date.from(now.minus(DAY))));
    unsigned.setEndDate(new Time(Date.from(now.plus(DAY))));
    unsigned.setSubjectPublicKeyInfo(
        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
    unsigned.setExtensions(extensions.generate());
    var body = unsigned.generateTBSCertificate();
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(body.getEncoded("DER"));
    ASN1EncodableVector parts = new ASN1EncodableVector();
    parts.add(body);
    parts.add(algorithm);
    parts.add(new DERBitString(signature.sign()));
    return new DERSequence(parts).getEncoded("DER");
  }

  private static Path pem(Path file, String kind, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
  }
}
