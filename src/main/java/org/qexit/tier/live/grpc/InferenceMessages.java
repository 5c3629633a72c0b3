package org.qexit.tier.live.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.Json;
import org.qexit.tier.live.inference.InferResponse;
import org.qexit.tier.live.inference.InferenceService.ModelMetadata;
import org.qexit.tier.live.inference.InferenceService.ServerMetadata;
import org.qexit.tier.live.inference.InferenceService.TensorMetadata;
import org.qexit.tier.live.inference.Parameters;
import org.qexit.tier.live.inference.Tensor;

/** The smaller messages, and the answers. */
final class InferenceMessages {
    private InferenceMessages() {}

    /** {@code ServerLiveRequest} and others without fields. */
    record Nothing() {}

    /** {@code ModelReadyRequest} and {@code ModelMetadataRequest}: name = 1, version = 2, which may be empty. */
    record Named(String name, String version) {}

    static Nothing nothing(CodedInputStream in) throws IOException {
        Fields.read(in, (tag, rest) -> false);
        return new Nothing();
    }

    static Named named(CodedInputStream in) throws IOException {
        String[] texts = {"", ""};
        Fields.read(in, (tag, rest) -> {
            if (tag == Fields.delimited(1)) {
                texts[0] = rest.readStringRequireUtf8();
            } else if (tag == Fields.delimited(2)) {
                texts[1] = rest.readStringRequireUtf8();
            } else {
                return false;
            }
            return true;
        });
        return new Named(texts[0], texts[1].isEmpty() ? null : texts[1]);
    }

    /** {@code ServerLiveResponse} and others of one flag: 1. */
    static void flag(Boolean flag, CodedOutputStream out) throws IOException {
        out.writeBool(1, flag);
    }

    /** {@code ServerMetadataResponse}: name = 1, version = 2, extensions = 3. */
    static void server(ServerMetadata server, CodedOutputStream out) throws IOException {
        out.writeString(1, server.name());
        out.writeString(2, server.version());
        for (String extension : server.extensions()) {
            out.writeString(3, extension);
        }
    }

    /** {@code ModelMetadataResponse}: name = 1, versions = 2, platform = 3, inputs = 4, outputs = 5, properties = 6. */
    static void model(ModelMetadata model, CodedOutputStream out) throws IOException {
        out.writeString(1, model.name());
        for (String version : model.versions()) {
            out.writeString(2, version);
        }
        out.writeString(3, model.platform());
        tensors(out, 4, model.inputs());
        tensors(out, 5, model.outputs());
        for (Map.Entry<String, Object> property : new LinkedHashMap<>(model.parameters()).entrySet()) {
            Object value = property.getValue();
            Fields.message(out, 6, pair -> {
                pair.writeString(1, property.getKey());
                pair.writeString(2, value instanceof String text ? text : Json.compact(value));
            });
        }
    }

    /** {@code TensorMetadata}: name = 1, datatype = 2, shape = 3. */
    private static void tensors(CodedOutputStream out, int number, List<TensorMetadata> tensors) throws IOException {
        for (TensorMetadata tensor : tensors) {
            Fields.message(out, number, fields -> {
                fields.writeString(1, tensor.name());
                fields.writeString(2, tensor.datatype());
                shape(fields, tensor.shape().stream().mapToLong(Long::longValue).toArray());
            });
        }
    }

    /** {@code repeated int64 shape = 3}, packed. */
    private static void shape(CodedOutputStream out, long[] shape) throws IOException {
        Fields.message(out, 3, packed -> {
            for (long length : shape) {
                packed.writeInt64NoTag(length);
            }
        });
    }

    /** {@code ModelInferResponse}: model_name = 1, model_version = 2, id = 3, parameters = 4, outputs = 5, raw_output_contents = 6. */
    static void answer(InferResponse answer, CodedOutputStream out) throws IOException {
        out.writeString(1, answer.modelName());
        out.writeString(2, answer.modelVersion());
        if (answer.id() != null) {
            out.writeString(3, answer.id());
        }
        Parameters parameters = answer.parameters();
        ParameterFields.put(out, 4, parameters);
        for (Tensor tensor : answer.outputs()) {
            Fields.message(out, 5, fields -> {
                fields.writeString(1, tensor.name());
                fields.writeString(2, tensor.type().name());
                long[] shape = new long[tensor.shape().length];
                java.util.Arrays.setAll(shape, i -> tensor.shape()[i]);
                shape(fields, shape);
            });
        }
        for (Tensor tensor : answer.outputs()) {
            out.writeBytes(6, ByteString.copyFrom(tensor.littleEndian()));
        }
    }
}
