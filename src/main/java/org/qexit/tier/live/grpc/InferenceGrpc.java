package org.qexit.tier.live.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Function;
import org.qexit.common.UserError;
import org.qexit.tier.live.inference.Caller;
import org.qexit.tier.live.inference.InferResponse;
import org.qexit.tier.live.inference.InferenceService;
import org.qexit.tier.live.inference.Refusal;

/** {@code inference.GRPCInferenceService}. */
final class InferenceGrpc {
    private static final String NAME = "inference.GRPCInferenceService";

    private final InferenceService service;
    private final Function<Optional<X509Certificate>, Caller> callers;
    private final GrpcWatch watch;

    InferenceGrpc(InferenceService service, Function<Optional<X509Certificate>, Caller> callers, GrpcWatch watch) {
        this.service = service;
        this.callers = callers;
        this.watch = watch;
    }

    ServerServiceDefinition definition() {
        Fields.Writer<Boolean> flag = InferenceMessages::flag;
        return ServerServiceDefinition.builder(NAME)
                .addMethod(method("ServerLive", InferenceMessages::nothing, flag), answer(nothing -> true))
                .addMethod(method("ServerReady", InferenceMessages::nothing, flag), answer(nothing -> service.ready()))
                .addMethod(method("ModelReady", InferenceMessages::named, flag), answer(this::modelReady))
                .addMethod(
                        method("ServerMetadata", InferenceMessages::nothing, InferenceMessages::server),
                        answer(nothing -> service.server()))
                .addMethod(
                        method("ModelMetadata", InferenceMessages::named, InferenceMessages::model),
                        answer(named -> service.model(named.name(), named.version())))
                .addMethod(
                        method("ModelInfer", ModelInferRequest::read, InferenceMessages::answer), answer(this::infer))
                .build();
    }

    private static <Q, A> MethodDescriptor<Parsed<Q>, A> method(
            String name, Fields.Reader<Q> reader, Fields.Writer<A> writer) {
        return MethodDescriptor.<Parsed<Q>, A>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, name))
                .setRequestMarshaller(Fields.requests(reader))
                .setResponseMarshaller(Fields.answers(writer))
                .build();
    }

    private <Q, A> io.grpc.ServerCallHandler<Parsed<Q>, A> answer(Function<Q, A> work) {
        return ServerCalls.asyncUnaryCall((request, observer) -> {
            A answer;
            try {
                // Whatever it asks: its certificate may have been revoked since its connection was opened.
                callers.apply(CallGuard.PEER.get());
                answer = work.apply(request.get());
            } catch (Refusal e) {
                observer.onError(Refusals.exception(e));
                return;
            } catch (RuntimeException | Error e) {
                watch.failed("gRPC: " + e.getClass().getSimpleName() + ": "
                        + UserError.shown(String.valueOf(e.getMessage())));
                observer.onError(
                        Status.INTERNAL.withDescription("internal error").asRuntimeException());
                return;
            }
            observer.onNext(answer);
            observer.onCompleted();
        });
    }

    private boolean modelReady(InferenceMessages.Named named) {
        service.model(named.name(), named.version());
        return service.ready();
    }

    private InferResponse infer(ModelInferRequest call) {
        return service.infer(call.model(), call.version(), call.request(), callers.apply(CallGuard.PEER.get()))
                .select(call.request().outputs());
    }
}
