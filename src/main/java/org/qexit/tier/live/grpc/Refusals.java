package org.qexit.tier.live.grpc;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import org.qexit.tier.live.inference.Refusal;

/**
 * Refusals as statuses of gRPC. When to come back is told as {@code google.rpc.RetryInfo} within {@code google.rpc.Status}, the way gRPC's
 * libraries know, and as text.
 */
final class Refusals {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final Metadata.Key<String> RETRY =
            Metadata.Key.of("retry-after-seconds", Metadata.ASCII_STRING_MARSHALLER);
    private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

    private Refusals() {}

    static Status status(Refusal refusal) {
        Status status = switch (refusal.reason()) {
            case MALFORMED, UNSUPPORTED, TOO_LARGE -> Status.INVALID_ARGUMENT;
            case FORBIDDEN -> Status.PERMISSION_DENIED;
            case NOT_FOUND -> Status.NOT_FOUND;
            case STALE -> Status.FAILED_PRECONDITION;
            case OVER_PLAN -> Status.RESOURCE_EXHAUSTED;
            case FAILED -> Status.INTERNAL;
            case UNAVAILABLE -> Status.UNAVAILABLE;
        };
        return status.withDescription(refusal.getMessage());
    }

    static StatusRuntimeException exception(Refusal refusal) {
        Status status = status(refusal);
        if (!refusal.mayRetry()) {
            return status.asRuntimeException();
        }
        Metadata trailers = new Metadata();
        trailers.put(RETRY, Double.toString(refusal.retrySeconds()));
        trailers.put(DETAILS, details(status, refusal.retrySeconds()));
        return status.asRuntimeException(trailers);
    }

    /** google.rpc.Status {code = 1, message = 2, details = 3 of google.protobuf.Any}. */
    private static byte[] details(Status status, double seconds) {
        return Fields.bytes(out -> {
            out.writeInt32(1, status.getCode().value());
            out.writeString(2, String.valueOf(status.getDescription()));
            Fields.message(out, 3, any -> {
                any.writeString(1, RETRY_INFO);
                any.writeByteArray(2, Fields.bytes(info -> Fields.message(info, 1, delay -> duration(delay, seconds))));
            });
        });
    }

    /** google.protobuf.Duration {seconds = 1, nanos = 2}. */
    private static void duration(CodedOutputStream out, double seconds) throws IOException {
        long whole = (long) seconds;
        out.writeInt64(1, whole);
        out.writeInt32(2, (int) Math.min(999_999_999, Math.ceil((seconds - whole) * 1e9)));
    }
}
