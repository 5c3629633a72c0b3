package org.qexit.experiment.cloud;

import java.nio.ByteBuffer;
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

    private final Map<ByteBuffer, Integer> classes = new HashMap<>();
    private final LateLabels late;

    /**
     * @param sets whose images are replayed, levels 0 to 255
     * @param rules share and delay
     */
    public DataSetLabels(List<Dataset> sets, Scenario.Labels rules, RandomStreams random) {
        late = new LateLabels(event -> classes.get(digest(event.bytes())), rules, random);
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
    public void came(EventRecord event, double nowSeconds) {
        late.came(event, nowSeconds);
    }

    @Override
    public List<Label> due(double nowSeconds) {
        return late.due(nowSeconds);
    }
}
