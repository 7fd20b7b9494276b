package dev.sluice.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * By which keys and certificates do clients know the embedded broker, and it them? A CA of its own, a certificate for each of the broker's
 * names, and one for a client; made at the first start by the JDK's keytool, since the JDK has no other public way, and again when the
 * broker has got another name or one of them is about to expire. Immutable.
 */
final class BrokerCertificates {

    /** The files are protected by their permissions; a keystore needs a password all the same. */
    static final String PASSWORD = "not-a-secret";

    /** It takes one or two. */
    private static final int KEYTOOL_SECONDS = 60;
    private static final String ALL = "certificates.p12";
    private static final Duration BEFORE_ITS_END = Duration.ofDays(30);
    private static final int DAYS = 3_650;

    private final Path directory;
    private final KeyStore store;

    private BrokerCertificates(Path directory, KeyStore store) {
        this.directory = directory;
        this.store = store;
    }

    /**
     * @param hosts the names and addresses by which clients call the broker
     * @throws UncheckedIOException when they can't be made or written
     */
    static BrokerCertificates in(Path directory, Collection<String> hosts) {
        try {
            Set<String> names = new TreeSet<>(hosts);
            names.addAll(List.of("localhost", "127.0.0.1", "::1"));
            make(directory, names);
            KeyStore store = read(directory.resolve(ALL));
            BrokerCertificates certificates = new BrokerCertificates(directory, store);
            certificates.writeForTheBroker();
            return certificates;
        } catch (IOException e) {
            throw new UncheckedIOException("The certificates of the embedded broker in " + directory + ": " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new UncheckedIOException(new IOException(directory.resolve(ALL) + " can't be read (" + e.getMessage()
                    + "); delete the directory to have certificates made anew", e));
        }
    }

    Path brokerKeystore() {
        return directory.resolve("broker.p12");
    }

    Path caFile() {
        return directory.resolve("ca.pem");
    }

    /** The CA's certificate, PEM. */
    String ca() {
        return pem("CERTIFICATE", certificate("ca"));
    }

    /** The client's certificate, PEM. */
    String clientCertificate() {
        return pem("CERTIFICATE", certificate("client"));
    }

    /** The client's key, PKCS #8 in PEM. */
    String clientKey() {
        try {
            return pem("PRIVATE KEY", store.getKey("client", PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("keytool has made the key, with this password", e);
        }
    }

    private byte[] certificate(String alias) {
        try {
            return store.getCertificate(alias).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("keytool has made the certificate", e);
        }
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END "
                + kind + "-----\n";
    }

    /** Only what the broker needs: not the CA's key. */
    private void writeForTheBroker() throws IOException, GeneralSecurityException {
        Files.writeString(caFile(), ca());
        char[] password = PASSWORD.toCharArray();
        KeyStore brokers = KeyStore.getInstance("PKCS12");
        brokers.load(null, password);
        brokers.setKeyEntry("broker", store.getKey("broker", password), password,
                new Certificate[] {store.getCertificate("broker"), store.getCertificate("ca")});
        try (OutputStream file = Files.newOutputStream(brokerKeystore())) {
            brokers.store(file, password);
        }
    }

    private static void make(Path directory, Set<String> names) throws IOException, GeneralSecurityException {
        Path all = directory.resolve(ALL);
        if (Files.exists(all) && isGood(read(all), names)) {
            return;
        }
        createForOwner(directory);
        // Beside it, so that who is killed meanwhile finds either the whole or nothing.
        Path made = directory.resolve(ALL + ".new");
        Files.deleteIfExists(made);
        boolean caLasts = Files.exists(all) && lasts(read(all), "ca");
        if (caLasts) {
            // Clients go on to know the broker by it.
            Files.copy(all, made);
            keytool(directory, made, "-delete", "-alias", "broker");
            keytool(directory, made, "-delete", "-alias", "client");
        } else {
            generate(directory, made, "ca", "CN=Sluice local CA", "-ext", "bc:critical=ca:true", "-ext", "ku:critical=keyCertSign,cRLSign");
        }
        List<String> alternatives = new ArrayList<>();
        names.forEach(name -> alternatives.add((isAddress(name) ? "ip:" : "dns:") + name));
        generate(directory, made, "broker", "CN=localhost", "-signer", "ca", "-ext", "san=" + String.join(",", alternatives));
        generate(directory, made, "client", "CN=client", "-signer", "ca");
        Files.move(made, all, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isGood(KeyStore store, Set<String> names) throws GeneralSecurityException {
        Set<String> known = new HashSet<>();
        if (store.getCertificate("broker") instanceof X509Certificate broker && broker.getSubjectAlternativeNames() != null) {
            broker.getSubjectAlternativeNames().forEach(name -> known.add(withoutZeros(String.valueOf(name.get(1)))));
        }
        return known.containsAll(names.stream().map(BrokerCertificates::withoutZeros).toList()) && lasts(store, "ca")
                && lasts(store, "broker") && lasts(store, "client");
    }

    /** The JDK writes {@code ::1} as {@code 0:0:0:0:0:0:0:1}. */
    private static String withoutZeros(String name) {
        return name.equals("0:0:0:0:0:0:0:1") ? "::1" : name;
    }

    private static boolean lasts(KeyStore store, String alias) throws GeneralSecurityException {
        return store.getCertificate(alias) instanceof X509Certificate certificate
                && certificate.getNotAfter().toInstant().isAfter(Instant.now().plus(BEFORE_ITS_END));
    }

    private static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    }

    private static KeyStore read(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream content = Files.newInputStream(file)) {
            store.load(content, PASSWORD.toCharArray());
        }
        return store;
    }

    private static void generate(Path directory, Path file, String alias, String name, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-dname", name, "-keyalg", "EC", "-groupname",
                "secp256r1", "-validity", String.valueOf(DAYS)));
        arguments.addAll(List.of(more));
        keytool(directory, file, arguments.toArray(String[]::new));
    }

    private static void keytool(Path directory, Path file, String... arguments) throws IOException {
        Path program = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = new ArrayList<>(List.of(program.toString(), "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        // Into a file: who reads its output would wait for a program that hangs.
        Path output = Files.createTempFile(directory, "keytool", ".txt");
        try {
            Process keytool = started(command, directory, output);
            if (!ended(keytool)) {
                throw new IOException("keytool did not end within " + KEYTOOL_SECONDS + " s");
            }
            if (keytool.exitValue() != 0) {
                throw new IOException("keytool refused: " + Files.readString(output, StandardCharsets.UTF_8).strip());
            }
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static Process started(List<String> command, Path directory, Path output) throws IOException {
        try {
            Process keytool = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                    .redirectOutput(output.toFile()).start();
            keytool.getOutputStream().close();
            return keytool;
        } catch (IOException missing) {
            throw new IOException("keytool of the Java runtime can't be run, which makes them: " + missing.getMessage()
                    + ". Run Sluice with a JDK or JRE that has bin/keytool", missing);
        }
    }

    private static boolean ended(Process keytool) throws IOException {
        try {
            boolean ended = keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                keytool.destroyForcibly();
            }
            return ended;
        } catch (InterruptedException stopped) {
            keytool.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool made them", stopped);
        }
    }

    /** Nobody else on this machine may read the keys. */
    static void createForOwner(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }
}
