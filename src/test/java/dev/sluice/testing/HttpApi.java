package dev.sluice.testing;

import static io.restassured.config.DecoderConfig.decoderConfig;
import static io.restassured.config.EncoderConfig.encoderConfig;
import static io.restassured.config.HttpClientConfig.httpClientConfig;
import static io.restassured.config.RedirectConfig.redirectConfig;

import io.restassured.RestAssured;
import io.restassured.config.RestAssuredConfig;
import io.restassured.filter.FilterContext;
import io.restassured.filter.log.LogDetail;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.http.client.HttpClient;
import org.apache.http.impl.client.DefaultHttpRequestRetryHandler;
import org.apache.http.params.CoreConnectionPNames;

/**
 * How do tests speak HTTP? With REST-assured: {@link #given} begins a request to a server, whose answer is held against the contract,
 * as {@link ResponseContract} does it. Paths are sent as they are written. Thread-safe.
 */
public final class HttpApi {

    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(100).toMillis();
    /** More than wait for an answer at once in any test. */
    private static final int CONNECTIONS = 500;
    private static final RestAssuredConfig CONFIG = RestAssuredConfig.config()
            .encoderConfig(encoderConfig().defaultContentCharset(StandardCharsets.UTF_8)
                    .appendDefaultContentCharsetToContentTypeIfUndefined(false))
            .decoderConfig(decoderConfig().defaultContentCharset(StandardCharsets.UTF_8).noContentDecoders())
            .redirect(redirectConfig().followRedirects(false))
            .httpClient(httpClientConfig().httpClientFactory(HttpApi::client).reuseHttpClientInstance());

    private HttpApi() {
    }

    /** A request of the account and region of a server on this port of localhost. */
    public static RequestSpecification given(int port) {
        return given(port, Authorization.DEFAULT);
    }

    /** @param authorization what {@code Authorization} says */
    public static RequestSpecification given(int port, String authorization) {
        return given(URI.create("http://localhost:" + port), authorization);
    }

    /** A request of the server's own account and region. */
    public static RequestSpecification given(URI endpoint) {
        return given(endpoint, Authorization.DEFAULT);
    }

    /** @param authorization what {@code Authorization} says */
    public static RequestSpecification given(URI endpoint, String authorization) {
        return unsigned(endpoint).header(Authorization.HEADER, authorization);
    }

    private static RequestSpecification unsigned(URI endpoint) {
        RequestSpecification request = RestAssured.given().config(CONFIG).baseUri(endpoint.toString()).urlEncodingEnabled(false)
                .contentType(ContentType.JSON).filter(HttpApi::checked);
        // A failed expectation names what it expected; why the answer is another is in the answer.
        request.response().log().ifValidationFails(LogDetail.ALL, false);
        return request;
    }

    private static Response checked(FilterableRequestSpecification request, FilterableResponseSpecification specification,
            FilterContext context) {
        Response answer = context.next(request, specification);
        ResponseContract.check(request.getMethod(), URI.create(request.getURI()).getRawPath(), answer.statusCode(), answer::header,
                answer.asString());
        return answer;
    }

    /** Sends it; {@code body} is null for none. */
    public static HttpResponse<String> send(RequestSpecification request, String method, String path, String body) {
        return ReceivedAnswer.of((body == null ? request : request.body(body)).request(method, path));
    }

    // Only this old kind of client is one that REST-assured can use.
    @SuppressWarnings("deprecation")
    private static HttpClient client() {
        var connections = new org.apache.http.impl.conn.PoolingClientConnectionManager();
        connections.setMaxTotal(CONNECTIONS);
        connections.setDefaultMaxPerRoute(CONNECTIONS);
        var client = new org.apache.http.impl.client.DefaultHttpClient(connections);
        client.setHttpRequestRetryHandler(new DefaultHttpRequestRetryHandler(0, false));
        client.getParams().setIntParameter(CoreConnectionPNames.SO_TIMEOUT, PATIENCE_MILLIS);
        return client;
    }
}
