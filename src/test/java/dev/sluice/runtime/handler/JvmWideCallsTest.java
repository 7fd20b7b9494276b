package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table against the JDK that runs the tests. */
class JvmWideCallsTest {

    private static Class<?> owner(JvmWideCall call) throws ClassNotFoundException {
        return Class.forName(call.owner().replace('/', '.'));
    }

    private static String descriptor(Method method) {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes()).toMethodDescriptorString();
    }

    private static Method declared(JvmWideCall call) throws ClassNotFoundException {
        return Stream.<Class<?>>iterate(owner(call), type -> type != null, Class::getSuperclass)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.getName().equals(call.name()) && descriptor(method).equals(call.descriptor())).findFirst()
                .orElseThrow(() -> new AssertionError("the JDK has no " + call));
    }

    @Test
    void everyRowIsOfTheJdkOrOfLambdasRuntime() throws Exception {
        for (JvmWideCall call : JvmWideCalls.all()) {
            if (call.isField()) {
                Field field = owner(call).getField(call.name());
                assertThat(field.getType().descriptorString()).isEqualTo(call.descriptor());
                continue;
            }
            Method method = declared(call);
            assertThat(Modifier.isStatic(method.getModifiers())).as(call.toString()).isEqualTo(call.isStatic());
            assertThat(call.exactOwner() || !Modifier.isFinal(owner(call).getModifiers())).as(call.toString()).isTrue();
        }
    }

    @Test
    void everySubstituteHasTheSameForm() throws Exception {
        List<JvmWideCall> replaced = JvmWideCalls.all().stream()
                .filter(call -> call.treatment() == JvmWideCall.Treatment.OWN).toList();
        assertThat(replaced).hasSizeGreaterThan(40);
        for (JvmWideCall call : replaced) {
            String descriptor = call.isField() ? "()" + call.descriptor()
                    : call.isStatic() ? call.descriptor() : CallRewriter.withReceiver(call.owner(), call.descriptor());
            assertThat(Class.forName(call.substitute().replace('/', '.')).getDeclaredMethods()).as(call.toString())
                    .anyMatch(method -> method.getName().equals(call.name()) && descriptor(method).equals(descriptor)
                            && Modifier.isStatic(method.getModifiers()) && Modifier.isPublic(method.getModifiers()));
        }
    }

    /** Of classes whose calls have substitutes: an overload that a newer JDK adds must not go round them. */
    @Test
    void noOverloadIsLeftOut() throws Exception {
        for (JvmWideCall call : JvmWideCalls.all()) {
            boolean whole = call.treatment() == JvmWideCall.Treatment.OWN && !call.isField() && !call.name().equals("newFileSystem")
                    || call.treatment() == JvmWideCall.Treatment.ELSEWHERE;
            if (whole) {
                for (Method method : owner(call).getMethods()) {
                    if (method.getName().equals(call.name())
                            && method.getDeclaringClass().getName().replace('.', '/').equals(call.owner())) {
                        assertThat(JvmWideCalls.named(method.getName(), descriptor(method))).as(method.toString())
                                .anyMatch(row -> row.owner().equals(call.owner()));
                    }
                }
            }
        }
    }

    @Test
    void everyClassThatStandsInIsDefinedByALoaderOfFunctions() throws Exception {
        for (String name : HandlerSystem.SUBSTITUTES) {
            assertThat(Class.forName(name).getName()).isEqualTo(name);
        }
        assertThat(JvmWideCalls.all().stream().filter(call -> call.substitute() != null).map(call -> call.substitute().replace('/', '.')))
                .allMatch(HandlerSystem.SUBSTITUTES::contains);
        assertThat(HandlerSystem.SUBSTITUTES).contains(HandlerGuard.class.getName());
    }
}
