package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.sluice.invocation.Payload;
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

    public abstract static class Listing<T extends Order> implements RequestHandler<T, List<Integer>> {
        @Override
        public List<Integer> handleRequest(T order, Context context) {
            return List.of(order.amount);
        }
    }

    public static class Answering extends Listing<Order> {
    }

    public static class Deeper extends Answering {
    }

    public static class Bounded<T extends Order> implements RequestHandler<T, Integer> {
        @Override
        public Integer handleRequest(T order, Context context) {
            return order.amount;
        }
    }

    public interface Both<I, O> extends RequestHandler<I, O> {
    }

    public static class ByInterface implements Both<Order, List<Integer>> {
        @Override
        public List<Integer> handleRequest(Order order, Context context) {
            return List.of(order.amount);
        }
    }

    public interface One<I> extends RequestHandler<I, String> {
    }

    public static class OneParameter implements One<Order> {
        @Override
        public String handleRequest(Order order, Context context) {
            return order.id;
        }
    }

    public static class Open<T> implements RequestHandler<T, String> {
        @Override
        public String handleRequest(T event, Context context) {
            return "";
        }
    }

    public static final class Hidden {
        private Hidden() {
        }

        public String handle() {
            return "";
        }
    }

    public class Inner {
        public String handle() {
            return "";
        }
    }

    public static class Signatures {
        public int in(InputStream in) {
            return 1;
        }

        public void out(OutputStream out) throws IOException {
            out.write("out".getBytes());
        }

        public void inContext(InputStream in, Context context) {
        }

        public void outContext(OutputStream out, Context context) throws IOException {
            out.write("outContext".getBytes());
        }

        public void inOut(InputStream in, OutputStream out) throws IOException {
            out.write("inOut".getBytes());
        }

        public void inOutContext(InputStream in, OutputStream out, Context context) throws IOException {
            out.write("inOutContext".getBytes());
        }

        public String context(Context context) {
            return "context";
        }

        public String none() {
            return "none";
        }

        public String event(String event) {
            return "event";
        }

        public String eventContext(String event, Context context) {
            return "eventContext";
        }

        public void outFirst(OutputStream out, InputStream in) {
        }

        public void contextFirst(Context context, String event) {
        }

        public void twoContexts(Context context, Context other) {
        }

        public void four(InputStream in, OutputStream out, Context context, String more) {
        }

        public void inEvent(InputStream in, String event) {
        }

        public void eventOut(String event, OutputStream out) {
        }
    }

    public interface Greeting {
        default String greet(String name) {
            return "hello " + name;
        }

        static String shout(String name) {
            return name.toUpperCase(java.util.Locale.ROOT) + "!";
        }
    }

    public static class ByDefault implements Greeting {
    }

    public record NoComponents() {
        public String handle(String text) {
            return "record " + text;
        }
    }

    /** As Kotlin and Scala compile an object whose method is static: nobody can make another one. */
    public static final class LikeAnObject {
        private LikeAnObject() {
        }

        public static String handle(String text) {
            return "static " + text;
        }
    }

    public interface Converter<T> {
        String convert(T event);
    }

    public static class Bridged implements Converter<Order> {
        @Override
        public String convert(Order order) {
            return order.id;
        }
    }

    public static class Values {
        public int number(int number) {
            return number + 1;
        }

        public byte[] bytes(byte[] bytes) {
            return bytes;
        }

        public String text(String text) {
            return text;
        }

        public Boolean flag(boolean flag) {
            return !flag;
        }

        public Void nothing(Order order) {
            return null;
        }

        public Endless endless(Order order) {
            return new Endless();
        }
    }

    public static class Endless {
        public Endless getAnother() {
            return new Endless();
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
        assertThat(call(Answering.class, null, "{\"amount\":4}")).isEqualTo("[4]");
        assertThat(call(Deeper.class, null, "{\"amount\":4}")).isEqualTo("[4]");
        assertThat(call(Bounded.class, null, "{\"amount\":4}")).isEqualTo("4");
        assertThat(call(ByInterface.class, null, "{\"amount\":4}")).isEqualTo("[4]");
        assertThat(call(Inherited.class, "handleRequest", "[{\"amount\":4}]")).isEqualTo("4");
    }

    // Lambda's runtime looks no deeper, so the elements are maps there.
    @Test
    void leavesAVariableWithinAnotherTypeOpen() {
        assertThatThrownBy(() -> call(Inherited.class, null, "[{\"amount\":4}]")).isInstanceOf(ClassCastException.class);
    }

    @Test
    void refusesWhatLambdasRuntimeRefusesInItsWords() {
        assertThatThrownBy(() -> HandlerShape.of(OneParameter.class, null))
                .hasMessage("Invalid class signature for RequestHandler. Expected two generic types, got 1");
        assertThatThrownBy(() -> HandlerShape.of(Open.class, null)).hasMessage("Class " + Open.class.getName()
                + " does not implement RequestHandler with concrete type parameters: parameter T has no upper bound.");
        assertThatThrownBy(() -> HandlerShape.of(Raw.class, null)).hasMessage("Class " + Raw.class.getName()
                + " does not implement RequestHandler with concrete type parameters");
        assertThatThrownBy(() -> HandlerShape.of(Hidden.class, "handle")).hasMessage("Class " + Hidden.class.getName()
                + " has no public zero-argument constructor");
        assertThatThrownBy(() -> HandlerShape.of(Inner.class, "handle")).hasMessage("Class " + Inner.class.getName()
                + " cannot be instantiated because it is a non-static inner class");
    }

    @Test
    void takesEveryParameterListOfLambdasRuntime() throws Throwable {
        for (String method : List.of("in", "out", "inContext", "outContext", "inOut", "inOutContext", "context", "none", "event",
                "eventContext")) {
            String answer = call(Signatures.class, method, "\"e\"");
            assertThat(answer).as(method).isEqualTo(method.startsWith("out") || method.startsWith("inOut") ? method
                    : method.startsWith("in") ? "null" : '"' + method + '"');
        }
        for (String method : List.of("outFirst", "contextFirst", "twoContexts", "four", "inEvent", "eventOut")) {
            assertThatThrownBy(() -> HandlerShape.of(Signatures.class, method)).as(method)
                    .hasMessageStartingWith("No public method named " + method + " with appropriate method signature found on class ");
        }
    }

    @Test
    void findsMethodsOfInterfacesRecordsAndSupertypes() throws Throwable {
        assertThat(call(ByDefault.class, "greet", "\"x\"")).isEqualTo("\"hello x\"");
        assertThat(call(Greeting.class, "shout", "\"x\"")).isEqualTo("\"X!\"");
        assertThat(call(NoComponents.class, "handle", "\"x\"")).isEqualTo("\"record x\"");
        assertThat(call(LikeAnObject.class, "handle", "\"x\"")).isEqualTo("\"static x\"");
        assertThat(call(Bridged.class, "convert", "{\"id\":\"b\"}")).isEqualTo("\"b\"");
    }

    @Test
    void readsAndWritesPlainValuesAsJson() throws Throwable {
        assertThat(call(Values.class, "number", "7")).isEqualTo("8");
        assertThat(call(Values.class, "number", "null")).isEqualTo("1");
        assertThat(call(Values.class, "bytes", "\"aGk=\"")).isEqualTo("\"aGk=\"");
        assertThat(call(Values.class, "text", "\"a\\\"b\"")).isEqualTo("\"a\\\"b\"");
        assertThat(call(Values.class, "text", "null")).isEqualTo("null");
        assertThat(call(Values.class, "flag", "true")).isEqualTo("false");
        assertThat(call(Values.class, "nothing", "{}")).isEqualTo("null");
        assertThatThrownBy(() -> call(Values.class, "text", "{\"a\":1}")).hasMessage("An error occurred during JSON parsing");
        assertThatThrownBy(() -> call(Values.class, "text", "")).hasMessage("An error occurred during JSON parsing");
        assertThatThrownBy(() -> call(Values.class, "endless", "{}"))
                .hasMessage("An error occurred during JSON serialization of response");
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
        assertThatThrownBy(() -> HandlerShape.of(Methods.class, "missing"))
                .hasMessage("No public method named missing with appropriate method signature found on class " + Methods.class.getName());
        assertThatThrownBy(() -> HandlerShape.of(Methods.class, "wrong")).hasMessageStartingWith("No public method named wrong with");
        assertThatThrownBy(() -> HandlerShape.of(Methods.class, null))
                .hasMessageContaining("does not implement an appropriate handler interface");
        assertThatThrownBy(() -> HandlerShape.of(NoConstructor.class, "handle")).hasMessageContaining("no public zero-argument");
        assertThatThrownBy(() -> HandlerShape.of(Raw.class, null)).hasMessageContaining("concrete type parameters");
        assertThatThrownBy(() -> HandlerShape.of(Base.class, "handleRequest")).hasMessage("java.lang.InstantiationException");
    }

    @Test
    void failsOnEventsThatDoNotFit() {
        assertThatThrownBy(() -> call(Methods.class, "pojo", "not json")).hasMessage("An error occurred during JSON parsing");
    }
}
