package org.qexit.tier.live.inference;

import java.util.List;

/** A server of the Open Inference Protocol v2, whatever it is asked over. Safe for use by several threads. */
public interface InferenceService {
    /** Who it is. */
    ServerMetadata server();

    /** Whether it takes requests. */
    boolean ready();

    /**
     * What a model looks like.
     *
     * @param version or null for the one in use
     * @throws Refusal if there is no such model or version
     */
    ModelMetadata model(String name, String version);

    /**
     * Answers a request.
     *
     * @param version or null for the one in use
     * @throws Refusal if it does not
     */
    InferResponse infer(String name, String version, InferRequest request, Caller caller);

    /**
     * A server.
     *
     * @param extensions of the protocol that it knows
     */
    record ServerMetadata(String name, String version, List<String> extensions) {}

    /**
     * A model.
     *
     * @param versions that can be asked for
     * @param platform what it is
     * @param parameters facts beside it
     */
    record ModelMetadata(
            String name,
            List<String> versions,
            String platform,
            List<TensorMetadata> inputs,
            List<TensorMetadata> outputs,
            java.util.Map<String, Object> parameters) {}

    /**
     * An input or output.
     *
     * @param shape -1 for any number
     */
    record TensorMetadata(String name, String datatype, List<Long> shape) {}
}
