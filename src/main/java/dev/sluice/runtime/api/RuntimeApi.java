package dev.sluice.runtime.api;

import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The paths of the Lambda Runtime API, 2018-06-01; what it answers is what AWS's Runtime Interface Emulator does. Thread-safe. */
final class RuntimeApi extends Handler.Abstract.NonBlocking {

    private static final String ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";
    private static final String ERROR_BODY = "Lambda-Runtime-Function-Error-Body";
    private static final String RESPONSE_MODE = "Lambda-Runtime-Function-Response-Mode";
    private static final String STREAMING = "streaming";

    private static final String RUNTIME = "/2018-06-01/runtime/";
    private static final Pattern INVOCATION = Pattern.compile(Pattern.quote(RUNTIME) + "invocation/([^/]+)/(response|error)");

    /** An answer that breaks off mostly does because its process just ended, and then that is what happened. */
    private static final long TIME_TO_END_MILLIS = 100;

    /** Runs something after some milliseconds. */
    @FunctionalInterface
    interface Delay {
        void after(long millis, Runnable action);
    }

    private final Map<Connector, Conversation> conversations;
    private final Delay delay;

    RuntimeApi(Map<Connector, Conversation> conversations, Delay delay) {
        this.conversations = conversations;
        this.delay = delay;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Conversation exchange = conversations.get(request.getConnectionMetaData().getConnector());
        if (exchange == null) {
            // Its process has ended in this moment.
            callback.failed(new IllegalStateException("the port is closed"));
            return true;
        }
        if (WebPages.speakFrom(request.getHeaders())) {
            Answer refusal = Answer.NO_WEB_PAGES;
            response.setStatus(refusal.status());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.write(true, ByteBuffer.wrap(refusal.bytes()), callback);
            return true;
        }
        new Call(exchange, request, response, callback).handle(request.getHttpURI().getPath());
        return true;
    }

    /** One request. */
    private final class Call {
        private final Conversation exchange;
        private final Request request;
        private final Response response;
        private final Callback callback;

        private Call(Conversation exchange, Request request, Response response, Callback callback) {
            this.exchange = exchange;
            this.request = request;
            this.response = response;
            this.callback = callback;
        }

        private void handle(String path) {
            Matcher invocation = INVOCATION.matcher(path);
            if (path.equals(RUNTIME + "invocation/next")) {
                if (allowed("GET")) {
                    exchange.next(new NextRequest(request, response, callback)).ifPresent(this::answer);
                }
            } else if (invocation.matches()) {
                if (allowed("POST")) {
                    answered(invocation.group(1), invocation.group(2).equals("error"));
                }
            } else if (path.equals(RUNTIME + "init/error")) {
                if (allowed("POST")) {
                    RequestBody.read(request, read -> answer(initError(read)));
                }
            } else {
                plain(404, "404 page not found\n");
            }
        }

        private boolean allowed(String method) {
            if (request.getMethod().equals(method)) {
                return true;
            }
            response.getHeaders().put(HttpHeader.ALLOW, method);
            plain(405, "");
            return false;
        }

        private void answered(String requestId, boolean error) {
            Optional<Answer> refusal = exchange.answering(requestId,
                    error ? RuntimeState.Phase.INVOCATION_ERROR_RESPONSE : RuntimeState.Phase.INVOCATION_RESPONSE);
            String mode = error ? null : request.getHeaders().get(RESPONSE_MODE);
            if (refusal.isPresent()) {
                // Read all the same: who is still sending may not look at the answer.
                RequestBody.read(request, read -> answer(refusal.get()));
            } else if (mode != null && !mode.isEmpty() && !mode.equals(STREAMING)) {
                exchange.answered(requestId, new Result.Failed("Runtime.InvalidResponseModeHeader", new byte[0]));
                RequestBody.read(request, read -> answer(Answer.INVALID_RESPONSE_MODE));
            } else {
                RequestBody.read(request, read -> answer(finish(requestId, read, error, STREAMING.equals(mode))));
            }
        }

        /** What comes of the event, before the process is told that it was understood: that is the less urgent of both. */
        private Answer finish(String requestId, RequestBody.Read read, boolean error, boolean streamed) {
            if (read instanceof RequestBody.Read.TooLong tooLong) {
                exchange.answered(requestId, new Result.AnsweredTooMuch(tooLong.length()));
                return Answer.TOO_LARGE;
            }
            if (read instanceof RequestBody.Read.Whole whole) {
                exchange.answered(requestId, error ? failed(whole.bytes()) : response(whole, streamed));
                return Answer.ACCEPTED;
            }
            exchange.answerLost(requestId);
            delay.after(TIME_TO_END_MILLIS,
                    () -> exchange.answered(requestId, new Result.Failed("Runtime.TruncatedResponse", new byte[0])));
            return Answer.TRUNCATED;
        }

        private Result response(RequestBody.Read.Whole whole, boolean streamed) {
            HttpFields trailers = whole.trailers();
            if (streamed && (trailers.contains(ERROR_TYPE) || trailers.contains(ERROR_BODY))) {
                return new Result.Failed(unicode(trailers.get(ERROR_TYPE)), decoded(trailers.get(ERROR_BODY)));
            }
            return new Result.Answered(whole.bytes());
        }

        /** What can't be an error's body is answered as if it had none, as Lambda does: the event has failed in any case. */
        private Answer initError(RequestBody.Read read) {
            byte[] error = read instanceof RequestBody.Read.Whole whole ? whole.bytes() : new byte[0];
            return exchange.initError(new Result.Failed(unicode(request.getHeaders().get(ERROR_TYPE)), error)).orElse(Answer.ACCEPTED);
        }

        private Result failed(byte[] body) {
            return new Result.Failed(unicode(request.getHeaders().get(ERROR_TYPE)),
                    ErrorBody.of(request.getHeaders().get(HttpHeader.CONTENT_TYPE), body));
        }

        private void answer(Answer answer) {
            response.setStatus(answer.status());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.write(true, ByteBuffer.wrap(answer.bytes()), callback);
        }

        private void plain(int status, String text) {
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
            response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
        }
    }

    /** Names of classes needn't be ASCII, and are sent in UTF-8; Jetty makes a character of each byte. */
    private static String unicode(String header) {
        return header == null ? null : new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** In base64, or else as it is. */
    private static byte[] decoded(String body) {
        if (body == null) {
            return new byte[0];
        }
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }
}
