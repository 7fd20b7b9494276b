package dev.sluice.api.http;

import dev.sluice.fault.FatalFaults;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.Key;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.servlet.JavalinServlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Where requests come in: one HTTP server for all route groups. Single-use: construct, {@link #start}, {@link #close}; thread-safe.
 * Its threads are daemons, at most {@value #MOST_THREADS}.
 */
public final class ApiServer implements AutoCloseable {

    public static final String REQUEST_ID = "x-amzn-RequestId";

    /** Runs what must not block a thread of somebody else, such as writing an answer that arrived on a function's thread. */
    public static final Key<Executor> EXECUTOR = new Key<>("executor");

    private static final int MOST_THREADS = 40;
    private static final int MOST_HEADER_BYTES = 32_768;

    // Longer than any invocation may take: Jetty counts a connection that waits for its answer as idle.
    private static final Duration IDLE = Duration.ofHours(1);

    // A connection that waits for the rest of a body must not be kept for that long.
    private static final Duration BODY_PATIENCE = Duration.ofSeconds(30);

    // Clients keep connections open between requests; closing must not wait for those.
    private static final Duration IDLE_WHILE_CLOSING = Duration.ofMillis(50);

    // Jetty lets %uXXXX through in a path; in a query broken ones would fail only where a route reads it.
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

    // Each begins with the day of its version.
    private static final Pattern AWS_PATH = Pattern.compile("/\\d{4}-\\d{2}-\\d{2}/");

    private final QueuedThreadPool threads;
    private final FatalFaults faults;
    private final RequestGuard guard;
    private final Duration bodyPatience;
    private final List<Routes> routes;
    private Server server;
    private int port = -1;

    /** @param allowedHosts host names, without port, that requests may use beside those always allowed */
    public ApiServer(Set<String> allowedHosts, List<Routes> routes) {
        this(allowedHosts, routes, BODY_PATIENCE);
    }

    /** @param faults told when a thread that answers can't go on */
    public ApiServer(Set<String> allowedHosts, List<Routes> routes, FatalFaults faults) {
        this(allowedHosts, routes, BODY_PATIENCE, faults);
    }

    ApiServer(Set<String> allowedHosts, List<Routes> routes, Duration bodyPatience) {
        this(allowedHosts, routes, bodyPatience, FatalFaults.unheard());
    }

    private ApiServer(Set<String> allowedHosts, List<Routes> routes, Duration bodyPatience, FatalFaults faults) {
        this.faults = faults;
        this.threads = new ReportingThreads(MOST_THREADS, 4, faults);
        this.bodyPatience = bodyPatience;
        this.guard = new RequestGuard(allowedHosts);
        this.routes = List.copyOf(routes);
        threads.setName("api");
        threads.setDaemon(true);
    }

    /**
     * Accepts requests from its return on.
     *
     * @param host an address or a name; {@code localhost} means both loopback addresses
     * @param wanted the port; 0 for a free one
     * @throws PortTakenException when the port is in use
     * @throws IllegalArgumentException when the host can't be resolved or is no address of this machine
     */
    public void start(String host, int wanted) {
        start(ListeningSockets.open(host, wanted));
    }

    /** Accepts requests from its return on, on sockets that were opened before and are this server's to close from now on. */
    public synchronized void start(ListeningSockets sockets) {
        if (server != null) {
            throw new IllegalStateException("started before");
        }
        Server starting = new Server(threads);
        boolean started = false;
        try {
            starting.setErrorHandler(new BrokenHttp());
            for (ServerSocketChannel channel : sockets.channels()) {
                starting.addConnector(connector(starting, channel));
            }
            starting.setHandler(new GracefulHandler(new BodyHandler(handler(), guard, bodyPatience, faults)));
            starting.start();
            started = true;
        } catch (RuntimeException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("the API can't listen on port " + sockets.port(), e);
        } catch (Exception e) {
            throw new IllegalStateException("the API did not start", e);
        } finally {
            if (!started) {
                sockets.close();
            }
        }
        server = starting;
        port = sockets.port();
    }

    /** The port it listens on; throws when it was not started. */
    public synchronized int port() {
        if (port < 0) {
            throw new IllegalStateException("not started");
        }
        return port;
    }

    /** Accepts no more connections, waits for running requests as long as {@code within} says, then ends them. Idempotent. */
    public synchronized void close(Duration within) {
        if (server == null || server.isStopped()) {
            return;
        }
        try {
            server.setStopTimeout(within.toMillis());
            server.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the API did not stop", e);
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(2));
    }

    private static ServerConnector connector(Server server, ServerSocketChannel channel) throws IOException {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MOST_HEADER_BYTES);
        // A FunctionName may be an ARN with %2F in it; labels are split on the raw path and decoded afterwards.
        http.setUriCompliance(UriCompliance.UNSAFE);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.open(channel);
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setShutdownIdleTimeout(IDLE_WHILE_CLOSING.toMillis());
        return connector;
    }

    private ServletContextHandler handler() {
        ServletContextHandler context = new ServletContextHandler("/");
        Javalin javalin = Javalin.create(this::configure);
        // Javalin's own servlet comes with websockets, which cost start-up time and are not used here.
        ServletHolder servlet = new ServletHolder(new JavalinServlet(javalin.unsafe));
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, "/*");
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        return context;
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.router.ignoreTrailingSlashes = true;
        config.router.javaLangErrorHandler((response, error) -> {
            faults.caught(error);
            ErrorAnswers.javaError(response, error);
        });
        config.appData(EXECUTOR, threads);
        config.appData(RecentHints.KEY, new RecentHints(Clock.systemUTC()));
        config.routes.before(this::admit);
        ErrorAnswers.register(config.routes);
        routes.forEach(group -> group.register(config.routes));
    }

    private void admit(Context ctx) {
        ctx.header(REQUEST_ID, UUID.randomUUID().toString());
        if (faults.happened()) {
            ctx.status(503).contentType("application/json").result("{\"message\":\"The server can't go on and is ending\"}");
            ctx.skipRemainingHandlers();
            return;
        }
        Optional<String> refusal = guard.refusal(ctx.header("Host"), ctx.header("Origin"));
        if (refusal.isPresent()) {
            ctx.status(403).header(ErrorAnswers.ERROR_TYPE, ErrorType.ACCESS_DENIED.awsName()).contentType("application/json")
                    .result(Json.bytes(Json.MAPPER.createObjectNode().put("message", refusal.get())));
            ctx.skipRemainingHandlers();
        } else if (BROKEN_ESCAPE.matcher(ctx.req().getRequestURI()).find()) {
            throw ApiException.of(ErrorType.MALFORMED_HTTP_REQUEST, BrokenHttp.TEXT);
        } else if (ctx.queryString() != null && BROKEN_ESCAPE.matcher(ctx.queryString()).find()) {
            throw ApiException.serialization("the query string has a % that two hexadecimal digits don't follow");
        } else if (ctx.method() == HandlerType.HEAD && AWS_PATH.matcher(ctx.path()).lookingAt()) {
            // Javalin would answer for every GET; no operation of AWS is a HEAD.
            throw new NotFoundResponse();
        }
    }
}
