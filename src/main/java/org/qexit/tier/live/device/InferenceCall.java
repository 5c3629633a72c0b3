package org.qexit.tier.live.device;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.inference.Failure;
import org.qexit.tier.live.inference.InferRequest;
import org.qexit.tier.live.inference.Message;
import org.qexit.tier.live.inference.Parameters;

/**
 * One event in the Open Inference Protocol v2. Requests are written as {@code live.inference} writes them; answers are read more
 * leniently than there, since a node may be any server of the protocol.
 */
final class InferenceCall {
    private static final List<InferRequest.WantedOutput> WANTED =
            List.of(new InferRequest.WantedOutput("class", false), new InferRequest.WantedOutput("exit", false));

    private InferenceCall() {}

    /**
     * A request, its tensor behind the JSON.
     *
     * @param settled below which number the device awaits nothing any more
     */
    static Message request(String id, String device, long settled, Payload payload) {
        Parameters parameters = Parameters.NONE.with("device", device).with("settled", settled);
        return new InferRequest(id, parameters, List.of(payload.tensor()), WANTED).write(true);
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Output(String name, double[] data) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Response(@JsonProperty("id") String id, List<Output> outputs) {
        private int whole(String name, int least) {
            if (outputs != null) {
                for (Output output : outputs) {
                    if (output != null && name.equals(output.name) && output.data != null && output.data.length == 1) {
                        double value = output.data[0];
                        if (value >= least && value <= 1_000_000 && value == Math.rint(value)) {
                            return (int) value;
                        }
                    }
                }
            }
            throw new UserError("answer: no whole number '" + name + "' of at least " + least);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Said(String error, Map<String, Object> parameters) {}

    /**
     * An answer.
     *
     * @param classId or -1 for a false alarm
     * @param exit of the node's model, from 1
     */
    record Answer(int classId, int exit) {}

    /** @throws UserError if this is no answer to the request of that id */
    static Answer answer(String id, byte[] body) {
        Response response = Json.parse("answer", new String(body, StandardCharsets.UTF_8), Response.class);
        if (!id.equals(response.id())) {
            throw new UserError("answer: id is '" + UserError.shown("" + response.id()) + "'; expected " + id);
        }
        return new Answer(response.whole("class", -1), response.whole("exit", 1));
    }

    /** What a refusal says, fit for a line. */
    static String error(byte[] body) {
        Said failure = failure(body);
        return failure == null || failure.error() == null ? "no reason given" : UserError.shown(failure.error());
    }

    /** How long a refusal asks to wait, exactly. */
    static OptionalDouble retryAfterSeconds(byte[] body) {
        Said failure = failure(body);
        return failure != null
                        && failure.parameters() != null
                        && failure.parameters().get(Failure.RETRY) instanceof Number seconds
                        && seconds.doubleValue() >= 0
                ? OptionalDouble.of(seconds.doubleValue())
                : OptionalDouble.empty();
    }

    private static Said failure(byte[] body) {
        try {
            return Json.parse("refusal", new String(body, StandardCharsets.UTF_8), Said.class);
        } catch (UserError e) {
            return null;
        }
    }
}
