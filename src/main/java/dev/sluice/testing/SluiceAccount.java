package dev.sluice.testing;

import dev.sluice.json.Json;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What does one test have of the server? An account of its own, in which its functions and mappings are, so that tests that run at once never
 * meet, and all of which goes at its end. Thread-safe; single-use.
 */
public final class SluiceAccount implements AutoCloseable {

    private final SluiceServer server;
    private final String id;
    private final ControlClient control;
    private final Map<String, AttachedFunction> attached = new ConcurrentHashMap<>();
    private final AccountTopics topics;

    SluiceAccount(SluiceServer server, String id) {
        this.server = server;
        this.id = id;
        this.control = server.control();
        this.topics = new AccountTopics(control, id);
    }

    public String accountId() {
        return id;
    }

    public String region() {
        return server.region();
    }

    /** Where AWS's API answers, for the {@code endpointOverride} of a client. */
    public URI endpoint() {
        return server.endpoint();
    }

    /** The brokers, for the application's producers. */
    public String bootstrapServers() {
        return server.bootstrapServers();
    }

    /** For an AWS client that is to act in this account. */
    public AwsCredentials awsCredentials() {
        return new AwsCredentials(id, "any secret will do");
    }

    // Functions.

    /** One that was registered, or created through AWS's API. */
    public SluiceFunction function(String name) {
        return new SluiceFunction(this, name);
    }

    /** Registers a function that runs in this JVM, breakpoints included; no timeout applies. One of this name is replaced. */
    public SluiceFunction function(String name, EventHandler handler) {
        return attach(name, HandlerObject.of(handler));
    }

    /** The same of one that answers something: {@link Event#batchItemFailures}, for example. */
    public SluiceFunction functionAnswering(String name, EventFunction function) {
        return attach(name, function);
    }

    /**
     * The same of a handler as Lambda would run it: a RequestHandler, a RequestStreamHandler, an object with a {@code handleRequest}, a Function
     * or Consumer, or the class of one. Its parameter is what AWS's own library makes of the event, a KafkaEvent for example.
     */
    public SluiceFunction function(String name, Object handler) {
        return attach(name, HandlerObject.of(handler));
    }

    /** Registers a JAR of the working tree, which the server runs. @param handler {@code package.Class::method} */
    public SluiceFunction functionOfJar(String name, Path jar, String handler) {
        return register(name, Map.of("jar", jar.toAbsolutePath().toString(), "handler", handler));
    }

    /** Registers an HTTP endpoint, to which events are posted. */
    public SluiceFunction functionAt(String name, URI url) {
        return register(name, Map.of("url", url.toString()));
    }

    /** Registers a function of any kind: the members are those of {@code PUT /_sluice/functions/NAME}. */
    public SluiceFunction register(String name, Map<String, ?> members) {
        detach(name);
        control.put("/_sluice/functions/" + ControlClient.segment(name) + "?" + query(), new Json(members));
        return function(name);
    }

    private SluiceFunction attach(String name, EventFunction function) {
        detach(name);
        String address = control.put("/_sluice/functions/" + ControlClient.segment(name) + "?" + query(), new Json(Map.of("attach", true)))
                .text("runtimeApi")
                .orElseThrow();
        AttachedFunction running = new AttachedFunction(name, address, function);
        attached.put(name, running);
        running.start();
        return function(name);
    }

    private void detach(String name) {
        Optional.ofNullable(attached.remove(name)).ifPresent(AttachedFunction::close);
    }

    /**
     * What a function was invoked with, failed attempts included, in the order in which they began. Of one that runs in this JVM all of it (the
     * last 10,000); of others what the server's journal has kept: all that failed, and of successes not more than one in 100 ms.
     */
    public List<Event> events(String function) {
        AttachedFunction here = attached.get(function);
        return here != null ? here.events() : JournaledEvents.of(control, mappingsOf(function));
    }

    /** The records of {@link #events}. */
    public List<EventRecord> records(String function) {
        return events(function).stream().flatMap(event -> event.records().stream()).toList();
    }

    // Mappings.

    /** Begins a mapping that invokes this function. */
    public MappingBuilder mapping(String function) {
        return new MappingBuilder(this, function);
    }

    SluiceMapping create(Json request) {
        Json created = control.post("/_sluice/mappings?" + query(), request);
        SluiceMapping mapping = new SluiceMapping(this, created.text("UUID").orElseThrow());
        awaitState(mapping, Boolean.FALSE.equals(request.member("Enabled").value()) ? "Disabled" : "Enabled");
        return mapping;
    }

    /** The UUIDs of all mappings whose function is this one, or a version or alias of it; also of those that the application has created. */
    List<String> mappingsOf(String function) {
        List<String> found = new ArrayList<>();
        String marker = "";
        do {
            Json page = control.getAs(id, region(), "/2015-03-31/event-source-mappings/" + marker);
            page.list("EventSourceMappings").stream()
                    .filter(mapping -> function == null || mapping.text("FunctionArn").orElse("").split(":")[6].equals(function))
                    .forEach(mapping -> found.add(mapping.text("UUID").orElseThrow()));
            marker = page.text("NextMarker").map(next -> "?Marker=" + next).orElse(null);
        } while (marker != null);
        return found;
    }

    /** As AWS's GetEventSourceMapping answers, which asks no broker. */
    Json document(String mapping) {
        return control.getAs(id, region(), "/2015-03-31/event-source-mappings/" + mapping);
    }

    /** What the filters of the function's mappings kept from it. */
    public List<Filtered> filtered(String function) {
        List<Filtered> all = new ArrayList<>();
        for (String mapping : mappingsOf(function)) {
            Json filtered = control.get("/_sluice/mappings/" + mapping).member("filteredOut");
            if (!filtered.isNull()) {
                Json last = filtered.member("last");
                all.add(new Filtered(mapping, filtered.number("records").orElseThrow(), last.text("reason").orElse(null),
                        last.text("topic").orElse(null), last.number("partition").orElse(-1L).intValue(),
                        last.number("offset").orElse(-1L)));
            }
        }
        return all;
    }

    /** What was given up by mappings of the function that are {@link MappingBuilder#recordingFailures}. */
    public List<Failure> failures(String function) {
        return topics.read(failureTopic(function)).stream().map(record -> new Failure(record.text("value").orElseThrow())).toList();
    }

    // Topics.

    /** Makes a topic that no other test has, with one partition; its name. */
    public String topic() {
        return topic(1);
    }

    /** Makes a topic that no other test has; its name. */
    public String topic(int partitions) {
        return topics.fresh(partitions);
    }

    public void produce(String topic, String value) {
        produce(topic, NewRecord.of(value));
    }

    public void produce(String topic, String key, String value) {
        produce(topic, NewRecord.of(value).key(key));
    }

    /** Returns when all are stored. */
    public void produce(String topic, NewRecord... records) {
        topics.write(topic, records);
    }

    AccountTopics topics() {
        return topics;
    }

    String failureTopic(String function) {
        return "failures-" + id + "-" + function;
    }

    // Waiting.

    /** Returns when at least so many records were delivered to the function; else fails with why not. */
    public void awaitDelivered(String function, long records) {
        awaitDelivered(function, records, Patience.usual());
    }

    public void awaitDelivered(String function, long records, Duration within) {
        new Expectation(this, within).delivered(function, records);
    }

    /**
     * Returns when all that was in the function's topics at this call has come to an end: delivered, filtered, dropped or sent away. What is
     * not there then, will not come. Else fails with why not.
     */
    public void awaitDrained(String function) {
        awaitDrained(function, Patience.usual());
    }

    public void awaitDrained(String function, Duration within) {
        new Expectation(this, within).drained(function);
    }

    /** Returns when the mapping is in this state, else fails with why not. @param state AWS's word, {@code Enabled} for example */
    public void awaitState(SluiceMapping mapping, String state) {
        awaitState(mapping, state, Patience.usual());
    }

    public void awaitState(SluiceMapping mapping, String state, Duration within) {
        new Expectation(this, within).state(mapping, state);
    }

    /**
     * Moves delivery time: batching windows, the age of records, backoffs. Returns when what fell due has been handed over. It is the whole
     * server's time, so other tests that run at once feel it. Timeouts of functions are not moved.
     */
    public void advance(Duration by) {
        control.post("/_sluice/advance", new Json(Map.of("duration", by.toString())));
    }

    // The rest.

    ControlClient control() {
        return control;
    }

    Path log() {
        return server.log();
    }

    /** What the function's handler, in this JVM, threw last, or where it is now; empty of others, and when it did and is nothing. */
    Optional<Throwable> stateOf(String function) {
        return Optional.ofNullable(attached.get(function)).flatMap(AttachedFunction::state);
    }

    /** How the control API names this account. */
    String query() {
        return "accountId=" + id + "&region=" + region();
    }

    /** Empties these at the end, too, though the application alone writes to them. */
    public void emptyAtEnd(String... ofApplication) {
        topics.emptyAtEnd(ofApplication);
    }

    /** Forgets the account: at once for this JVM, in the background on the server. Topics that the test wrote to are emptied before. */
    @Override
    public void close() {
        attached.values().forEach(AttachedFunction::close);
        topics.empty();
        server.forget(id);
    }

    @Override
    public String toString() {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("account", id);
        shown.put("endpoint", endpoint().toString());
        shown.put("bootstrapServers", bootstrapServers());
        return Json.print(new Json(shown));
    }
}
