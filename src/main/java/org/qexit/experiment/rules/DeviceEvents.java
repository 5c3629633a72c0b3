package org.qexit.experiment.rules;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.qexit.common.RandomStreams;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.streams.DeviceStream;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ExitCost;
import org.qexit.trace.DeviceTrace;

/**
 * The devices of one set and seed.
 *
 * @param devices in order
 * @param costs of an event up to each exit: multiply-accumulates, or as the configuration says
 */
record DeviceEvents(List<Device> devices, List<BigDecimal> costs) {
    /**
     * One device.
     *
     * @param validation on which rules are chosen, at least one event
     * @param test on which they are counted
     */
    record Device(DeviceTrace validation, DeviceTrace test) {}

    static DeviceEvents of(RuleStudyConfig.EventSet set, long seed, DatasetCatalog catalog) {
        return set.drawn() == null ? trained(set.run(seed), catalog) : drawn(set.drawn(), seed);
    }

    private static DeviceEvents trained(TrainingRun run, DatasetCatalog catalog) {
        RunData images = RunData.of(run, catalog);
        EarlyExitModel model = run.train(images);
        List<Device> devices = new ArrayList<>();
        for (DeviceStream stream : images.devices()) {
            DeviceTrace validation = model.trace(stream.device(), stream.part(DeviceStream.Part.VALIDATION));
            if (validation.size() > 0) {
                devices.add(new Device(validation, model.trace(stream.device(), stream.part(DeviceStream.Part.TEST))));
            }
        }
        return new DeviceEvents(
                devices,
                ExitCost.of(model.config()).stream()
                        .map(cost -> BigDecimal.valueOf(cost.macs()))
                        .toList());
    }

    private static DeviceEvents drawn(DrawnScores scores, long seed) {
        List<Device> devices = new ArrayList<>();
        for (int d = 1; d <= scores.devices(); d++) {
            String id = "ue" + d;
            RandomStreams random = RandomStreams.of(seed);
            devices.add(new Device(
                    scores.draw(id, random.stream("rules/validation/" + id)),
                    scores.draw(id, random.stream("rules/test/" + id))));
        }
        return new DeviceEvents(
                devices, scores.costs().stream().map(BigDecimal::valueOf).toList());
    }
}
