package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.Zip;
import dev.sluice.runtime.instance.HandlerExit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import jdk.security.jarsigner.JarSigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionClassLoaderIT {

    private static final char[] PASSWORD = "not-a-secret".toCharArray();

    @TempDir
    Path directory;

    private FunctionClassLoader open(byte[] archive, Path... libraries) throws Exception {
        Path root = Files.write(Files.createTempFile(directory, "root", ".zip"), archive);
        return FunctionClassLoader.open(root, List.of(libraries), new FunctionClassLoader.Substitutes(
                Map.of("TABLE", "orders"), new HashSet<>(), new AtomicBoolean(), status -> {
                    throw new HandlerExit(status);
                }, call -> {}, new java.util.concurrent.atomic.AtomicReference<>()));
    }

    private Path reading(String name) throws Exception {
        byte[] jar = CompiledHandler.compile(directory, name, "public class " + name + " {"
                + " public static String table() { return System.getenv(\"TABLE\"); } }")
                .zip("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n".getBytes());
        return Files.write(Files.createTempFile(directory, "library", ".jar"), jar);
    }

    private Path signed(Path jar) throws Exception {
        Path keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                "a",
                "-dname", "CN=signer", "-keystore", keys.toString(), "-keyalg", "EC", "-groupname", "secp256r1", "-storetype", "PKCS12",
                "-storepass", new String(PASSWORD)).inheritIO().start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD);
        var entry = (KeyStore.PrivateKeyEntry) store.getEntry("a", new KeyStore.PasswordProtection(PASSWORD));
        Path signed = directory.resolve("signed.jar");
        try (ZipFile unsigned = new ZipFile(jar.toFile()); var out = Files.newOutputStream(signed)) {
            new JarSigner.Builder(entry).build().sign(unsigned, out);
        }
        return signed;
    }

    /** The JAR with one byte of one entry changed. */
    private Path tampered(Path jar, String name) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(jar)));
                ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                byte[] content = in.readAllBytes();
                if (entry.getName().equals(name)) {
                    content[content.length - 1] ^= 1;
                }
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(content);
            }
        }
        return Files.write(directory.resolve("tampered.jar"), bytes.toByteArray());
    }

    @Test
    void definesClassesOfASignedLibraryWithItsSignersAndRefusesThoseThatWereChanged() throws Exception {
        Path signed = signed(reading("Signed"));
        try (FunctionClassLoader loader = open(new Zip().bytes(), signed)) {
            Class<?> type = loader.loadClass("example.Signed");
            assertThat(type.getMethod("table").invoke(null)).isEqualTo("orders");
            assertThat(type.getSigners()).hasSize(1);
            assertThat(type.getProtectionDomain().getCodeSource().getCodeSigners()).hasSize(1);
            assertThat(type.getProtectionDomain().getCodeSource().getLocation()).isEqualTo(signed.toUri().toURL());
        }
        try (FunctionClassLoader loader = open(new Zip().bytes(), tampered(signed, "example/Signed.class"))) {
            assertThatThrownBy(() -> loader.loadClass("example.Signed")).isInstanceOf(SecurityException.class);
        }
    }

    @Test
    void takesALibrarysEntryForThisVersionOfJava() throws Exception {
        byte[] old = CompiledHandler.compile(directory, "Multi", "public class Multi { public String toString() { return \"old\"; } }")
                .classFile("example/Multi.class");
        byte[] newer = CompiledHandler
                .compile(directory, "Multi", "public class Multi { public String toString() { return System.getenv(\"TABLE\"); } }")
                .classFile("example/Multi.class");
        byte[] jar = new Zip().file("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMulti-Release: true\n").file("example/Multi.class", old)
                .file("META-INF/versions/11/example/Multi.class", newer).bytes();

        try (FunctionClassLoader loader = open(new Zip().bytes(), Files.write(directory.resolve("multi.jar"), jar))) {
            assertThat(loader.loadClass("example.Multi").getConstructor().newInstance()).hasToString("orders");
        }
    }

    @Test
    void definesNothingAfterItWasClosed() throws Exception {
        FunctionClassLoader loader = open(new Zip().bytes(), reading("Closed"));
        loader.close();

        assertThatThrownBy(() -> loader.loadClass("example.Closed")).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void isCollectedOnceItWasClosed() throws Exception {
        Path library = reading("Collected");
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            try (FunctionClassLoader loader = open(new Zip().bytes(), library)) {
                assertThat(loader.loadClass("example.Collected").getMethod("table").invoke(null)).isEqualTo("orders");
                loaders.add(new WeakReference<>(loader));
            }
        }

        await().until(() -> {
            System.gc();
            return loaders.stream().allMatch(loader -> loader.get() == null);
        });
    }

    /** The library's caches know the function's classes, and only their own copy of the library has such caches. */
    @Test
    void isCollectedWithTheLibrariesThatItsCodeUsed() throws Exception {
        byte[] root = CompiledHandler.compile(directory, "Order", "public class Order { public String id; }").zip();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (FunctionClassLoader loader = open(root)) {
                loader.loadClass("com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory");
                Object serializer = new Serializers(loader).library(loader.loadClass("example.Order"));
                assertThat(serializer.getClass().getClassLoader()).isSameAs(loader);
                loaders.add(new WeakReference<>(loader));
            }
        }

        await().until(() -> {
            System.gc();
            return loaders.stream().allMatch(loader -> loader.get() == null);
        });
    }

    /** The SDK's JARs have all that compilers produce; what they have is loaded and verified, whether rewritten or not. */
    @Test
    void definesEveryClassOfARealLibrary() throws Exception {
        List<Path> jars = CompiledHandler.jarsOf("software.amazon.awssdk", "org.reactivestreams", "org.slf4j", "org.apache.kafka");
        List<String> names = new ArrayList<>();
        for (Path jar : jars) {
            if (jar.getFileName().toString().matches("(sdk-core|auth|regions|utils|kafka-clients)-.*")) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    file.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/")
                            && !name.endsWith("module-info.class")).forEach(names::add);
                }
            }
        }
        int rewritten = 0;
        try (FunctionClassLoader loader = open(new Zip().bytes(), jars.toArray(new Path[0]))) {
            for (String entry : names) {
                boolean calls;
                try (InputStream in = loader.getResourceAsStream(entry)) {
                    calls = CalledMethods.mayBeWide(in.readAllBytes());
                }
                rewritten += calls ? 1 : 0;
                try {
                    // Initialised it is verified, too.
                    Class<?> type = Class.forName(entry.substring(0, entry.length() - ".class".length()).replace('/', '.'), calls, loader);
                    assertThat(type.getClassLoader()).isSameAs(loader);
                } catch (NoClassDefFoundError optional) {
                    assertThat(names).doesNotContain(optional.getMessage() + ".class");
                }
            }
        }
        assertThat(names).hasSizeGreaterThan(3_000);
        assertThat(rewritten).isBetween(3, 100);
    }
}
