package org.qexit.tier.live.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.qexit.tier.live.node.ProtocolMessages.get;
import static org.qexit.tier.live.node.ProtocolMessages.of;
import static org.qexit.tier.live.node.ProtocolMessages.parameter;
import static org.qexit.tier.live.node.ProtocolMessages.put;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.bundle.Bundle;
import org.qexit.tier.live.authority.CertificateAuthority;
import org.qexit.tier.live.authority.CertificateRequest;
import org.qexit.tier.live.authority.Validity;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** The protocol's gRPC form, with messages that protobuf itself reads and writes. */
class NodeGrpcTest {
    @TempDir
    private static Path directory;

    private static GoldenNode golden;
    private static NodeServer server;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() throws IOException {
        golden = GoldenNode.read();
        server = start(null, new HttpLimits(16, 64, 16, 1, 5));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
                .usePlaintext()
                .build();
    }

    private static NodeServer start(Credentials credentials, HttpLimits limits) throws IOException {
        Path plan = Files.writeString(directory.resolve("plan.json"), GoldenNode.plan(1e6, 2));
        return NodeServer.start(
                Bundle.open(GoldenNode.BUNDLE),
                NodePlan.read(plan, "en1", 1),
                new NodeServer.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        credentials,
                        Files.createTempDirectory(directory, "state"),
                        limits,
                        new NodeService.Settings(credentials == null ? null : 2, 600, 8, 2, 10),
                        null,
                        line -> {}));
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        server.close();
    }

    private static DynamicMessage call(String method, DynamicMessage.Builder request) {
        return call(channel, method, request);
    }

    private static DynamicMessage call(ManagedChannel by, String method, DynamicMessage.Builder request) {
        return ClientCalls.blockingUnaryCall(by, ProtocolMessages.method(method), CallOptions.DEFAULT, request.build());
    }

    /** A request for some golden events. */
    private static DynamicMessage.Builder infer(String type, boolean raw, int from, int to) {
        DynamicMessage.Builder input = put(put(of("InferInputTensor"), "name", "input"), "datatype", type);
        for (long length : new long[] {to - from, 1, 28, 28}) {
            put(input, "shape", length);
        }
        DynamicMessage.Builder contents = of("InferTensorContents");
        boolean levels = type.equals("UINT8");
        ByteBuffer bytes = ByteBuffer.allocate((to - from) * GoldenNode.SIZE * (levels ? 1 : 4))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int k = from; k < to; k++) {
            for (float value : golden.inputs[k]) {
                put(
                        contents,
                        levels ? "uint_contents" : "fp32_contents",
                        levels ? (Object) (int) value : (Object) value);
                if (levels) {
                    bytes.put((byte) value);
                } else {
                    bytes.putFloat(value);
                }
            }
        }
        DynamicMessage.Builder request = put(of("ModelInferRequest"), "model_name", "edge-node");
        if (!raw) {
            put(input, "contents", contents.build());
        }
        put(request, "inputs", input.build());
        return raw ? put(request, "raw_input_contents", ByteString.copyFrom(bytes.array())) : request;
    }

    private static ByteBuffer output(DynamicMessage answer, String name) {
        int outputs = ((java.util.List<?>) get(answer, "outputs")).size();
        for (int i = 0; i < outputs; i++) {
            if (get((DynamicMessage) get(answer, "outputs", i), "name").equals(name)) {
                return ByteBuffer.wrap(((ByteString) get(answer, "raw_output_contents", i)).toByteArray())
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        throw new AssertionError("no output " + name);
    }

    private static void assertGolden(DynamicMessage answer, int from, int to) {
        ByteBuffer classes = output(answer, "class");
        ByteBuffer exits = output(answer, "exit");
        ByteBuffer confidences = output(answer, "confidences");
        for (int k = from; k < to; k++) {
            assertEquals(golden.classes[k], classes.getLong());
            assertEquals(golden.exits[k], exits.getLong());
            for (int c = 0; c < GoldenNode.CLASSES; c++) {
                assertEquals(golden.probabilities[k][golden.exits[k] - 1][c], confidences.getFloat(), golden.tolerance);
            }
        }
        assertTrue(!classes.hasRemaining() && !exits.hasRemaining() && !confidences.hasRemaining());
    }

    private static Status.Code code(DynamicMessage.Builder request) {
        return assertThrows(StatusRuntimeException.class, () -> call("ModelInfer", request))
                .getStatus()
                .getCode();
    }

    @ParameterizedTest
    @CsvSource({"FP32, true, 8", "FP32, false, 1", "UINT8, true, 3", "UINT8, false, 8"})
    void answersAreTheGoldenOnes(String type, boolean raw, int batch) {
        for (int from = 0; from < golden.events(); from += batch) {
            int to = Math.min(golden.events(), from + batch);
            assertGolden(call("ModelInfer", infer(type, raw, from, to)), from, to);
        }
    }

    @Test
    void healthAndMetadata() {
        assertEquals(true, get(call("ServerLive", of("ServerLiveRequest")), "live"));
        assertEquals(true, get(call("ServerReady", of("ServerReadyRequest")), "ready"));
        assertEquals(true, get(call("ModelReady", put(of("ModelReadyRequest"), "name", "edge-node")), "ready"));
        assertEquals("qexit", get(call("ServerMetadata", of("ServerMetadataRequest")), "name"));
        DynamicMessage model = call("ModelMetadata", put(of("ModelMetadataRequest"), "name", "edge-node"));
        assertEquals(
                "[-1, 1, 28, 28]",
                get((DynamicMessage) get(model, "inputs", 0), "shape").toString());
        assertEquals("confidences", get((DynamicMessage) get(model, "outputs", 2), "name"));
        assertEquals(
                Status.Code.NOT_FOUND,
                assertThrows(
                                StatusRuntimeException.class,
                                () -> call("ModelMetadata", put(of("ModelMetadataRequest"), "name", "other")))
                        .getStatus()
                        .getCode());
    }

    @Test
    void parametersAndOutputsAreHeeded() {
        DynamicMessage.Builder request = infer("UINT8", true, 0, 1);
        parameter(request, "all_exits", "bool_param", true);
        parameter(request, "device", "string_param", "ue1");
        parameter(request, "settled", "int64_param", 0L);
        put(request, "id", "00000000000000aa-1");
        put(
                request,
                "outputs",
                put(of("InferRequestedOutputTensor"), "name", "exit").build());
        DynamicMessage answer = call("ModelInfer", request);
        assertEquals(1, ((java.util.List<?>) get(answer, "outputs")).size());
        assertEquals(golden.exits[0], output(answer, "exit").getLong());
        assertEquals("00000000000000aa-1", get(answer, "id"));
        String text = answer.toString();
        assertTrue(
                text.contains("\"duplicate\"") && text.contains("model_digest") && text.contains("double_param: 0.7"),
                text);
    }

    @Test
    void refusalsHaveTheirCodes() throws IOException {
        assertEquals(Status.Code.NOT_FOUND, code(put(infer("FP32", true, 0, 1), "model_name", "other")));
        assertEquals(Status.Code.NOT_FOUND, code(put(infer("FP32", true, 0, 1), "model_version", "7")));
        assertEquals(Status.Code.INVALID_ARGUMENT, code(put(of("ModelInferRequest"), "model_name", "edge-node")));
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                code(put(infer("FP32", true, 0, 1), "raw_input_contents", ByteString.EMPTY)));
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                code(put(infer("FP32", false, 0, 1), "raw_input_contents", ByteString.EMPTY)));
        assertEquals(
                Status.Code.INVALID_ARGUMENT, code(parameter(infer("FP32", true, 0, 1), "odd", "bool_param", true)));
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                code(parameter(infer("FP32", true, 0, 1), "settled", "uint64_param", -1L)));
        assertEquals(
                Status.Code.PERMISSION_DENIED,
                code(parameter(infer("FP32", true, 0, 1), "device", "string_param", "ue2")));
        DynamicMessage.Builder two = parameter(infer("UINT8", true, 0, 2), "device", "string_param", "ue3");
        assertGolden(call("ModelInfer", two), 0, 2);
        StatusRuntimeException over = assertThrows(StatusRuntimeException.class, () -> call("ModelInfer", two));
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, over.getStatus().getCode());
        byte[] details =
                over.getTrailers().get(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER));
        DynamicMessage any = (DynamicMessage) get(ProtocolMessages.parse("Status", details), "details", 0);
        assertEquals("type.googleapis.com/google.rpc.RetryInfo", get(any, "type_url"));
        DynamicMessage retry = ProtocolMessages.parse("RetryInfo", ((ByteString) get(any, "value")).toByteArray());
        long seconds = (Long) get((DynamicMessage) get(retry, "delay"), "seconds");
        // Two tokens come in 600 s.
        assertTrue(seconds > 500 && seconds <= 600, "" + seconds);
    }

    /** Bytes that are no message, as a client without protobuf might send. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 50, 1000})
    void whatIsNoMessageIsRefused(int seed) {
        java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
        byte[] right = infer("FP32", false, 0, 1).build().toByteArray();
        for (int i = 0; i < 40; i++) {
            byte[] bytes =
                    i == 0 ? new byte[] {-1, -1, -1} : java.util.Arrays.copyOf(right, random.nextInt(right.length));
            for (int j = 0; j < 3 && bytes.length > 0; j++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            MethodDescriptor<byte[], DynamicMessage> method = ProtocolMessages.method("ModelInfer").toBuilder(
                            new MethodDescriptor.Marshaller<byte[]>() {
                                @Override
                                public InputStream stream(byte[] value) {
                                    return new ByteArrayInputStream(value);
                                }

                                @Override
                                public byte[] parse(InputStream stream) {
                                    throw new IllegalStateException();
                                }
                            },
                            ProtocolMessages.method("ModelInfer").getResponseMarshaller())
                    .build();
            StatusRuntimeException refused = assertThrows(
                    StatusRuntimeException.class,
                    () -> ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, bytes));
            Status.Code code = refused.getStatus().getCode();
            assertTrue(code == Status.Code.INVALID_ARGUMENT || code == Status.Code.NOT_FOUND, refused.toString());
        }
    }

    @Test
    void oversizedAndSlowRequestsAreGivenUp() throws Exception {
        DynamicMessage.Builder large = infer("FP32", true, 0, 1);
        put(large, "id", "x".repeat(400_000));
        Status.Code size = code(large);
        assertTrue(size == Status.Code.RESOURCE_EXHAUSTED || size == Status.Code.CANCELLED, size.toString());
        ClientCall<DynamicMessage, DynamicMessage> slow =
                channel.newCall(ProtocolMessages.method("ModelInfer"), CallOptions.DEFAULT);
        CompletableFuture<Status> ended = new CompletableFuture<>();
        slow.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(status);
                    }
                },
                new Metadata());
        assertEquals(Status.Code.DEADLINE_EXCEEDED, ended.join().getCode());
    }

    @Test
    void certificatesSayWhoAsks() throws Exception {
        CertificateAuthority authority = CertificateAuthority.init(directory.resolve("ca"), "f");
        Credentials node = Credentials.read(
                authority.issue(CertificateRequest.of(new Identity("f", Role.NODE, "en1", 2), Validity.days(3))));
        try (NodeServer secure = start(node, HttpLimits.standard())) {
            ManagedChannel ue1 = client(authority, "ue1", 2, secure.grpcPort());
            assertGolden(call(ue1, "ModelInfer", infer("UINT8", true, 0, 2)), 0, 2);
            assertDenied(ue1, parameter(infer("UINT8", true, 0, 1), "device", "string_param", "ue3"));
            ue1.shutdownNow();
            ManagedChannel ue3 = client(authority, "ue3", 1, secure.grpcPort());
            assertDenied(ue3, infer("UINT8", true, 0, 1));
            ue3.shutdownNow();
            ManagedChannel plain = NettyChannelBuilder.forAddress("127.0.0.1", secure.grpcPort())
                    .usePlaintext()
                    .build();
            assertThrows(StatusRuntimeException.class, () -> call(plain, "ServerLive", of("ServerLiveRequest")));
            plain.shutdownNow();
            assertTrue(secure.drain(Duration.ofSeconds(5)));
        }
    }

    private static void assertDenied(ManagedChannel by, DynamicMessage.Builder request) {
        assertEquals(
                Status.Code.PERMISSION_DENIED,
                assertThrows(StatusRuntimeException.class, () -> call(by, "ModelInfer", request))
                        .getStatus()
                        .getCode());
    }

    private static ManagedChannel client(CertificateAuthority authority, String id, int level, int port)
            throws IOException {
        Path files =
                authority.issue(CertificateRequest.of(new Identity("f", Role.DEVICE, id, level), Validity.days(3)));
        SslContext context = GrpcSslContexts.forClient()
                .keyManager(
                        files.resolve("cert.pem").toFile(),
                        files.resolve("key.pem").toFile())
                .trustManager(files.resolve("ca.pem").toFile())
                .build();
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .sslContext(context)
                .build();
    }
}
