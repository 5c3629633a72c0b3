package org.qexit.nn.head;

import java.util.List;

/**
 * features → dense to the logits.
 *
 * @param reduce how feature maps become a vector; null means flatten
 */
public record LinearHead(Reduction reduce) implements HeadConfig {
    static final String KIND = "LINEAR";

    public LinearHead {
        reduce = reduce == null ? Reduction.FLATTEN : reduce;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public LinearHead with(Reduction other) {
        return new LinearHead(other);
    }

    @Override
    public List<HeadLayer> body(int features) {
        return List.of();
    }

    @Override
    public String words() {
        return "linear";
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.linear(this);
    }
}
