package org.qexit.tier.live.grpc;

/** Is told of every call that was answered; called by many threads at once. */
public interface GrpcWatch {
    /**
     * A call was answered.
     *
     * @param method its name
     * @param code of gRPC, such as OK
     * @param seconds from its begin to its answer
     */
    void called(String method, String code, double seconds);

    /** A call failed: a bug, in one line. */
    void failed(String line);
}
