package dev.sluice.testing;

import io.restassured.http.Header;
import io.restassured.response.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLSession;

/** An answer that REST-assured received, for assertions on plain text. Immutable. */
record ReceivedAnswer(int statusCode, HttpHeaders headers, String body) implements HttpResponse<String> {

    static ReceivedAnswer of(Response answer) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : answer.headers()) {
            headers.computeIfAbsent(header.getName(), name -> new ArrayList<>()).add(header.getValue());
        }
        return new ReceivedAnswer(answer.statusCode(), HttpHeaders.of(headers, (name, value) -> true), answer.asString());
    }

    @Override
    public HttpRequest request() {
        throw new UnsupportedOperationException("only what was received is kept");
    }

    @Override
    public URI uri() {
        return request().uri();
    }

    @Override
    public Optional<HttpResponse<String>> previousResponse() {
        return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
        return Optional.empty();
    }

    @Override
    public HttpClient.Version version() {
        return HttpClient.Version.HTTP_1_1;
    }
}
