package org.qexit.tier.live.device;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.qexit.common.Json;

/** An edge node of a few lines, by the JDK's server, that knows the protocol by heart and no class of ours but the reader of JSON. */
public final class FakeNode implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService pool = Executors.newFixedThreadPool(8);
    private volatile Behaviour behaviour;

    /** A request, taken apart. */
    public record Request(String id, String device, long settled, String input, float[] values) {
        /** What this node says of it: -1 to 2. */
        public int classId() {
            return answer(values);
        }
    }

    /** Says what to do. */
    @FunctionalInterface
    public interface Behaviour {
        Answer of(Request request) throws Exception;
    }

    /** Status and body. */
    public record Answer(int status, String body, Map<String, String> headers) {
        public static Answer of(int status, String body) {
            return new Answer(status, body, Map.of());
        }
    }

    public FakeNode(int port, Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(pool);
        server.createContext("/v2/models/tiny-node/infer", this::infer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public void behave(Behaviour other) {
        behaviour = other;
    }

    /** The answer to an event, by a rule of its own. */
    public static int answer(float[] values) {
        return Math.floorMod(Arrays.hashCode(values), 4) - 1;
    }

    /** An answer of the protocol. */
    public static Answer classified(String id, int classId) {
        return Answer.of(
                200,
                "{\"model_name\":\"tiny-node\",\"model_version\":\"1\",\"id\":\"" + id
                        + "\",\"outputs\":[{\"name\":\"class\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":["
                        + classId
                        + "]},{\"name\":\"exit\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":[2]}]}");
    }

    public static Answer classified(Request request) {
        return classified(request.id(), request.classId());
    }

    private void infer(HttpExchange exchange) throws IOException {
        Answer answer;
        try {
            answer = behaviour.of(request(exchange));
        } catch (IllegalArgumentException e) {
            answer = Answer.of(400, "{\"error\":\"" + e.getMessage() + "\"}");
        } catch (Exception e) {
            answer = Answer.of(500, "{\"error\":\"" + e.getClass().getSimpleName() + "\"}");
        }
        try (exchange) {
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            answer.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Request request(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int json = Integer.parseInt(exchange.getRequestHeaders().getFirst("Inference-Header-Content-Length"));
        Map<?, ?> request = Json.parse("request", new String(body, 0, json, StandardCharsets.UTF_8), Map.class);
        Map<?, ?> parameters = (Map<?, ?>) request.get("parameters");
        Map<?, ?> input = (Map<?, ?>) ((List<?>) request.get("inputs")).get(0);
        int size = ((Number) ((Map<?, ?>) input.get("parameters")).get("binary_data_size")).intValue();
        boolean levels = "UINT8".equals(input.get("datatype"));
        int elements = ((List<?>) input.get("shape"))
                .stream().mapToInt(n -> ((Number) n).intValue()).reduce(1, Math::multiplyExact);
        if (json + size != body.length || size != elements * (levels ? 1 : 4)) {
            throw new IllegalArgumentException("sizes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(body, json, size).slice().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = levels ? bytes.get() & 0xff : bytes.getFloat();
        }
        return new Request(
                (String) request.get("id"),
                (String) parameters.get("device"),
                ((Number) parameters.get("settled")).longValue(),
                (String) input.get("name"),
                values);
    }

    @Override
    public void close() {
        server.stop(0);
        pool.shutdownNow();
    }
}
