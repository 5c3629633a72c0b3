package org.qexit.tier.live.node;

import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.qexit.tier.live.http.Endpoint;
import org.qexit.tier.live.http.HttpCall;
import org.qexit.tier.live.http.HttpReply;
import org.qexit.tier.live.http.Route;
import org.qexit.tier.live.inference.Caller;
import org.qexit.tier.live.inference.Failure;
import org.qexit.tier.live.inference.InferRequest;
import org.qexit.tier.live.inference.InferenceService;
import org.qexit.tier.live.inference.Message;
import org.qexit.tier.live.inference.Refusal;

/** The Open Inference Protocol v2 over HTTP. */
final class InferenceRoutes {
    private final InferenceService service;
    private final Function<Optional<X509Certificate>, Caller> callers;
    private final int maxBodyBytes;

    /** @param callers who a client is, by its certificate; may throw a {@link Refusal} */
    InferenceRoutes(InferenceService service, Function<Optional<X509Certificate>, Caller> callers, int maxBodyBytes) {
        this.service = service;
        this.callers = callers;
        this.maxBodyBytes = maxBodyBytes;
    }

    List<Route> all() {
        String model = "/v2/models/{name}";
        String version = model + "/versions/{version}";
        return List.of(
                Route.post(model + "/infer", maxBodyBytes, this::infer),
                Route.post(version + "/infer", maxBodyBytes, this::infer),
                Route.getAlways("/v2/health/live", known(call -> HttpReply.json(200, Map.of("live", true)))),
                Route.getAlways("/v2/health/ready", known(this::ready)),
                Route.get("/v2", known(call -> HttpReply.json(200, service.server()))),
                Route.get(model, known(this::model)),
                Route.get(version, known(this::model)),
                Route.getAlways(model + "/ready", known(this::modelReady)),
                Route.getAlways(version + "/ready", known(this::modelReady)));
    }

    /** For everybody of the deployment; a certificate may have been revoked since its connection was opened. */
    Endpoint known(Endpoint endpoint) {
        return call -> answered(() -> {
            callers.apply(call.peer());
            return endpoint.answer(call);
        });
    }

    private HttpReply ready(HttpCall call) {
        return ready(service.ready(), Map.of("ready", service.ready()));
    }

    private static HttpReply ready(boolean ready, Map<String, Object> body) {
        return HttpReply.json(ready ? 200 : 503, body);
    }

    private HttpReply model(HttpCall call) {
        return HttpReply.json(200, service.model(call.variable("name"), call.variable("version")));
    }

    private HttpReply modelReady(HttpCall call) {
        String name = call.variable("name");
        service.model(name, call.variable("version"));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("ready", service.ready());
        return ready(service.ready(), body);
    }

    /** Rolls the model back: the model's route that the protocol does not have. The log has who did it. */
    Route rollback(NodeService node, Consumer<String> log) {
        return Route.post(
                "/v1/models/{name}/rollback",
                0,
                call -> answered(() -> {
                    String name = call.variable("name");
                    Caller caller = callers.apply(call.peer());
                    node.rollBack(name, caller);
                    log.accept("rolled back to model " + node.digest()
                            + (caller.isKnown() ? " by " + caller.role() + " " + caller.id() : ""));
                    return HttpReply.json(200, node.model(name, null));
                }));
    }

    private HttpReply infer(HttpCall call) {
        return answered(() -> {
            String type = call.header("Content-Type");
            if (type != null && !type.matches("(?i)application/(json|octet-stream)\\s*(;.*)?")) {
                throw Refusal.of(
                        Refusal.Reason.UNSUPPORTED,
                        "Content-Type is no type of requests; expected " + Message.JSON + " or " + Message.BINARY);
            }
            Caller caller = callers.apply(call.peer());
            InferRequest request = InferRequest.read(Message.of(call.body(), call.header(Message.HEADER)));
            Message answer = service.infer(call.variable("name"), call.variable("version"), request, caller)
                    .write(request);
            HttpReply reply = HttpReply.of(200, answer.contentType(), answer.bytes());
            return answer.hasBinary() ? reply.with(Message.HEADER, Integer.toString(answer.jsonLength())) : reply;
        });
    }

    private static HttpReply answered(Supplier<HttpReply> work) {
        try {
            return work.get();
        } catch (Refusal refusal) {
            HttpReply reply = HttpReply.of(
                    refusal.reason().status(), Message.JSON, Failure.of(refusal).write());
            return refusal.mayRetry()
                    ? reply.with("Retry-After", Long.toString((long) Math.ceil(refusal.retrySeconds())))
                    : reply;
        }
    }
}
