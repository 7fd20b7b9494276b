package dev.sluice.chaos;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A handler in the server's JVM that does what the harness tells it; a resource of its JAR says where that is. */
public final class JarFunction implements RequestStreamHandler {

    private static final String DESK = "chaos-desk";

    private final int desk = desk();

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        byte[] event = input.readAllBytes();
        try (CallReport report = CallReport.open(desk)) {
            Verdict verdict = report.begun(context.getFunctionName(), event);
            if (verdict.millis() > 0) {
                try {
                    new CountDownLatch(1).await(verdict.millis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException timedOut) {
                    report.abandoned();
                    throw new IllegalStateException("interrupted at the timeout", timedOut);
                }
            }
            report.answering();
            if (!verdict.success()) {
                throw new IllegalStateException("told to fail");
            }
            output.write((verdict.body().isEmpty() ? "{}" : verdict.body()).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static int desk() {
        try (InputStream resource = JarFunction.class.getClassLoader().getResourceAsStream(DESK)) {
            return Integer.parseInt(new String(resource.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the handler's JAR. @param desk the port of the {@link CallDesk} */
    static Path write(Path directory, int desk) throws IOException {
        Path jar = directory.resolve("function.jar");
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(file)) {
            for (Class<?> type : List.of(JarFunction.class, CallReport.class, Verdict.class, Verdict.Kind.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                entries.putNextEntry(new JarEntry(name));
                try (InputStream code = type.getClassLoader().getResourceAsStream(name)) {
                    code.transferTo(entries);
                }
            }
            entries.putNextEntry(new JarEntry(DESK));
            entries.write(String.valueOf(desk).getBytes(StandardCharsets.US_ASCII));
        }
        return jar;
    }
}
