package org.qexit.tier.live.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;

/** HTTP to the cloud server: mutual TLS, no redirects, bounded in time and bytes. */
final class CloudClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int MAX_ANSWER = 1 << 16;

    private final URI base;
    private final HttpClient client;
    private final String plainIdentity;

    /** Without TLS, to this machine only: says who it is. */
    CloudClient(URI base, Identity plain) {
        this(base, null, plain.toUri());
    }

    /**
     * @param base such as {@code https://cs.example.org:8443}
     * @param credentialsOrNull null for plain HTTP, to this machine only
     */
    CloudClient(URI base, Credentials credentialsOrNull) {
        this(base, credentialsOrNull, null);
    }

    private CloudClient(URI base, Credentials credentialsOrNull, String plainIdentity) {
        this.plainIdentity = plainIdentity;
        this.base = checked(base, credentialsOrNull != null);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER);
        client = credentialsOrNull == null
                ? builder.build()
                : builder.sslContext(credentialsOrNull.context()).build();
    }

    private static URI checked(URI base, boolean secure) {
        String expected = secure ? "https" : "http";
        boolean bare = base.getRawQuery() == null
                && base.getRawFragment() == null
                && base.getRawUserInfo() == null
                && (base.getRawPath() == null || base.getRawPath().matches("/?"));
        if (!expected.equals(base.getScheme()) || base.getHost() == null || !bare) {
            throw new UserError(
                    "the server is '" + UserError.shown(base.toString()) + "'; expected " + expected + "://HOST:PORT");
        }
        if (!secure && !base.getHost().matches("localhost|127\\.[0-9.]+|\\[::1]")) {
            throw new UserError("the server is '" + base
                    + "'; without TLS expected one of this machine, such as http://127.0.0.1:8080");
        }
        return base;
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
        return plainIdentity == null ? request : request.header(CloudReports.IDENTITY, plainIdentity);
    }

    /** An answer's status and body. */
    record Answer(HttpResponse<Long> head, byte[] body) {
        int status() {
            return head.statusCode();
        }
    }

    Answer get(HttpRequest request, int most) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        return new Answer(send(request, body, most, ANSWER), body.toByteArray());
    }

    /** Brings a body of a known length to a stream. */
    void download(HttpRequest request, OutputStream out, long bytes, Duration atMost) throws IOException {
        HttpResponse<Long> answer = send(request, out, bytes, atMost);
        if (answer.statusCode() != 200) {
            throw refused(request, answer.statusCode(), "");
        }
    }

    /** Posts JSON; true if it was taken, false if the server asks to come later. */
    boolean post(String path, Object message) throws IOException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        Json.compact(message).getBytes(StandardCharsets.UTF_8)))
                .build();
        Answer answer = get(request, MAX_ANSWER);
        if (answer.status() == 200) {
            return true;
        }
        if (answer.status() == 429 || answer.status() == 503) {
            return false;
        }
        throw refused(request, answer.status(), new String(answer.body(), StandardCharsets.UTF_8));
    }

    static CloudRefusal refused(HttpRequest request, int status, String why) {
        return new CloudRefusal(
                status,
                request.uri() + ": the server says " + status
                        + (why.isEmpty() ? "" : ": " + UserError.shown(why.strip())));
    }

    private HttpResponse<Long> send(HttpRequest request, OutputStream out, long most, Duration atMost)
            throws IOException {
        // Of another answer than 200 the body is an explanation, and short.
        CompletableFuture<HttpResponse<Long>> exchange =
                client.sendAsync(request, head -> new CappedBody(out, head.statusCode() == 200 ? most : MAX_ANSWER));
        try {
            return exchange.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new IOException(request.uri() + ": no whole answer within " + atMost.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            String reason = e.getCause().getMessage();
            throw new IOException(
                    request.uri() + ": "
                            + (reason == null ? e.getCause().getClass().getSimpleName() : UserError.shown(reason)),
                    e.getCause());
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException(request.uri() + ": interrupted", e);
        }
    }
}
