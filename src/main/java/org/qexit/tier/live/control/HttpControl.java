package org.qexit.tier.live.control;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.qexit.common.UserError;
import org.qexit.tier.live.security.Credentials;

/** Documents and bundles of {@code qexit serve cs}, by polling with entity tags (RFC 9110 section 13): what has not changed is not sent. */
public final class HttpControl implements ControlSource {
    private static final Duration START = Duration.ofSeconds(30);
    private static final long SLOWEST_BYTES_PER_SECOND = 1 << 14;

    private final CloudClient client;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(String tag, byte[] envelope) {}

    /**
     * @param server such as {@code https://cs.example.org:8443}
     * @param credentialsOrNull null for plain HTTP, to this machine only
     * @throws UserError for another address
     */
    public HttpControl(URI server, Credentials credentialsOrNull) {
        client = new CloudClient(server, credentialsOrNull);
    }

    @Override
    public Optional<byte[]> poll(ControlKind kind, String subject) throws IOException {
        String path = ControlNames.documentPath(kind, subject);
        Known before = known.get(path);
        HttpRequest.Builder request = client.request(path);
        if (before != null) {
            request.header("If-None-Match", before.tag());
        }
        CloudClient.Answer answer = client.get(request.build(), SignedEnvelope.MAX_BYTES);
        return switch (answer.status()) {
            case 200 -> {
                answer.head()
                        .headers()
                        .firstValue("ETag")
                        .ifPresentOrElse(
                                tag -> known.put(path, new Known(tag, answer.body())), () -> known.remove(path));
                yield Optional.of(answer.body());
            }
            case 304 -> Optional.ofNullable(before).map(Known::envelope);
            case 404 -> {
                known.remove(path);
                yield Optional.empty();
            }
            default -> throw CloudClient.refused(request.build(), answer.status(), "");
        };
    }

    @Override
    public Path fetch(ModelRelease release, Path into) throws IOException {
        HttpRequest request =
                client.request(ControlNames.bundlePath(release.sha256())).build();
        Duration atMost = START.plusSeconds(release.bytes() / SLOWEST_BYTES_PER_SECOND);
        return BundleStore.get(release, into, file -> {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                client.download(request, out, release.bytes(), atMost);
            }
        });
    }
}
