package org.qexit.export;

import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.BundleVerification;
import org.qexit.onnx.foreign.Events;
import org.qexit.onnx.foreign.ExitScores;
import org.qexit.onnx.foreign.ForeignRun;

/**
 * Another exporter's model, its file byte for byte, as what its bundle is verified against.
 *
 * @param run the model
 * @param scores how its numbers become confidences
 */
public record ForeignReference(ForeignRun run, ExitScores scores) implements BundleVerification.Reference {
    @Override
    public String sha256() {
        return run.graph().model().sha256();
    }

    /** Of events as they are: the model's own normalisation is in the run. */
    @Override
    public float[][] confidences(float[] values, int events) {
        int size = run.input().size();
        return scores.confidences(run.scores(new Events() {
            @Override
            public int size() {
                return events;
            }

            @Override
            public void copyTo(int event, float[] target, int offset) {
                System.arraycopy(values, event * size, target, offset, size);
            }
        }));
    }

    @Override
    public float[][] confidences(BundleEvents events, float maximum) {
        return confidences(events.values(), events.size());
    }
}
