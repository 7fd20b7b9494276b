package dev.sluice.runtime.handler;

import dev.sluice.invocation.Payload;
import dev.sluice.runtime.handler.EventScanner.NotPlain;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a function's KafkaEvent of an event exactly as Sluice writes it, at several times the rate of AWS's library and with the
 * same result; gives up on any other. Only what the handler gets is allocated. Used by one thread at a time.
 */
final class KafkaEventReader {

    private static final byte[] START = ascii("{\"eventSource\":\"");
    private static final byte[] ARN = ascii(",\"eventSourceArn\":\"");
    private static final byte[] SERVERS = ascii(",\"bootstrapServers\":\"");
    private static final byte[] RECORDS = ascii(",\"records\":{");
    private static final byte[] LIST = ascii(":[");
    private static final byte[] TOPIC = ascii("{\"topic\":\"");
    private static final byte[] PARTITION = ascii(",\"partition\":");
    private static final byte[] OFFSET = ascii(",\"offset\":");
    private static final byte[] TIMESTAMP = ascii(",\"timestamp\":");
    private static final byte[] TIMESTAMP_TYPE = ascii(",\"timestampType\":\"");
    private static final byte[] CREATE_TIME = ascii("CREATE_TIME\"");
    private static final byte[] LOG_APPEND_TIME = ascii("LOG_APPEND_TIME\"");
    private static final byte[] KEY = ascii(",\"key\":\"");
    private static final byte[] VALUE = ascii(",\"value\":\"");
    private static final byte[] HEADERS = ascii(",\"headers\":[");
    private static final byte[] HEADER = ascii("{\"");

    private final MethodHandle newEvent;
    private final MethodHandle setEventSource;
    private final MethodHandle setEventSourceArn;
    private final MethodHandle setBootstrapServers;
    private final MethodHandle setRecords;
    private final MethodHandle newRecord;
    private final MethodHandle setTopic;
    private final MethodHandle setPartition;
    private final MethodHandle setOffset;
    private final MethodHandle setTimestamp;
    private final MethodHandle setTimestampType;
    private final MethodHandle setKey;
    private final MethodHandle setValue;
    private final MethodHandle setHeaders;

    KafkaEventReader(KafkaEventClass type) {
        KafkaEventClass.Bean event = type.event();
        newEvent = event.constructor();
        setEventSource = event.setter("eventSource", String.class);
        setEventSourceArn = event.setter("eventSourceArn", String.class);
        setBootstrapServers = event.setter("bootstrapServers", String.class);
        setRecords = event.setter("records", Map.class);
        KafkaEventClass.Bean element = type.element();
        newRecord = element.constructor();
        setTopic = element.setter("topic", String.class);
        setPartition = element.setter("partition", int.class);
        setOffset = element.setter("offset", long.class);
        setTimestamp = element.setter("timestamp", long.class);
        setTimestampType = element.setter("timestampType", String.class);
        setKey = element.setter("key", String.class);
        setValue = element.setter("value", String.class);
        setHeaders = element.setter("headers", List.class);
    }

    /** The event as the function's class; empty when it isn't exactly of the form that Sluice writes. */
    Optional<Object> read(Payload payload) {
        try {
            return Optional.of(event(new EventScanner(payload)));
        } catch (NotPlain e) {
            return Optional.empty();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("setters of KafkaEvent throw nothing checked", e);
        }
    }

    private Object event(EventScanner in) throws Throwable {
        Object event = (Object) newEvent.invokeExact();
        in.expect(START);
        setEventSource.invokeExact(event, in.restOfString());
        if (in.skip(ARN)) {
            setEventSourceArn.invokeExact(event, in.restOfString());
        }
        if (in.skip(SERVERS)) {
            setBootstrapServers.invokeExact(event, in.restOfString());
        }
        in.expect(RECORDS);
        Map<String, List<Object>> records = new LinkedHashMap<>();
        if (!in.skip('}')) {
            do {
                in.expect('"');
                String name = in.restOfName();
                in.expect(LIST);
                if (records.put(name, records(in)) != null) {
                    throw EventScanner.notPlain();
                }
            } while (in.skip(','));
            in.expect('}');
        }
        setRecords.invokeExact(event, (Map<?, ?>) records);
        in.expect('}');
        in.expectEnd();
        return event;
    }

    private List<Object> records(EventScanner in) throws Throwable {
        List<Object> records = new ArrayList<>();
        if (in.skip(']')) {
            return records;
        }
        String topic = null;
        byte[] prefix = null;
        do {
            if (prefix == null || !in.skip(prefix)) {
                in.expect(TOPIC);
                topic = in.restOfString();
                prefix = (new String(TOPIC, StandardCharsets.US_ASCII) + topic + '"').getBytes(StandardCharsets.ISO_8859_1);
            }
            records.add(record(in, topic));
        } while (in.skip(','));
        in.expect(']');
        return records;
    }

    private Object record(EventScanner in, String topic) throws Throwable {
        Object element = (Object) newRecord.invokeExact();
        setTopic.invokeExact(element, topic);
        in.expect(PARTITION);
        setPartition.invokeExact(element, in.smallNumber(Integer.MIN_VALUE, Integer.MAX_VALUE));
        in.expect(OFFSET);
        setOffset.invokeExact(element, in.number());
        in.expect(TIMESTAMP);
        setTimestamp.invokeExact(element, in.number());
        in.expect(TIMESTAMP_TYPE);
        setTimestampType.invokeExact(element, timestampType(in));
        if (in.skip(KEY)) {
            setKey.invokeExact(element, in.restOfString());
        }
        if (in.skip(VALUE)) {
            setValue.invokeExact(element, in.restOfString());
        }
        in.expect(HEADERS);
        setHeaders.invokeExact(element, (List<?>) headers(in));
        in.expect('}');
        return element;
    }

    private static String timestampType(EventScanner in) throws NotPlain {
        if (in.skip(CREATE_TIME)) {
            return "CREATE_TIME";
        }
        return in.skip(LOG_APPEND_TIME) ? "LOG_APPEND_TIME" : in.restOfString();
    }

    private static List<Map<String, byte[]>> headers(EventScanner in) throws NotPlain {
        List<Map<String, byte[]>> headers = new ArrayList<>();
        if (in.skip(']')) {
            return headers;
        }
        do {
            in.expect(HEADER);
            String name = in.restOfName();
            in.expect(LIST);
            Map<String, byte[]> header = new LinkedHashMap<>();
            header.put(name, in.restOfBytes());
            headers.add(header);
            in.expect('}');
        } while (in.skip(','));
        in.expect(']');
        return headers;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
