package org.qexit.tier.live.up;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.qexit.common.Json;
import org.qexit.tier.live.http.EventStream;
import org.qexit.tier.live.http.HttpCall;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.http.HttpReply;
import org.qexit.tier.live.http.HttpService;
import org.qexit.tier.live.http.HttpWatch;
import org.qexit.tier.live.http.Route;

/**
 * The page that shows a deployment at work, for this machine: HTML that fetches nothing from elsewhere, and {@code /events}, server-sent
 * events with all figures as JSON; {@code /figures} is the same once. Asked for under a foreign name it shows nothing, so that no page of
 * the web can read it through a name that it makes point here.
 */
final class LivePage implements AutoCloseable {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final int READERS = 32;
    private static final int FORBIDDEN = 403;
    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final Duration GOODBYE = Duration.ofMillis(200);

    private final EventStream events = new EventStream(READERS, LivePage::isOurs);
    private final HttpService http;
    private volatile String last = "{}";

    LivePage(InetSocketAddress address, Consumer<String> say) {
        http = HttpService.start(
                address,
                null,
                HttpLimits.standard(),
                List.of(
                        page("/", "page.html", "text/html; charset=utf-8"),
                        page("/page.css", "page.css", "text/css; charset=utf-8"),
                        page("/page.js", "page.js", "text/javascript; charset=utf-8"),
                        page("/icon.svg", "icon.svg", "image/svg+xml"),
                        Route.getAlways("/figures", this::figures),
                        Route.getAlways("/events", events)),
                new Watch(say));
    }

    private record Watch(Consumer<String> say) implements HttpWatch {
        @Override
        public void answered(String route, int status, double seconds) {
            // Nothing is counted.
        }

        @Override
        public void failed(String line) {
            say.accept("page: " + line);
        }
    }

    private static boolean isOurs(HttpCall call) {
        String host = call.header("Host");
        return host != null && HOSTS.contains(host.replaceFirst(":\\d{1,5}$", ""));
    }

    private static Route page(String path, String resource, String type) {
        byte[] bytes = read(resource);
        return Route.getAlways(path, call -> safe(call, HttpReply.of(200, type, bytes)));
    }

    private HttpReply figures(HttpCall call) {
        return safe(call, HttpReply.of(200, HttpReply.JSON, last.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static HttpReply safe(HttpCall call, HttpReply reply) {
        HttpReply shown =
                isOurs(call) ? reply : HttpReply.error(FORBIDDEN, "this page is asked for under another name");
        return shown.with("Content-Security-Policy", POLICY)
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "no-referrer")
                .with("Cross-Origin-Resource-Policy", "same-origin")
                .with("Cache-Control", "no-store");
    }

    private static byte[] read(String resource) {
        try (InputStream in = LivePage.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Such as {@code http://127.0.0.1:8080}. */
    String address() {
        return http.address();
    }

    void show(Figures figures) {
        last = Json.compact(figures);
        events.send(last);
    }

    /** Ends; what was shown last reaches whoever looks. */
    @Override
    public void close() {
        events.close();
        try {
            Thread.sleep(GOODBYE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
