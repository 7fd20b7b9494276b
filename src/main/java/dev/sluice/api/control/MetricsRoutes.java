package dev.sluice.api.control;

import dev.sluice.api.http.Routes;
import dev.sluice.telemetry.Metrics;
import io.javalin.config.RoutesConfig;

/** {@code GET /metrics}, where Prometheus looks. Thread-safe. */
public final class MetricsRoutes implements Routes {

    private final Metrics metrics;

    public MetricsRoutes(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/metrics", ctx -> ctx.contentType(Metrics.CONTENT_TYPE).result(metrics.scrape()));
    }
}
