package dev.sluice.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

public class HandlerShapeTest {

    private static String call(Class<?> type, String method, String event) throws Throwable {
        Handler handler = HandlerShape.of(type, method).newHandler(new Serializers(type.getClassLoader()));
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        handler.handle(Payload.of(event.getBytes()), answer, null);
        return answer.toString();
    }

    public static class Order {
        public String id;
        public int amount;
    }

    public abstract static class Base<T, R> implements RequestHandler<List<T>, R> {
    }

    public static class Inherited extends Base<Order, Integer> {
        @Override
        public Integer handleRequest(List<Order> orders, Context context) {
            return orders.stream().mapToInt(o -> o.amount).sum();
        }
    }

    public static class Stream implements RequestStreamHandler {
        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            in.transferTo(out);
        }
    }

    public static class Methods {
        public String pojo(Order order) {
            return order.id;
        }

        public Map<String, Object> map(Map<String, Object> event, Context context) {
            return event;
        }

        public static String fixed() {
            return "fixed";
        }

        public void nothing(String text) {
        }

        public void streams(InputStream in, OutputStream out) throws IOException {
            out.write("s:".getBytes());
            in.transferTo(out);
        }

        public String overloaded(Order order) {
            return "short";
        }

        public String overloaded(Order order, Context context) {
            return "long";
        }

        public String wrong(Order order, String more) {
            return "";
        }
    }

    public static class NoConstructor {
        public NoConstructor(String argument) {
        }

        public String handle(String text) {
            return text;
        }
    }

    @SuppressWarnings("rawtypes")
    public static class Raw implements RequestHandler {
        @Override
        public Object handleRequest(Object event, Context context) {
            return event;
        }
    }

    @Test
    void resolvesTypesThroughGenericSupertypes() throws Throwable {
        assertThat(call(Inherited.class, null, "[{\"id\":\"a\",\"amount\":2},{\"amount\":3}]")).isEqualTo("5");
        assertThat(call(Inherited.class, "handleRequest", "[{\"amount\":4}]")).isEqualTo("4");
    }

    @Test
    void handsStreamsThrough() throws Throwable {
        assertThat(call(Stream.class, null, "raw")).isEqualTo("raw");
        assertThat(call(Stream.class, "handleRequest", "raw")).isEqualTo("raw");
        assertThat(call(Methods.class, "streams", "raw")).isEqualTo("s:raw");
    }

    @Test
    void fillsPlainMethods() throws Throwable {
        assertThat(call(Methods.class, "pojo", "{\"id\":\"x\"}")).isEqualTo("\"x\"");
        assertThat(call(Methods.class, "map", "{\"a\":1}")).isEqualTo("{\"a\":1}");
        assertThat(call(Methods.class, "fixed", "{}")).isEqualTo("\"fixed\"");
        assertThat(call(Methods.class, "nothing", "\"x\"")).isEqualTo("null");
    }

    @Test
    void prefersTheLongerOverload() throws Throwable {
        assertThat(call(Methods.class, "overloaded", "{}")).isEqualTo("\"long\"");
    }

    @Test
    void saysWhatIsWrongWithAHandler() {
        assertThatThrownBy(() -> HandlerShape.of(Methods.class, "missing")).hasMessageContaining("no public method named missing");
        assertThatThrownBy(() -> HandlerShape.of(Methods.class, "wrong")).hasMessageContaining("parameters that Lambda can fill");
        assertThatThrownBy(() -> HandlerShape.of(Methods.class, null)).hasMessageContaining("implements neither");
        assertThatThrownBy(() -> HandlerShape.of(NoConstructor.class, "handle")).hasMessageContaining("no public zero-argument");
        assertThatThrownBy(() -> HandlerShape.of(Raw.class, null)).hasMessageContaining("concrete type parameters");
        assertThatThrownBy(() -> HandlerShape.of(Base.class, "handleRequest")).hasMessageContaining("abstract");
    }

    @Test
    void failsOnEventsThatDoNotFit() {
        assertThatThrownBy(() -> call(Methods.class, "pojo", "not json")).hasMessage("An error occurred during JSON parsing");
    }
}
