package org.qexit.export;

import org.qexit.bundle.BundleVerification;
import org.qexit.nn.EarlyExitModel;

/** A trained network as what its bundle is verified against. */
public record NetworkReference(EarlyExitModel model) implements BundleVerification.Reference {
    @Override
    public String sha256() {
        return model.sha256();
    }

    @Override
    public float[][] confidences(float[] values, int events) {
        return model.config().binary() ? model.confidences(values, events) : model.probabilities(values, events);
    }
}
