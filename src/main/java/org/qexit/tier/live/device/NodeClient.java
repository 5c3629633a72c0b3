package org.qexit.tier.live.device;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.qexit.common.UserError;
import org.qexit.tier.live.inference.Message;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** Talks to one edge node. May be used by several threads. */
final class NodeClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int OK = 200;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    private final NodeAddress address;
    private final HttpClient client;
    private final Credentials credentials;
    private final int level;
    private volatile boolean known;

    /**
     * @param credentials null without TLS
     * @param level the device's: the node's must not be larger
     */
    NodeClient(NodeAddress address, Credentials credentials, int level) {
        this.address = address;
        this.credentials = credentials;
        this.level = level;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (credentials != null) {
            builder.sslContext(credentials.context());
        }
        client = builder.build();
    }

    NodeAddress address() {
        return address;
    }

    /**
     * Sends an event and waits.
     *
     * @param model name of the node's model
     * @param seconds that it waits at most
     */
    Reply send(String model, String id, Message call, double seconds) throws InterruptedException {
        try {
            if (credentials != null && !known) {
                // Nothing of an event goes to a node that is not who it should be.
                check(exchange(request("/v2/health/live").GET().build(), seconds));
                known = true;
            }
            String path = "/v2/models/"
                    + URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20") + "/infer";
            HttpRequest request = request(path)
                    .header("Content-Type", call.contentType())
                    .header(Message.HEADER, Integer.toString(call.jsonLength()))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(call.bytes()))
                    .build();
            HttpResponse<byte[]> response = exchange(request, seconds);
            check(response);
            return reply(id, response);
        } catch (IOException | UserError e) {
            known = false;
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return new Reply.Later(0, UserError.shown(why), false);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address.url() + path));
    }

    private HttpResponse<byte[]> exchange(HttpRequest request, double seconds)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, info -> new LimitedBody());
        try {
            return answer.get(Math.max(1, (long) (1e6 * seconds)), TimeUnit.MICROSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer in time", e);
        } catch (ExecutionException e) {
            String why = e.getCause().getMessage();
            throw new IOException(why == null ? e.getCause().getClass().getSimpleName() : why, e);
        } finally {
            answer.cancel(true);
        }
    }

    /** Whether the other end is the node that it should be, of a level that the device may use. */
    private void check(HttpResponse<byte[]> response) {
        if (credentials == null) {
            return;
        }
        Identity peer = credentials.peer(
                response.sslSession().orElseThrow(() -> new UserError(address + ": has shown no certificate")));
        if (peer.role() != Role.NODE || !address.id().isEmpty() && !peer.id().equals(address.id())) {
            throw new UserError(address + ": is " + peer + "; expected node " + address.id());
        }
        if (peer.level() > level) {
            throw new UserError(address + ": is of security level " + peer.level() + "; this device needs " + level);
        }
    }

    private static Reply reply(String id, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        byte[] body = response.body();
        if (status == OK) {
            try {
                return new Reply.Answered(InferenceCall.answer(id, body));
            } catch (UserError e) {
                return new Reply.Failed(e.getMessage());
            }
        }
        String why = status + ": " + InferenceCall.error(body);
        if (status == TOO_MANY || status == UNAVAILABLE) {
            return new Reply.Later(waitSeconds(response), why, true);
        }
        return status >= SERVER_ERROR ? new Reply.Failed(why) : new Reply.Refused(status, why);
    }

    /** Exactly if the node says so, else by the header; dates, which nodes do not send, count as nothing. */
    private static double waitSeconds(HttpResponse<byte[]> response) {
        return InferenceCall.retryAfterSeconds(response.body())
                .orElseGet(() -> response.headers()
                        .firstValue("Retry-After")
                        .filter(text -> text.matches("[0-9]{1,6}"))
                        .map(Double::valueOf)
                        .orElse(0.0));
    }
}
