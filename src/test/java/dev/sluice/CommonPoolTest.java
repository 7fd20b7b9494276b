package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.Sluice;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.BaseStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Nothing of Sluice runs in ForkJoin's common pool, and no test. It belongs to the functions in this JVM and to whoever embeds a server,
 * which may block all of it; on two processors it has one thread, and from JDK 25 on that one serves every CompletableFuture too.
 */
class CommonPoolTest {

    private static final String EXECUTOR = "Ljava/util/concurrent/Executor;";
    /** The JDK's timer is the common pool's as well, from JDK 25 on. */
    private static final Set<String> TIMERS = Set.of("orTimeout", "completeOnTimeout", "delayedExecutor", "defaultExecutor");

    /** A call, or a reference to a method, and where it is. */
    private record Call(String owner, String name, String descriptor, String at) {

        boolean mayRunInTheCommonPool() {
            boolean executorGiven = descriptor.contains(EXECUTOR);
            return is(CompletionStage.class) && (name.endsWith("Async") && !executorGiven || TIMERS.contains(name))
                    || is(BaseStream.class) && name.equals("parallel")
                    || is(Collection.class) && name.equals("parallelStream")
                    || is(Arrays.class) && name.startsWith("parallel")
                    || is(ConcurrentHashMap.class) && descriptor.startsWith("(J")
                    || is(ForkJoinPool.class) && name.equals("commonPool")
                    || is(ForkJoinTask.class)
                    || is(SubmissionPublisher.class) && name.equals("<init>") && !executorGiven
                    || is(HttpClient.class) && name.equals("sendAsync")
                    || (is(Process.class) || is(ProcessHandle.class)) && name.equals("onExit");
        }

        private boolean is(Class<?> type) {
            try {
                return owner.startsWith("java/")
                        && type.isAssignableFrom(Class.forName(owner.replace('/', '.'), false, CommonPoolTest.class.getClassLoader()));
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void nothingRunsInTheCommonPool() throws Exception {
        List<Call> calls = new ArrayList<>();
        for (Path classes : List.of(classesBeside(Sluice.class), classesBeside(CommonPoolTest.class))) {
            try (Stream<Path> files = Files.walk(classes)) {
                for (Path file : files.filter(path -> path.toString().matches(".*[/\\\\]dev[/\\\\]sluice[/\\\\].*\\.class")).toList()) {
                    if (!file.getFileName().toString().startsWith("CommonPool")) {
                        calls.addAll(calls(Files.readAllBytes(file)));
                    }
                }
            }
        }
        assertThat(calls).hasSizeGreaterThan(10_000);
        assertThat(calls.stream().filter(Call::mayRunInTheCommonPool))
                .as("whoever waits needs a thread that is there: hand in an executor, in tests OwnThread.EXECUTOR").isEmpty();
    }

    @Test
    void eachWayIntoItIsSeen() throws IOException {
        String own = "/" + Uses.class.getName().replace('.', '/') + ".class";
        List<String> lines = calls(CommonPoolTest.class.getResourceAsStream(own).readAllBytes()).stream()
                .filter(Call::mayRunInTheCommonPool).map(Call::at).distinct().toList();
        assertThat(lines).as("one a line").hasSize(15);
    }

    private static Path classesBeside(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static List<Call> calls(byte[] file) {
        List<Call> calls = new ArrayList<>();
        ClassReader reader = new ClassReader(file);
        reader.accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String method, String descriptor, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                    private int line;

                    @Override
                    public void visitLineNumber(int number, Label start) {
                        line = number;
                    }

                    @Override
                    public void visitMethodInsn(int opcode, String owner, String name, String called, boolean isInterface) {
                        calls.add(new Call(owner, name, called, reader.getClassName() + ":" + line));
                    }

                    @Override
                    public void visitInvokeDynamicInsn(String name, String type, Handle bootstrap, Object... arguments) {
                        for (Object argument : arguments) {
                            if (argument instanceof Handle handle) {
                                visitMethodInsn(0, handle.getOwner(), handle.getName(), handle.getDesc(), handle.isInterface());
                            }
                        }
                    }
                };
            }
        }, ClassReader.SKIP_FRAMES);
        return calls;
    }

    /** Never run. */
    @SuppressWarnings("unused")
    private static final class Uses {

        static void all(CompletableFuture<String> future, ConcurrentHashMap<String, String> map, Process process, HttpClient http,
                HttpRequest request, ForkJoinTask<String> task) {
            CompletableFuture.runAsync(() -> {});
            Function<Runnable, CompletableFuture<Void>> reference = CompletableFuture::runAsync;
            future.thenApplyAsync(String::length);
            future.orTimeout(1, TimeUnit.SECONDS);
            CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
            List.of(1).parallelStream();
            IntStream.range(0, 9).parallel();
            Arrays.parallelSort(new int[0]);
            map.forEach(1, (key, value) -> {});
            ForkJoinPool.commonPool();
            task.fork();
            new SubmissionPublisher<String>();
            http.sendAsync(request, BodyHandlers.ofString());
            process.onExit();
            process.toHandle().onExit();
        }
    }
}
