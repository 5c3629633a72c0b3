package org.qexit.tier.live.security;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** The JDK's own server and client with contexts under test: what is said of the peer, or why there was no connection. */
final class Handshakes implements AutoCloseable {
    private final HttpsServer server;

    /** Answers every request with the client's identity. */
    Handshakes(SSLContext context) throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            byte[] who = Identity.of((java.security.cert.X509Certificate)
                            ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0])
                    .toUri()
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, who.length);
            exchange.getResponseBody().write(who);
            exchange.close();
        });
        server.start();
    }

    /** What a server says, in a connection of its own. */
    String say(SSLContext client) throws IOException {
        return say(client, "localhost");
    }

    String say(SSLContext client, String host) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://" + host + ":" + server.getAddress().getPort() + "/"))
                .timeout(Duration.ofSeconds(20))
                .build();
        try {
            return HttpClient.newBuilder()
                    .sslContext(client)
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
