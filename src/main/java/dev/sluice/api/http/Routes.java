package dev.sluice.api.http;

import io.javalin.config.RoutesConfig;

/** A group of routes that {@link ApiServer} serves. What its handlers throw is answered by the one table of the border. */
public interface Routes {

    /** Where every path of the control API begins. */
    String CONTROL = "/_sluice/";

    /** Adds the group's routes; called once, before the server accepts requests. */
    void register(RoutesConfig routes);
}
