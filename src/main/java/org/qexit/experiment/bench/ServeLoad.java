package org.qexit.experiment.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.qexit.common.UserError;
import org.qexit.common.Waiting;
import org.qexit.device.Latencies;

/** Clients of an HTTP server on this machine, each on a connection of its own, one request after the other. */
final class ServeLoad {
    private final int port;
    private final int clients;

    ServeLoad(int port, int clients) {
        this.port = port;
        this.clients = clients;
    }

    /** One connection, and what it needs to know of an answer: its status and its length. */
    private static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Connection(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
        }

        void send(byte[] request) throws IOException {
            socket.getOutputStream().write(request);
            String status = line();
            int length = -1;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                    length = Integer.parseInt(header.substring(15).strip());
                }
            }
            byte[] body = in.readNBytes(length);
            if (!status.startsWith("HTTP/1.1 200")) {
                throw new UserError("the node says " + status + ": " + new String(body, StandardCharsets.UTF_8));
            }
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the connection ended");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Where requests come from; called by all clients. */
    @FunctionalInterface
    interface Source {
        /** A client's next, or null if there are no more. */
        byte[] next(int client);
    }

    /** What clients saw together. */
    record Seen(long requests, double seconds, Latencies latencies) {
        double perSecond() {
            return requests / seconds;
        }
    }

    /** Sends until there are no more requests, or the time is over. */
    Seen load(Source source, double seconds) {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long start = System.nanoTime();
            long end = start + (long) (seconds * 1e9);
            List<Future<Latencies>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                Callable<Latencies> client = () -> client(number, source, end);
                running.add(threads.submit(client));
            }
            Latencies together = new Latencies();
            for (Future<Latencies> client : running) {
                together.add(Waiting.resultOf(client));
            }
            return new Seen(together.count(), (System.nanoTime() - start) * 1e-9, together);
        } finally {
            threads.shutdownNow();
        }
    }

    private Latencies client(int number, Source source, long end) {
        Latencies latencies = new Latencies();
        try (Connection connection = new Connection(port)) {
            byte[] request = source.next(number);
            while (request != null && System.nanoTime() - end < 0) {
                long before = System.nanoTime();
                connection.send(request);
                latencies.add(System.nanoTime() - before);
                request = source.next(number);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return latencies;
    }
}
