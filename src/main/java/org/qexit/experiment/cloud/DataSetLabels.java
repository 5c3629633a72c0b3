package org.qexit.experiment.cloud;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.Hashing;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.tier.live.cloud.LabelSource;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.scenario.Scenario;

/**
 * For trials: devices replay a data set's images, whose classes become known late and for a share of them. Which events, their ids alone
 * say, by a named stream. An event that shows no image of the data set gets no label.
 */
public final class DataSetLabels implements LabelSource {
    private static final int LEVELS = 255;
    private static final double ULP = 0x1p-53;
    private static final int SPARE_BITS = 11;

    /** Events that wait; with more, the newest get no label. */
    private static final int MOST_WAITING = 1 << 18;

    private final Map<ByteBuffer, Integer> classes = new HashMap<>();
    private final Scenario.Labels rules;
    private final RandomStreams random;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private record Waiting(Label label, double dueSeconds) {}

    /**
     * @param sets whose images are replayed, levels 0 to 255
     * @param rules share and delay
     */
    public DataSetLabels(List<Dataset> sets, Scenario.Labels rules, RandomStreams random) {
        this.rules = rules;
        this.random = random;
        for (Dataset set : sets) {
            float[] pixels = new float[set.features()];
            byte[] levels = new byte[pixels.length];
            for (int k = 0; k < set.size(); k++) {
                set.copyTo(k, pixels, 0);
                for (int i = 0; i < levels.length; i++) {
                    levels[i] = (byte) Math.round(LEVELS * pixels[i]);
                }
                classes.put(digest(levels), set.classOf(k));
            }
        }
        if (classes.isEmpty()) {
            throw new UserError("the data set of the trial is empty");
        }
    }

    private static ByteBuffer digest(byte[] levels) {
        return ByteBuffer.wrap(Hashing.sha256().digest(levels));
    }

    @Override
    public synchronized void came(EventRecord event, double nowSeconds) {
        Integer classId = classes.get(digest(event.bytes()));
        boolean told = (random.seed("label/" + event.id()) >>> SPARE_BITS) * ULP < rules.share();
        if (classId != null && told && waiting.size() < MOST_WAITING) {
            waiting.add(new Waiting(new Label(event.id(), classId), nowSeconds + rules.delaySeconds()));
        }
    }

    @Override
    public synchronized List<Label> due(double nowSeconds) {
        List<Label> due = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().dueSeconds() <= nowSeconds) {
            due.add(waiting.remove().label());
        }
        return due;
    }
}
