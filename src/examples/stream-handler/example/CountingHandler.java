package example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts records and the bytes of their values, with the JDK alone. A stream handler gets the event as it came: nothing is made of it
 * that the handler doesn't need, which is the fastest form there is.
 */
public final class CountingHandler implements RequestStreamHandler {

    /**
     * A record's offset, or its value. No header is taken for one: headers are lists of bytes, and a quote in the name of one is
     * escaped. A tombstone has no value.
     */
    private static final Pattern OFFSET_OR_VALUE = Pattern.compile("\"offset\"\\s*:\\s*\\d|\"value\"\\s*:\\s*\"([^\"]*+)\"");

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        Matcher found = OFFSET_OR_VALUE.matcher(new String(event.readAllBytes(), StandardCharsets.UTF_8));
        int records = 0;
        long bytes = 0;
        while (found.find()) {
            if (found.group(1) == null) {
                records++;
            } else {
                bytes += Base64.getDecoder().decode(found.group(1)).length;
            }
        }
        context.getLogger().log(records + " records with " + bytes + " bytes");
        answer.write(("{\"records\":" + records + ",\"bytes\":" + bytes + "}").getBytes(StandardCharsets.UTF_8));
    }
}
