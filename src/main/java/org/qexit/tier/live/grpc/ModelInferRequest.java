package org.qexit.tier.live.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.tier.live.inference.InferRequest;
import org.qexit.tier.live.inference.Parameters;
import org.qexit.tier.live.inference.Refusal;
import org.qexit.tier.live.inference.Tensor;

/**
 * {@code ModelInferRequest}: model_name = 1, model_version = 2, id = 3, parameters = 4, inputs = 5, outputs = 6, raw_input_contents = 7.
 *
 * @param model its name
 * @param version of it, or null
 * @param request what is asked
 */
record ModelInferRequest(String model, String version, InferRequest request) {
    private static final int MOST_TENSORS = 16;

    static ModelInferRequest read(CodedInputStream in) throws IOException {
        Parts parts = new Parts();
        Fields.read(in, parts::take);
        return parts.request();
    }

    /** Fields as they come, in any order. */
    private static final class Parts {
        private String model = "";
        private String version = "";
        private String id = "";
        private final Map<String, Object> parameters = new HashMap<>();
        private final List<InputTensor> inputs = new ArrayList<>();
        private final List<InferRequest.WantedOutput> outputs = new ArrayList<>();
        private final List<ByteString> raw = new ArrayList<>();

        boolean take(int tag, CodedInputStream in) throws IOException {
            if (tag == Fields.delimited(1)) {
                model = in.readStringRequireUtf8();
            } else if (tag == Fields.delimited(2)) {
                version = in.readStringRequireUtf8();
            } else if (tag == Fields.delimited(3)) {
                id = in.readStringRequireUtf8();
            } else if (tag == Fields.delimited(4)) {
                ParameterFields.take(in, parameters);
            } else if (tag == Fields.delimited(5)) {
                checkFew("inputs", inputs);
                inputs.add(InputTensor.read(in));
            } else if (tag == Fields.delimited(6)) {
                checkFew("outputs", outputs);
                outputs.add(output(in));
            } else if (tag == Fields.delimited(7)) {
                checkFew("raw_input_contents", raw);
                raw.add(in.readBytes());
            } else {
                return false;
            }
            return true;
        }

        private static void checkFew(String list, List<?> entries) {
            if (entries.size() >= MOST_TENSORS) {
                throw Refusal.malformed(list + " has more than " + MOST_TENSORS + " tensors");
            }
        }

        /** {@code InferRequestedOutputTensor}: name = 1, parameters = 2. */
        private static InferRequest.WantedOutput output(CodedInputStream in) throws IOException {
            String[] name = {""};
            Map<String, Object> parameters = new HashMap<>();
            Fields.nested(in, (tag, inner) -> {
                if (tag == Fields.delimited(1)) {
                    name[0] = inner.readStringRequireUtf8();
                } else if (tag == Fields.delimited(2)) {
                    ParameterFields.take(inner, parameters);
                } else {
                    return false;
                }
                return true;
            });
            new Parameters(parameters).checkKnown("outputs", Set.of());
            return new InferRequest.WantedOutput(name[0], true);
        }

        ModelInferRequest request() {
            if (!raw.isEmpty() && raw.size() != inputs.size()) {
                throw Refusal.malformed("raw_input_contents has " + raw.size() + " tensors; expected " + inputs.size()
                        + ", one per input");
            }
            List<Tensor> tensors = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                tensors.add(inputs.get(i).tensor("inputs[" + i + "]", raw.isEmpty() ? null : raw.get(i)));
            }
            return new ModelInferRequest(
                    model,
                    version.isEmpty() ? null : version,
                    new InferRequest(id.isEmpty() ? null : id, new Parameters(parameters), tensors, outputs));
        }
    }
}
