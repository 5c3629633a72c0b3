package org.qexit.tier.cloud;

import java.util.List;

/**
 * A training that is to be done.
 *
 * @param candidate its number, from 1
 * @param reason why now
 * @param baseVersion of the model to train on from
 * @param orderedSeconds when
 * @param examples to learn from, class by class
 */
public record Order(int candidate, Reason reason, long baseVersion, double orderedSeconds, List<Example> examples) {
    public Order {
        examples = List.copyOf(examples);
    }
}
