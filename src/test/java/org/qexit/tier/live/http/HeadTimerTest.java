package org.qexit.tier.live.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that never come to the end of a request's head. */
@Timeout(60)
class HeadTimerTest {
    private static final HttpLimits LIMITS = new HttpLimits(8, 8, 8, 0.3, 0.5);

    private static HttpService service(SSLContext tls) {
        Route hello = Route.get("/hello", call -> HttpReply.of(200, "text/plain", new byte[] {'h', 'i'}));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return HttpService.start(address, tls, LIMITS, List.of(hello), HttpWatch.NONE);
    }

    /** Sends a byte now and then; returns when the server has closed the connection. */
    private static void drip(HttpService service, byte[] start) throws IOException, InterruptedException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(100);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            out.write(start);
            while (true) {
                try {
                    out.write('a');
                    if (in.read() < 0) {
                        return;
                    }
                } catch (java.net.SocketTimeoutException e) {
                    // Still open.
                } catch (java.net.SocketException e) {
                    return;
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /hello HTTP/1.1\r\nHost: here\r\nSlow: "})
    void headsThatDripAreCutOff(String start) throws Exception {
        try (HttpService service = service(null)) {
            drip(service, start.getBytes(StandardCharsets.US_ASCII));
            assertEquals(0, service.running());
        }
    }

    @Test
    void handshakesThatDripAreCutOff() throws Exception {
        try (HttpService service = service(SSLContext.getDefault())) {
            // The head of a record of 16,000 bytes.
            drip(service, new byte[] {0x16, 0x03, 0x01, 0x3e, (byte) 0x80});
            assertEquals(0, service.running());
        }
    }

    @Test
    void connectionsThatAreUsedStay() throws Exception {
        try (HttpService service = service(null);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            byte[] request = "GET /hello HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 6; i++) {
                socket.getOutputStream().write(request);
                StringBuilder answer = new StringBuilder();
                while (answer.indexOf("\r\n\r\nhi") < 0) {
                    answer.append((char) socket.getInputStream().read());
                }
                assertTrue(answer.toString().startsWith("HTTP/1.1 200"), "request " + i);
                Thread.sleep(250);
            }
        }
    }
}
