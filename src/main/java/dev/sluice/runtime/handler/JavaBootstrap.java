package dev.sluice.runtime.handler;

import com.amazonaws.services.lambda.runtime.LambdaRuntimeInternal;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.NotRunnableException;
import dev.sluice.invocation.ErrorDocument;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.runtime.instance.FunctionRunner;
import dev.sluice.runtime.log.ContextLogger;
import dev.sluice.runtime.log.PrintedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What runs a Java handler in a JVM of its own? The main class of that JVM: it loads the code, and asks the Lambda Runtime API for one
 * event after the other. What it knows it has from its arguments and, like Lambda's runtime, from the environment. It ends when nobody
 * answers any more.
 */
public final class JavaBootstrap {

    /** The errorType of code that nobody can run until it is changed; the body is the reason. */
    public static final String NOT_RUNNABLE = "Sluice.NotRunnable";
    /** How long the function's shutdown hooks may take: as long as those of a process that the server asks to end. */
    private static final long HOOKS_NANOS = 500_000_000;

    private final RuntimeApiClient api;
    private final PrintedLog log;
    private final AnswerBuffer answer = new AnswerBuffer();

    private JavaBootstrap(RuntimeApiClient api, PrintedLog log) {
        this.api = api;
        this.log = log;
    }

    /** @param arguments where the code was said to be, the archive, and its libraries in class path order */
    public static void main(String[] arguments) {
        List<Path> files = Arrays.stream(arguments).skip(1).map(Path::of).toList();
        PrintedLog log = new PrintedLog(loggingConfig(), System.getenv("AWS_LAMBDA_FUNCTION_VERSION"), Clock.systemUTC());
        RoutedLogger.install(new ContextLogger(log, loggingConfig()));
        JavaBootstrap bootstrap = new JavaBootstrap(new RuntimeApiClient(System.getenv("AWS_LAMBDA_RUNTIME_API")), log);
        try {
            bootstrap.run(arguments[0], files.get(0), files.subList(1, files.size()));
        } catch (IOException serverIsGone) {
            // Nobody is there any more to hear of it.
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
        } finally {
            // Threads of the function would keep a JVM that takes no events any more.
            end();
        }
    }

    /** As Lambda does, not waiting for long: hooks of the function may take for ever, and the next event is somebody else's then. */
    private static void end() {
        try {
            Thread limit = new Thread(() -> {
                LockSupport.parkNanos(HOOKS_NANOS);
                Runtime.getRuntime().halt(1);
            }, "end");
            limit.setDaemon(true);
            limit.start();
        } catch (OutOfMemoryError noThread) {
            Runtime.getRuntime().halt(1);
        }
        System.exit(1);
    }

    private static LoggingConfig loggingConfig() {
        return "JSON".equals(System.getenv("AWS_LAMBDA_LOG_FORMAT"))
                ? LoggingConfig.json(LoggingConfig.Level.valueOf(System.getenv("AWS_LAMBDA_LOG_LEVEL")))
                : LoggingConfig.DEFAULT;
    }

    private void run(String where, Path archive, List<Path> libraries) throws IOException {
        Handler handler = handler(where, archive, libraries);
        Log4jContext log4j = new Log4jContext(Thread.currentThread().getContextClassLoader(), LambdaRuntimeInternal::getUseLog4jAppender);
        InvocationContext.Place place = new InvocationContext.Place(System.getenv("AWS_LAMBDA_FUNCTION_NAME"),
                System.getenv("AWS_LAMBDA_FUNCTION_VERSION"), Integer.parseInt(System.getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")),
                System.getenv("AWS_LAMBDA_LOG_GROUP_NAME"), System.getenv("AWS_LAMBDA_LOG_STREAM_NAME"),
                new ContextLogger(log, loggingConfig()));
        while (true) {
            RuntimeApiClient.Next next = api.next();
            // Where X-Ray's SDK looks for it, as Lambda's runtime sets it since Java 17.
            System.setProperty("com.amazonaws.xray.traceHeader", next.request().traceId());
            log.begin(next.request().requestId());
            invoke(handler, next, place, log4j);
            // An interrupt that the handler has left belongs to no other call.
            Thread.interrupted();
        }
    }

    /** Ends this JVM when there is none to be had. */
    private Handler handler(String where, Path archive, List<Path> libraries) throws IOException {
        try {
            FunctionClassLoader loader = loader(where, archive, libraries);
            Thread.currentThread().setContextClassLoader(loader);
            return HandlerName.parse(System.getenv("_HANDLER")).shape(loader).newHandler(new Serializers(loader));
        } catch (NotRunnableException e) {
            if (e.result(null) instanceof InvocationResult.FunctionError error) {
                log.error(ErrorDocument.line(error));
                api.initError(error.errorType(), error.error());
            } else {
                api.initError(NOT_RUNNABLE, e.getMessage().getBytes(StandardCharsets.UTF_8));
            }
        } catch (Throwable e) {
            log.error(ThrownError.of(e).text());
            InvocationResult.FunctionError error = ThrownError.of(e).document();
            api.initError(error.errorType(), error.error());
        }
        end();
        throw new IllegalStateException("a JVM that was ended goes on");
    }

    private static FunctionClassLoader loader(String where, Path archive, List<Path> libraries) throws NotRunnableException {
        try {
            return FunctionClassLoader.openAlone(archive, libraries);
        } catch (IOException e) {
            throw new NotRunnableException(where + " can't be read: " + e, e);
        }
    }

    private void invoke(Handler handler, RuntimeApiClient.Next next, InvocationContext.Place place, Log4jContext log4j) throws IOException {
        String id = next.request().requestId();
        try {
            answer.reset();
            log4j.begin(id);
            handler.handle(next.event(), answer, new InvocationContext(place, next.request(), next.deadlineMillis()));
        } catch (Throwable e) {
            log.error(ThrownError.of(e).text());
            InvocationResult.FunctionError error = ThrownError.of(e).document();
            api.error(id, error.errorType(), error.error());
            if (ThrownError.endsEnvironment(e)) {
                end();
            }
            return;
        }
        if (answer.tooLong()) {
            api.response(id, new byte[FunctionRunner.LONGEST_ANSWER + 1], FunctionRunner.LONGEST_ANSWER + 1);
        } else {
            api.response(id, answer.bytes(), answer.length());
        }
    }
}
