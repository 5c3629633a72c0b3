package org.qexit.tier.live.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.bundle.Bundle;
import org.qexit.tier.live.http.HttpLimits;

/** A client that knows the protocol's documents and none of our classes, against a node that serves the frozen bundle. */
class NodeServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private static Path directory;

    private static GoldenNode golden;
    private static NodeServer server;

    @BeforeAll
    static void start() throws IOException {
        golden = GoldenNode.read();
        server = start(new HttpLimits(16, 64, 16, 0.5, 2), GoldenNode.plan(1e6, 2));
    }

    static NodeServer start(HttpLimits limits, String plan) throws IOException {
        Path file = Files.writeString(directory.resolve("plan-" + plan.hashCode() + ".json"), plan);
        return NodeServer.start(
                Bundle.open(GoldenNode.BUNDLE),
                NodePlan.read(file, "en1", 1),
                new NodeServer.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        null,
                        Files.createTempDirectory(directory, "state"),
                        limits,
                        new NodeService.Settings(null, 600, 8, 2, 10),
                        null,
                        line -> {}));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static URI uri(String path) {
        return URI.create(server.address() + path);
    }

    private static HttpResponse<byte[]> get(String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> post(byte[] body, String... headers) throws Exception {
        return CLIENT.send(
                request("/v2/models/edge-node/infer", body, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpRequest request(String path, byte[] body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private static HttpResponse<byte[]> post(String json) throws Exception {
        return post(json.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    private static String json(String type, int from, int to, String rest) {
        return golden.json(type, from, to, rest);
    }

    private static void assertGolden(JsonNode answer, int from, int to) {
        assertEquals("edge-node", answer.get("model_name").asText());
        JsonNode outputs = answer.get("outputs");
        for (int k = from; k < to; k++) {
            assertEquals(
                    golden.classes[k], outputs.get(0).get("data").get(k - from).asInt(), "class of event " + k);
            assertEquals(
                    golden.exits[k], outputs.get(1).get("data").get(k - from).asInt(), "exit of event " + k);
            for (int c = 0; c < GoldenNode.CLASSES; c++) {
                assertEquals(
                        golden.probabilities[k][golden.exits[k] - 1][c],
                        outputs.get(2)
                                .get("data")
                                .get((k - from) * GoldenNode.CLASSES + c)
                                .asDouble(),
                        golden.tolerance);
            }
        }
        assertEquals("[" + (to - from) + ",10]", outputs.get(2).get("shape").toString());
    }

    @ParameterizedTest
    @CsvSource({"FP32, 1, false", "FP32, 8, false", "UINT8, 1, false", "UINT8, 5, true", "FP32, 3, true"})
    void answersAreTheGoldenOnes(String type, int batch, boolean all) throws Exception {
        for (int from = 0; from < golden.events(); from += batch) {
            int to = Math.min(golden.events(), from + batch);
            HttpResponse<byte[]> response =
                    post(json(type, from, to, all ? "\"parameters\":{\"all_exits\":true}," : ""));
            assertEquals(200, response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
            assertGolden(JSON.readTree(response.body()), from, to);
        }
    }

    /** Bytes behind the JSON, as Triton's clients send them and want them back. */
    @ParameterizedTest
    @ValueSource(strings = {"FP32", "UINT8"})
    void binaryTensorsGiveTheSame(String type) throws Exception {
        int events = 8;
        int width = type.equals("FP32") ? 4 : 1;
        ByteBuffer data = ByteBuffer.allocate(events * GoldenNode.SIZE * width).order(ByteOrder.LITTLE_ENDIAN);
        for (int k = 0; k < events; k++) {
            for (float value : golden.inputs[k]) {
                if (width == 4) {
                    data.putFloat(value);
                } else {
                    data.put((byte) value);
                }
            }
        }
        byte[] json = ("{\"inputs\":[{\"name\":\"input\",\"shape\":[8,1,28,28],\"datatype\":\"" + type
                        + "\",\"parameters\":{\"binary_data_size\":" + data.capacity() + "}}],\"outputs\":["
                        + "{\"name\":\"confidences\",\"parameters\":{\"binary_data\":true}},{\"name\":\"class\"},"
                        + "{\"name\":\"exit\",\"parameters\":{\"binary_data\":true}}]}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(json, json.length + data.capacity());
        System.arraycopy(data.array(), 0, body, json.length, data.capacity());
        HttpResponse<byte[]> response = post(
                body, "Content-Type", "application/octet-stream", "Inference-Header-Content-Length", "" + json.length);
        assertEquals(200, response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
        int length = Integer.parseInt(
                response.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        JsonNode answer = JSON.readTree(response.body(), 0, length);
        assertEquals("confidences", answer.get("outputs").get(0).get("name").asText());
        ByteBuffer binary = ByteBuffer.wrap(response.body(), length, response.body().length - length)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int k = 0; k < events; k++) {
            for (int c = 0; c < GoldenNode.CLASSES; c++) {
                assertEquals(golden.probabilities[k][golden.exits[k] - 1][c], binary.getFloat(), golden.tolerance);
            }
            assertEquals(
                    golden.classes[k],
                    answer.get("outputs").get(1).get("data").get(k).asInt());
        }
        for (int k = 0; k < events; k++) {
            assertEquals(golden.exits[k], binary.getLong());
        }
        assertFalse(binary.hasRemaining());
    }

    @Test
    void nestedDataIsTheSameAsFlat() throws Exception {
        StringBuilder rows = new StringBuilder();
        for (int y = 0; y < 28; y++) {
            rows.append(y == 0 ? "" : ",")
                    .append(Arrays.toString(Arrays.copyOfRange(golden.inputs[3], y * 28, (y + 1) * 28)));
        }
        HttpResponse<byte[]> response =
                post("{\"inputs\":[{\"name\":\"input\",\"shape\":[1,1,28,28],\"datatype\":\"FP32\"," + "\"data\":[[["
                        + rows + "]]]}]}");
        assertEquals(200, response.statusCode());
        assertGolden(JSON.readTree(response.body()), 3, 4);
    }

    @Test
    void manyClientsAtATime() throws Exception {
        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int k = i;
            answers.add(CLIENT.sendAsync(
                    request(
                            "/v2/models/edge-node/infer",
                            json("FP32", k, k + 1, "\"id\":\"r" + k + "\",").getBytes()),
                    HttpResponse.BodyHandlers.ofByteArray()));
        }
        for (int k = 0; k < answers.size(); k++) {
            JsonNode answer = JSON.readTree(answers.get(k).join().body());
            assertEquals("r" + k, answer.get("id").asText());
            assertGolden(answer, k, k + 1);
        }
    }

    @Test
    void metadataSaysWhatIsServed() throws Exception {
        JsonNode model = JSON.readTree(get("/v2/models/edge-node").body());
        assertEquals("[-1,1,28,28]", model.get("inputs").get(0).get("shape").toString());
        String version = model.get("versions").get(0).asText();
        assertEquals(200, get("/v2/models/edge-node/versions/" + version).statusCode());
        assertEquals(404, get("/v2/models/edge-node/versions/7").statusCode());
        assertEquals(
                200, get("/v2/models/edge-node/versions/" + version + "/ready").statusCode());
        assertEquals(
                "true", JSON.readTree(get("/v2/health/live").body()).get("live").toString());
        assertEquals(200, get("/v2/health/ready").statusCode());
        assertEquals(200, get("/v2/models/edge-node/ready").statusCode());
        assertEquals(
                "binary_tensor_data",
                JSON.readTree(get("/v2").body()).get("extensions").get(0).asText());
        HttpResponse<byte[]> pinned = CLIENT.send(
                request(
                        "/v2/models/edge-node/versions/" + version + "/infer",
                        json("FP32", 0, 1, "").getBytes(StandardCharsets.UTF_8)),
                HttpResponse.BodyHandlers.ofByteArray());
        assertGolden(JSON.readTree(pinned.body()), 0, 1);
    }

    static Stream<Arguments> refusals() {
        String data = IntStream.range(0, GoldenNode.SIZE)
                .mapToObj(i -> "1")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
        String input = "{\"name\":\"input\",\"shape\":[1,1,28,28],\"datatype\":\"FP32\",\"data\":[" + data + "]}";
        return Stream.of(
                        "400;",
                        "400;{",
                        "400;[]",
                        "400;null",
                        "400;{\"inputs\":[]}",
                        "400;{\"inputs\":[null]}",
                        "400;{\"inputs\":[" + input + "," + input + "]}",
                        "400;{\"inputs\":[" + input.replace("input", "image") + "]}",
                        "400;{\"inputs\":[" + input.replace("FP32", "FP16") + "]}",
                        "400;{\"inputs\":[" + input.replace("FP32", "INT64") + "]}",
                        "400;{\"inputs\":[" + input.replace("FP32", "UINT8").replace("[1,1,1,", "[1.5,1,1,") + "]}",
                        "400;{\"inputs\":[" + input.replace("FP32", "UINT8").replace("\"data\":[1,", "\"data\":[256,")
                                + "]}",
                        "400;{\"inputs\":[" + input.replace("\"data\":[1,", "\"data\":[256,") + "]}",
                        "400;{\"inputs\":[" + input.replace("\"data\":[1,", "\"data\":[NaN,") + "]}",
                        "400;{\"inputs\":[" + input.replace("\"data\":[1,", "\"data\":[\"1\",") + "]}",
                        "400;{\"inputs\":[" + input.replace("\"data\":[1,", "\"data\":[[1],") + "]}",
                        "400;{\"inputs\":[" + input.replace("\"data\":[1,", "\"data\":[") + "]}",
                        "400;{\"inputs\":[" + input.replace("[1,1,28,28]", "[784]") + "]}",
                        "400;{\"inputs\":[" + input.replace("[1,1,28,28]", "[-1,1,28,28]") + "]}",
                        "400;{\"inputs\":[" + input.replace("[1,1,28,28]", "[2147483647,2147483647,28,28]") + "]}",
                        "400;{\"inputs\":[" + input.replace("[1,1,28,28]", "[99999999999]") + "]}",
                        "400;{\"inputs\":[" + input.replace("[1,1,28,28]", "[]") + "]}",
                        "400;{\"input\":[" + input + "]}",
                        "400;{\"id\":{},\"inputs\":[" + input + "]}",
                        "400;{\"id\":\"a b\",\"inputs\":[" + input + "]}",
                        "400;{\"parameters\":{\"priority\":1},\"inputs\":[" + input + "]}",
                        "400;{\"parameters\":{\"device\":1},\"inputs\":[" + input + "]}",
                        "400;{\"parameters\":{\"device\":{}},\"inputs\":[" + input + "]}",
                        "400;{\"parameters\":{\"all_exits\":\"yes\"},\"inputs\":[" + input + "]}",
                        "400;{\"outputs\":[{\"name\":\"logits\"}],\"inputs\":[" + input + "]}",
                        "400;{\"outputs\":[{\"name\":\"class\"},{\"name\":\"class\"}],\"inputs\":[" + input + "]}",
                        "400;{\"outputs\":[{\"name\":\"class\",\"parameters\":{\"classification\":3}}],\"inputs\":["
                                + input + "]}",
                        "400;{\"inputs\":[{\"name\":\"input\",\"shape\":[1,1,28,28],\"datatype\":\"FP32\","
                                + "\"parameters\":{\"binary_data_size\":3136}}]}",
                        "400;" + "[".repeat(10_000),
                        "403;{\"parameters\":{\"device\":\"ue2\"},\"inputs\":[" + input + "]}",
                        "403;{\"parameters\":{\"device\":\"stranger\"},\"inputs\":[" + input + "]}",
                        "413;{\"parameters\":{\"device\":\"ue3\"},\"inputs\":["
                                + input.replace("[1,1,28,28]", "[3,1,28,28]")
                                        .replace(data, data + "," + data + "," + data)
                                + "]}")
                .map(text -> Arguments.of(Integer.parseInt(text.substring(0, 3)), text.substring(4)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void badRequestsAreToldWhy(int status, String body) throws Exception {
        HttpResponse<byte[]> response = post(body);
        String text = new String(response.body(), StandardCharsets.UTF_8);
        assertEquals(status, response.statusCode(), text);
        String error = JSON.readTree(text).get("error").asText();
        assertFalse(error.isBlank() || error.contains("\n") || error.length() > 500, error);
    }

    @ParameterizedTest
    @CsvSource({
        "400, application/octet-stream, 99999999",
        "400, application/octet-stream, -1",
        "400, application/octet-stream, x",
        "415, text/plain, ",
        "415, multipart/form-data, ",
    })
    void badHeadersAreToldWhy(int status, String type, String length) throws Exception {
        byte[] body = json("FP32", 0, 1, "").getBytes(StandardCharsets.UTF_8);
        HttpResponse<byte[]> response = length == null
                ? post(body, "Content-Type", type)
                : post(body, "Content-Type", type, "Inference-Header-Content-Length", length);
        assertEquals(status, response.statusCode());
        assertFalse(JSON.readTree(response.body()).get("error").asText().isBlank());
    }

    @Test
    void otherPathsAndMethods() throws Exception {
        assertEquals(404, get("/").statusCode());
        assertEquals(404, get("/v2/models/other").statusCode());
        assertEquals(404, get("/v2/models/other/ready").statusCode());
        assertEquals(405, get("/v2/models/edge-node/infer").statusCode());
        HttpResponse<byte[]> other = CLIENT.send(
                request("/v2/models/other/infer", json("FP32", 0, 1, "").getBytes(StandardCharsets.UTF_8)),
                HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(404, other.statusCode());
    }

    @Test
    void moreThanThePlanGrantsIsToldWhenToComeBack() throws Exception {
        try (NodeServer small = start(HttpLimits.standard(), GoldenNode.plan(3, 2))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(small.address() + "/v2/models/edge-node/infer"))
                    .POST(HttpRequest.BodyPublishers.ofString(
                            json("FP32", 0, 2, "\"parameters\":{\"device\":\"ue1\"},")))
                    .build();
            assertEquals(
                    200,
                    CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
            HttpResponse<String> second = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(429, second.statusCode());
            double exact = JSON.readTree(second.body())
                    .get("parameters")
                    .get("retry_after_seconds")
                    .asDouble();
            // One token is there, one more comes in 200 s.
            assertTrue(exact > 150 && exact <= 200, second.body());
            assertEquals(
                    (long) Math.ceil(exact),
                    second.headers().firstValueAsLong("Retry-After").orElseThrow());
            String metrics = CLIENT.send(
                            HttpRequest.newBuilder(URI.create(small.address() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            assertTrue(
                    metrics.contains("qexit_device_events_total{admission=\"admitted\",device=\"ue1\"} 2.0"), metrics);
            assertTrue(
                    metrics.contains("qexit_device_events_total{admission=\"refused\",device=\"ue1\"} 2.0"), metrics);
            assertTrue(
                    metrics.contains("qexit_requests_total{route=\"/v2/models/{name}/infer\",status=\"429\"} 1.0"),
                    metrics);
        }
    }

    @Test
    void oversizedRequestsAreRefusedBeforeTheyAreRead() throws Exception {
        for (int i = 0; i < 20; i++) {
            HttpResponse<byte[]> declared = post(new byte[400_000], "Content-Type", "application/json");
            assertEquals(413, declared.statusCode());
        }
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("Transfer-Encoding: chunked"));
            byte[] chunk = new byte[0x8000];
            Arrays.fill(chunk, (byte) ' ');
            String status = "";
            try {
                for (int i = 0; i < 100; i++) {
                    out.write("8000\r\n".getBytes(StandardCharsets.US_ASCII));
                    out.write(chunk);
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                status = "closed";
            }
            status = status.isEmpty() ? firstLine(socket) : status;
            assertTrue(status.contains("413") || status.equals("closed"), status);
        }
    }

    @Test
    void slowRequestsAreGivenUp() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("Content-Length: 5000"));
            socket.getOutputStream().write('{');
            socket.getOutputStream().flush();
            assertTrue(firstLine(socket).contains("408"));
        }
        try (Socket silent = connect()) {
            silent.getOutputStream().write("POST /v2".getBytes(StandardCharsets.US_ASCII));
            // Closed after the idle time; maybe told why.
            String line = firstLine(silent);
            assertTrue(line.isEmpty() || line.contains("408") || line.contains("400"), line);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "POST /v2 HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
                "POST /v2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /v2/../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /v2/health/ready HTTP/9.9\r\nHost: a\r\n\r\n",
            })
    void whatIsNoHttpIsRefused(String bytes) throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            String line = firstLine(socket);
            assertTrue(line.matches("HTTP/1\\.[01] (4\\d\\d|505) .*"), line);
        }
        assertEquals(200, get("/v2/health/ready").statusCode());
    }

    @Test
    void aLongHeadIsRefused() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(("GET /v2 HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(10_000) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertTrue(firstLine(socket).contains("431"));
        }
    }

    /** A client that keeps connections would send its next request into one that ends. */
    @Test
    void whatIsNoPathIsToldThatTheConnectionEnds() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write("GET /% HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertTrue(answer.contains("Connection: close\r\n"), answer);
            assertTrue(answer.endsWith("\r\n\r\n{\"error\":\"Bad Request\"}"), answer);
        }
    }

    @Test
    void aFullServerSaysSo() throws Exception {
        try (NodeServer small = start(new HttpLimits(1, 64, 16, 5, 5), GoldenNode.plan(3, 2));
                Socket holding = new Socket(InetAddress.getLoopbackAddress(), small.httpPort())) {
            holding.getOutputStream().write(head("Content-Length: 5000"));
            holding.getOutputStream().flush();
            HttpRequest request = HttpRequest.newBuilder(URI.create(small.address() + "/v2/models/edge-node/infer"))
                    .POST(HttpRequest.BodyPublishers.ofString(json("FP32", 0, 1, "")))
                    .build();
            awaitOneRunning(small);
            HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(503, response.statusCode());
            assertTrue(response.headers().firstValue("Retry-After").isPresent());
            // Health is told all the same.
            assertEquals(
                    200,
                    CLIENT.send(
                                    HttpRequest.newBuilder(URI.create(small.address() + "/v2/health/ready"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode());
        }
    }

    /** A request that is on its way when the end comes is answered; one that comes later is told so. */
    @Test
    void drainingAnswersWhatRuns() throws Exception {
        NodeServer ending = start(new HttpLimits(16, 64, 16, 5, 5), GoldenNode.plan(3, 2));
        try (Socket running = new Socket(InetAddress.getLoopbackAddress(), ending.httpPort())) {
            byte[] body = json("FP32", 0, 1, "").getBytes(StandardCharsets.UTF_8);
            running.getOutputStream().write(head("Content-Length: " + body.length));
            running.getOutputStream().write(body, 0, 100);
            running.getOutputStream().flush();
            HttpRequest fresh = HttpRequest.newBuilder(URI.create(ending.address() + "/v2/models/edge-node/infer"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            awaitOneRunning(ending);
            CompletableFuture<Boolean> drained =
                    CompletableFuture.supplyAsync(() -> ending.drain(Duration.ofSeconds(10)));
            HttpRequest ready = HttpRequest.newBuilder(URI.create(ending.address() + "/v2/health/ready"))
                    .build();
            while (CLIENT.send(ready, HttpResponse.BodyHandlers.ofString()).statusCode() != 503) {
                Thread.onSpinWait();
            }
            while (CLIENT.send(fresh, HttpResponse.BodyHandlers.ofString()).statusCode() != 503) {
                Thread.onSpinWait();
            }
            assertFalse(drained.isDone());
            running.getOutputStream().write(body, 100, body.length - 100);
            assertTrue(firstLine(running).contains("200"));
            assertTrue(drained.join());
        } finally {
            ending.close();
        }
    }

    /** Waits until a request has begun, which is not before its head was read. */
    private static void awaitOneRunning(NodeServer of) throws Exception {
        String metrics = "";
        while (!metrics.contains("qexit_requests_running 1.0")) {
            metrics = CLIENT.send(
                            HttpRequest.newBuilder(URI.create(of.address() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static byte[] head(String header) {
        return ("POST /v2/models/edge-node/infer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + header + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String firstLine(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
                line.append((char) c);
            }
        } catch (java.net.SocketException e) {
            return "";
        }
        return line.toString();
    }
}
