package dev.sluice.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Self-signed key pairs in a directory, made by the JDK's keytool: one for a broker on this machine, one for its client. Immutable. */
final class Certificates {

    static final String PASSWORD = "not-a-secret";
    static final String CLIENT = "CN=client";

    private final Path directory;

    private Certificates(Path directory) {
        this.directory = directory;
    }

    static Certificates make(Path directory) {
        run(directory, "-genkeypair", "-alias", "broker", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1",
                "-keystore", "broker.p12");
        run(directory, "-genkeypair", "-alias", "client", "-dname", CLIENT, "-keystore", "client.p12");
        run(directory, "-exportcert", "-rfc", "-alias", "broker", "-keystore", "broker.p12", "-file", "broker.pem");
        run(directory, "-exportcert", "-rfc", "-alias", "client", "-keystore", "client.p12", "-file", "client.pem");
        run(directory, "-importcert", "-noprompt", "-alias", "client", "-file", "client.pem", "-keystore", "trusted.p12");
        return new Certificates(directory);
    }

    /** A PKCS 12 file of the client's certificate, without its key. */
    String truststore() {
        return directory.resolve("trusted.p12").toString();
    }

    /** A PKCS 12 file of key and certificate; {@code owner} is {@code broker} or {@code client}. */
    String keystore(String owner) {
        return directory.resolve(owner + ".p12").toString();
    }

    /** The certificate alone, PEM. */
    String certificate(String owner) {
        return directory.resolve(owner + ".pem").toString();
    }

    private static void run(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(Arrays.asList(arguments));
        if (arguments[0].equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "3650"));
        }
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        try {
            Process keytool = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
            try (InputStream output = keytool.getInputStream()) {
                String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
                if (keytool.waitFor() != 0) {
                    throw new IllegalStateException(said);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
