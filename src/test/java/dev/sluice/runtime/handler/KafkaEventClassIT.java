package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.invocation.Payload;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other versions of AWS's class than the one that the tests are compiled with: made here, older and newer. */
class KafkaEventClassIT {

    private static final String EVENT =
            "{\"eventSource\":\"aws:kafka\",\"eventSourceArn\":\"arn:aws:kafka\",\"bootstrapServers\":\"b:9092\","
                    + "\"records\":{\"t-0\":[{\"topic\":\"t\",\"partition\":0,\"offset\":15,\"timestamp\":1545084650987,"
                    + "\"timestampType\":\"CREATE_TIME\",\"key\":\"a2V5\",\"value\":\"SGVsbG8=\",\"headers\":[{\"h\":[104,-1]}]}]}}";
    private static final String[] EVENT_FIELDS =
            {"Map<String, List<KafkaEventRecord>> records", "String eventSource", "String eventSourceArn",
                    "String bootstrapServers"};
    private static final String[] RECORD_FIELDS = {"String topic", "int partition", "long offset", "long timestamp", "String timestampType",
            "String key", "String value", "List<Map<String, byte[]>> headers"};

    @TempDir
    Path directory;

    private Class<?> compile(String classHead, String[] fields, String[] recordFields, String more) throws Exception {
        Path source = Files.createDirectories(directory.resolve("src")).resolve("KafkaEvent.java");
        Files.writeString(source, "package com.amazonaws.services.lambda.runtime.events;\nimport java.util.*;\n"
                + "public " + classHead + " {\n" + members(fields) + more
                + "public static class KafkaEventRecord {\n" + members(recordFields) + "}\n}\n");
        Path classes = Files.createTempDirectory(directory, "classes");
        assertThat(
                ToolProvider.getSystemJavaCompiler().run(null, null, System.err, "-d", classes.toString(), "-proc:none", source.toString()))
                .isZero();
        URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, LambdaInterfaces.WITH_LIBRARIES);
        return loader.loadClass(KafkaEventClass.NAME);
    }

    /** Fields, accessors and a text of all of them. */
    private static String members(String... fields) {
        StringBuilder code = new StringBuilder();
        StringBuilder text = new StringBuilder("public String toString() { return \"\"");
        for (String field : fields) {
            String name = field.substring(field.lastIndexOf(' ') + 1);
            String type = field.substring(0, field.lastIndexOf(' '));
            String capital = Character.toUpperCase(name.charAt(0)) + name.substring(1);
            code.append("private ").append(field).append(";\npublic ").append(type).append(" get").append(capital)
                    .append("() { return ").append(name).append("; }\npublic void set").append(capital).append('(').append(type)
                    .append(" v) { ").append(name).append(" = v; }\n");
            text.append(" + \" ").append(name).append("=\" + ")
                    .append(name.equals("headers") ? "(headers == null ? null : headers.size() + \":\""
                            + " + Arrays.toString(headers.get(0).get(\"h\")))" : name);
        }
        return code.append(text).append("; }\n").toString();
    }

    private static String[] without(String[] fields, String... names) {
        return java.util.Arrays.stream(fields).filter(f -> java.util.Arrays.stream(names).noneMatch(n -> f.endsWith(" " + n)))
                .toArray(String[]::new);
    }

    private static String[] with(String[] fields, String more) {
        String[] all = java.util.Arrays.copyOf(fields, fields.length + 1);
        all[fields.length] = more;
        return all;
    }

    private static String library(Class<?> type) {
        return new Serializers(type.getClassLoader()).library(type).fromJson(payload().stream()).toString();
    }

    private static String read(Class<?> type) {
        return new Serializers(type.getClassLoader()).reader(type).read(payload()).toString();
    }

    private static Payload payload() {
        return Payload.of(EVENT.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anOlderVersionIsReadWithoutWhatItDoesNotHave() throws Exception {
        Class<?> older = compile("class KafkaEvent", without(EVENT_FIELDS, "bootstrapServers", "eventSourceArn"),
                without(RECORD_FIELDS, "headers"), "");

        assertThat(KafkaEventClass.of(older)).isPresent();
        assertThat(new KafkaEventReader(KafkaEventClass.of(older).orElseThrow()).read(payload()).map(Object::toString))
                .contains(library(older));
        assertThat(library(older)).contains("value=SGVsbG8=").doesNotContain("headers");
    }

    @Test
    void aNewerVersionWithAMemberOfItsOwnIsTheLibrarys() throws Exception {
        Class<?> event = compile("class KafkaEvent", with(EVENT_FIELDS, "String clusterName"), RECORD_FIELDS, "");
        Class<?> element = compile("class KafkaEvent", EVENT_FIELDS, with(RECORD_FIELDS, "Integer leaderEpoch"), "");

        assertThat(KafkaEventClass.of(event)).isEmpty();
        assertThat(KafkaEventClass.of(element)).isEmpty();
        assertThat(read(event)).isEqualTo(library(event)).contains("headers=1:[104, -1]", "SGVsbG8=");
        assertThat(read(element)).isEqualTo(library(element));
    }

    @Test
    void aClassWithSettersOfItsOwnIsTheLibrarys() throws Exception {
        Class<?> type = compile("class KafkaEvent", EVENT_FIELDS, RECORD_FIELDS, "public void setMore(String more) { }\n");

        assertThat(KafkaEventClass.of(type)).isEmpty();
        assertThat(read(type)).isEqualTo(library(type));
    }

    @Test
    void anotherSetterOfAKnownMemberIsTheLibrarys() throws Exception {
        Class<?> type = compile("class KafkaEvent", EVENT_FIELDS, RECORD_FIELDS, "public void setEventSource(int other) { }\n");

        assertThat(KafkaEventClass.of(type)).isEmpty();
        // Which of the two it takes is Jackson's choice, and a bad one.
        assertThatThrownBy(() -> read(type)).hasMessageContaining("not a valid `int` value");
    }

    @Test
    void aMemberOfAnotherTypeIsTheLibrarys() throws Exception {
        Class<?> type = compile("class KafkaEvent", EVENT_FIELDS, with(without(RECORD_FIELDS, "offset"), "String offset"), "");

        assertThat(KafkaEventClass.of(type)).isEmpty();
        assertThat(read(type)).isEqualTo(library(type)).contains("offset=15");
    }

    @Test
    void anAbstractClassIsTheLibrarysToRefuse() throws Exception {
        assertThat(KafkaEventClass.of(compile("abstract class KafkaEvent", EVENT_FIELDS, RECORD_FIELDS, ""))).isEmpty();
    }

    @Test
    void theVersionsThatAreKnownNeedNoLibrary() throws Exception {
        Class<?> type = compile("class KafkaEvent", EVENT_FIELDS, RECORD_FIELDS, "");

        assertThat(new KafkaEventReader(KafkaEventClass.of(type).orElseThrow()).read(payload()).map(Object::toString))
                .contains(library(type));
    }
}
