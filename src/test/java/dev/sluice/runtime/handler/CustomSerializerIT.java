package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.fixture.Zip;
import dev.sluice.function.Isolation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service that Powertools for AWS Lambda (Java) decodes Kafka records with: a function's own serializer. */
class CustomSerializerIT {

    private static final String SERVICE = "META-INF/services/com.amazonaws.services.lambda.runtime.CustomPojoSerializer";
    private static final String SOURCE = """
            public class Own implements CustomPojoSerializer, RequestHandler<List<Own.Order>, Own.Order> {
                public static class Order { public String id; }
                public static class Other extends Own { }
                public static class Broken extends Own { public Broken() { throw new IllegalStateException("no registry"); } }
                public static class Refusing extends Own {
                    public <T> T fromJson(InputStream in, java.lang.reflect.Type type) { throw new IllegalStateException("no schema"); }
                }
                public static class Exhausted extends Own {
                    static int calls;
                    public <T> T fromJson(InputStream in, java.lang.reflect.Type type) {
                        if (++calls == 2) { throw new OutOfMemoryError("none left"); }
                        return type.toString().isEmpty() ? null : (T) ("call " + calls);
                    }
                }
                public static class Stream implements RequestStreamHandler {
                    public void handleRequest(InputStream in, OutputStream out, Context c) throws IOException { in.transferTo(out); }
                }
                public static class Plain {
                    public void nothing(String text) { System.out.println("got " + text); }
                    public String text(String text) { return text; }
                    public String failing(Order order) { return ""; }
                }
                @SuppressWarnings("unchecked")
                public <T> T fromJson(InputStream in, java.lang.reflect.Type type) {
                    try {
                        String text = "decoded " + type.getTypeName() + " " + new String(in.readAllBytes());
                        if (type == String.class) { return (T) text; }
                        Order order = new Order();
                        order.id = text;
                        return (T) List.of(order);
                    } catch (IOException e) { throw new UncheckedIOException(e); }
                }
                public <T> T fromJson(String in, java.lang.reflect.Type type) { throw new UnsupportedOperationException(); }
                public <T> void toJson(T value, OutputStream out, java.lang.reflect.Type type) {
                    String text = value instanceof Order order ? order.id : value.toString();
                    try { out.write((text + " encoded " + type.getTypeName()).getBytes()); }
                    catch (IOException e) { throw new UncheckedIOException(e); }
                }
                public Order handleRequest(List<Order> orders, Context c) { return orders.get(0); }
            }""";

    @TempDir
    Path directory;
    private FunctionsFixture fixture;
    private CompiledHandler compiled;

    /** Where the handlers run; the same is tested of a process. */
    Isolation isolation() {
        return Isolation.JVM;
    }

    @BeforeEach
    void open() throws Exception {
        fixture = new FunctionsFixture(directory, isolation());
        compiled = CompiledHandler.compile(directory, "Own", SOURCE);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Recorded invoke(String handler, Object... files) throws Exception {
        fixture.upload("own", compiled.zip(files), handler);
        return fixture.invoke("own", "{}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aFunctionsOwnSerializerTakesItsEventsAndAnswersOfAnyType() throws Exception {
        assertThat(invoke("example.Own", SERVICE, bytes("example.Own # the only one\n")).answer())
                .isEqualTo("decoded java.util.List<example.Own$Order> {} encoded example.Own$Order");
    }

    @Test
    void itIsFoundInALibraryOfTheFunctionAndTakesTextToo() throws Exception {
        byte[] library = new Zip().file(SERVICE, "example.Own").bytes();

        assertThat(invoke("example.Own$Plain::text", "lib/serializer.jar", library).answer())
                .isEqualTo("decoded java.lang.String {} encoded java.lang.String");
    }

    @Test
    void itIsNotAskedForWhatAMethodDoesNotAnswer() throws Exception {
        assertThat(invoke("example.Own$Plain::nothing", SERVICE, bytes("example.Own")).answer()).isEqualTo("null");
        assertThat(fixture.output()).contains("got decoded java.lang.String {}");
    }

    @Test
    void aStreamHandlerNeverMeetsIt() throws Exception {
        assertThat(invoke("example.Own$Stream", SERVICE, bytes("example.Own$Broken")).answer()).isEqualTo("{}");
    }

    @Test
    void moreThanOneIsAnErrorInAwssWords() throws Exception {
        assertThat(invoke("example.Own", SERVICE, bytes("example.Own\nexample.Own$Other")).error()).isEqualTo(
                "{\"errorMessage\":\"Too many serializers provided inside the META-INF/services folder, only one is allowed\",\"errorType\":"
                        + "\"com.amazonaws.services.lambda.runtime.api.client.TooManyServiceProvidersFoundException\"}");
    }

    @Test
    void anErrorOfTheMachineInItCostsTheEnvironment() throws Exception {
        assertThat(invoke("example.Own$Plain::text", SERVICE, bytes("example.Own$Exhausted")).answer()).startsWith("call 1 ");
        assertThat(fixture.invoke("own", "{}").error()).contains("An error occurred during JSON parsing", "OutOfMemoryError");
        assertThat(fixture.invoke("own", "{}").answer()).startsWith("call 1 ");
    }

    @Test
    void oneThatCannotBeMadeFailsTheInvocationAndSaysWhy() throws Exception {
        assertThat(invoke("example.Own", SERVICE, bytes("example.Own$Broken")).error())
                .contains("\"errorMessage\":\"com.amazonaws.services.lambda.runtime.CustomPojoSerializer: Provider example.Own$Broken could"
                        + " not be instantiated\",\"errorType\":\"java.util.ServiceConfigurationError\"")
                .contains("no registry").doesNotContain("dev.sluice");
    }

    @Test
    void oneThatDoesNotExistFailsTheInvocation() throws Exception {
        assertThat(invoke("example.Own", SERVICE, bytes("example.Missing")).error())
                .contains("Provider example.Missing not found").contains("ServiceConfigurationError");
    }

    @Test
    void whatItThrowsIsAnErrorOfParsing() throws Exception {
        assertThat(invoke("example.Own", SERVICE, bytes("example.Own$Refusing")).error())
                .startsWith("{\"errorMessage\":\"An error occurred during JSON parsing\",\"errorType\":\"java.lang.RuntimeException\"")
                .contains("no schema");
    }
}
