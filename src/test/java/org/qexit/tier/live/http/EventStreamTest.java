package org.qexit.tier.live.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams as plain sockets see them. */
@SuppressWarnings("try") // a reader that only has to be there
class EventStreamTest {
    private EventStream stream;
    private HttpService server;

    @BeforeEach
    void serve() {
        stream = new EventStream(2, call -> call.header("Host").startsWith("here"));
        server = HttpService.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                new HttpLimits(1, 16, 8, 5, 5),
                List.of(
                        Route.get("/events", stream),
                        Route.get("/one", call -> HttpReply.of(200, "text/plain", new byte[] {'1'}))),
                HttpWatch.NONE);
    }

    @AfterEach
    void end() {
        stream.close();
        server.close();
    }

    /** A connection that has asked and read the head of the answer. */
    private final class Reader implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        private final BufferedReader lines;
        private final String status;
        private String head = "";

        Reader(String path, String host) throws IOException {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            status = lines.readLine().split(" ")[1];
            for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
                head += line + "\n";
            }
        }

        /** The next message's text; null at the end of the stream. */
        String message() throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    return line.substring(6);
                }
                if (line.equals("0")) {
                    return null;
                }
            }
            return null;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void readersHearTheLastAndAllThatFollowUntilTheEnd() throws IOException {
        stream.send("first");
        stream.send("second");
        try (Reader one = new Reader("/events", "here");
                Reader two = new Reader("/events", "here:80")) {
            assertTrue(one.head.contains("Content-Type: text/event-stream"), one.head);
            assertTrue(one.head.contains("Cache-Control: no-store"), one.head);
            assertEquals("second", one.message());
            assertEquals("second", two.message());
            for (String message : new String[] {"{\"a\":1}", "Σ ρ ln U", ""}) {
                stream.send(message);
                assertEquals(message, one.message());
                assertEquals(message, two.message());
            }
            stream.close();
            assertNull(one.message());
            assertNull(two.message());
        }
        try (Reader late = new Reader("/events", "here")) {
            assertEquals("503", late.status);
        }
        assertThrows(IllegalArgumentException.class, () -> stream.send("two\nlines"));
    }

    /** They hold neither threads nor places of others: the server here answers one request at a time. */
    @Test
    void otherRequestsAreAnsweredBesideAndDrainingDoesNotWaitForStreams() throws IOException {
        try (Reader one = new Reader("/events", "here");
                Reader two = new Reader("/events", "here");
                Reader other = new Reader("/one", "anywhere")) {
            assertEquals("200", one.status);
            assertEquals("200", two.status);
            assertEquals("200", other.status);
            try (Reader third = new Reader("/events", "here")) {
                assertEquals("503", third.status);
                assertTrue(third.head.contains("Retry-After: 1"), third.head);
            }
            assertTrue(server.drain(Duration.ofSeconds(10)));
        }
    }

    @Test
    void whoAsksForAForeignNameIsToldNothing() throws IOException {
        stream.send("secret");
        try (Reader foreign = new Reader("/events", "evil.example")) {
            assertEquals("403", foreign.status);
            assertTrue(foreign.head.contains("Content-Type: application/json"), foreign.head);
        }
    }

    /** A reader that goes makes room, and one that never reads holds nobody up and misses messages, not the last. */
    @Test
    void readersThatGoOrSleepHarmNobody() throws IOException, InterruptedException {
        String large = "x".repeat(1 << 16);
        try (Reader gone = new Reader("/events", "here")) {
            assertEquals(1, stream.readers());
        }
        try (Reader sleeping = new Reader("/events", "here")) {
            for (int i = 0; stream.readers() > 1 || i < 200; i++) {
                stream.send(large + i);
                Thread.sleep(stream.readers() > 1 ? 10 : 0);
            }
            stream.send("last");
            int read = 0;
            String message = sleeping.message();
            for (; !"last".equals(message); message = sleeping.message()) {
                assertTrue(message.startsWith(large));
                read++;
            }
            assertTrue(read >= 1, read + " messages");
        }
    }
}
