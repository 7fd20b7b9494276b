package dev.sluice.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate and its key that a test has made, as the PEM of secrets. Immutable. */
public record Pem(String certificate, String key) {

    /** Self-signed ones, that no broker knows. @param directory an empty one to make them in */
    public static Pem ofNobody(Path directory) {
        try {
            return ofClient(Certificates.make(Files.createDirectories(directory)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Pem ofClient(Certificates certificates) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            char[] password = Certificates.PASSWORD.toCharArray();
            try (InputStream file = Files.newInputStream(Path.of(certificates.keystore("client")))) {
                store.load(file, password);
            }
            return new Pem(of("CERTIFICATE", store.getCertificate("client").getEncoded()),
                    of("PRIVATE KEY", store.getKey("client", password).getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param kind what is between BEGIN and the dashes */
    public static String of(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END "
                + kind
                + "-----\n";
    }
}
