package org.qexit.export;

import java.util.ArrayList;
import java.util.List;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.Golden;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * The events that a bundle's golden files hold.
 *
 * @param values as the graphs take them
 * @param labels the truth, or null where the values are random
 * @param count how many
 */
record GoldenEvents(float[] values, byte[] labels, int count) {
    private static final int POOL = 1024;

    /** Some of the test events for every way the walk can end, as the network sees them; random inputs where there are no events. */
    static GoldenEvents of(BundleSpec spec) {
        int features = spec.network().model().config().features();
        float maximum = spec.network().inputMaximum();
        if (spec.events().test().isEmpty()) {
            float[] random = Golden.randomInputs(features, maximum);
            return new GoldenEvents(random, null, random.length / features);
        }
        return of(
                spec.events().test(),
                features,
                (values, count) -> spec.network().model().confidences(BundleEvents.scaled(values, maximum), count),
                spec.settings().ofGraph().thresholds());
    }

    /** Says the confidences, {@code [exit][event]}, of events as the graphs take them. */
    @FunctionalInterface
    interface Scorer {
        float[][] confidences(float[] values, int events);
    }

    /** Some of the events for every way the walk can end. */
    static GoldenEvents of(List<BundleEvents> events, int features, Scorer scorer, Rule thresholds) {
        int pool = Math.min(POOL, events.stream().mapToInt(BundleEvents::size).sum());
        float[] values = new float[pool * features];
        byte[] labels = new byte[pool];
        int at = 0;
        for (BundleEvents device : events) {
            int take = Math.min(pool - at, device.size());
            System.arraycopy(device.values(), 0, values, at * features, take * features);
            System.arraycopy(device.labels(), 0, labels, at, take);
            at += take;
        }
        GoldenEvents all = new GoldenEvents(values, labels, pool);
        float[][] scores = scorer.confidences(values, pool);
        List<Thresholds.Decision> decisions = new ArrayList<>();
        for (int k = 0; k < pool; k++) {
            decisions.add(thresholds.decide(scores, k));
        }
        return all.select(Golden.choose(decisions), features);
    }

    private GoldenEvents select(int[] events, int features) {
        float[] chosen = new float[events.length * features];
        byte[] truth = new byte[events.length];
        for (int i = 0; i < events.length; i++) {
            System.arraycopy(values, events[i] * features, chosen, i * features, features);
            truth[i] = labels[events[i]];
        }
        return new GoldenEvents(chosen, truth, events.length);
    }

    /** As the network sees them. */
    float[] scaled(float maximum) {
        return BundleEvents.scaled(values, maximum);
    }
}
