package dev.sluice.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Holds every answer that a client of the AWS SDK gets against the contract; give it to the client's override configuration. */
public final class CheckedAnswers implements ExecutionInterceptor {

    @Override
    public Optional<InputStream> modifyHttpResponseContent(Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        SdkHttpResponse response = context.httpResponse();
        byte[] body = context.responseBody().map(CheckedAnswers::read).orElse(new byte[0]);
        ResponseContract.check(context.httpRequest().method().name(), context.httpRequest().encodedPath(), response.statusCode(),
                name -> response.firstMatchingHeader(name).orElse(null), new String(body, StandardCharsets.UTF_8));
        return context.responseBody().map(read -> new ByteArrayInputStream(body));
    }

    private static byte[] read(InputStream in) {
        try (in) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
