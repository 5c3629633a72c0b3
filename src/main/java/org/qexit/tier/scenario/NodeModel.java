package org.qexit.tier.scenario;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;
import org.qexit.tier.NodeRule;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.TraceMetadata;
import org.qexit.trace.TraceReader;

/**
 * What the nodes' model says of every event, and what it costs.
 *
 * @param classes names by class id
 * @param critical ids of the critical classes, ascending
 * @param decisions {@code [device][row of the device's trace]}; not copied
 * @param unitsByExit share of the full computation that an event costs which leaves at an exit
 */
public record NodeModel(
        List<String> classes, List<Integer> critical, ClassThresholds.Decision[][] decisions, double[] unitsByExit) {

    /**
     * Reads the model's trace and decides every event of the devices' traces by the thresholds.
     *
     * @throws UserError if it does not tell classes and costs, or lacks an event
     */
    static NodeModel read(Path file, ClassThresholds thresholds, List<DeviceTrace> traces) {
        TraceMetadata metadata = TraceReader.metadata(file)
                .orElseThrow(
                        () -> new UserError(file + ": says nothing of its model; expected a trace by qexit trace"));
        if (metadata.classes() == null) {
            throw new UserError(
                    file + ": does not say which classes are critical; expected a trace of an edge node's model");
        }
        if (metadata.exits() == null) {
            throw new UserError(file + ": does not say what each exit costs; expected a trace by qexit trace");
        }
        NodeRule rule = new NodeRule(thresholds, metadata.classes().critical());
        Map<String, ClassTrace> byDevice = new HashMap<>();
        ClassTrace.readAll(file).forEach(trace -> byDevice.put(trace.device(), trace));
        List<ClassThresholds.Decision[]> all = new ArrayList<>();
        for (DeviceTrace trace : traces) {
            ClassTrace own = byDevice.get(trace.device());
            if (own == null) {
                throw new UserError(file + ": has no events of device " + trace.device());
            }
            all.add(aligned(file, own, rule.decideAll(own), trace));
        }
        double full = metadata.exits().get(metadata.exits().size() - 1).macs();
        double[] units = metadata.exits().stream()
                .mapToDouble(cost -> full > 0 ? cost.macs() / full : 1)
                .toArray();
        return new NodeModel(
                metadata.classes().names(),
                metadata.classes().critical(),
                all.toArray(ClassThresholds.Decision[][]::new),
                units);
    }

    private static ClassThresholds.Decision[] aligned(
            Path file, ClassTrace own, ClassThresholds.Decision[] decisions, DeviceTrace trace) {
        Map<Long, Integer> rows = new HashMap<>();
        for (int k = 0; k < own.size(); k++) {
            rows.put(own.events()[k], k);
        }
        ClassThresholds.Decision[] aligned = new ClassThresholds.Decision[trace.size()];
        for (int k = 0; k < aligned.length; k++) {
            Integer row = rows.get(trace.events()[k]);
            if (row == null) {
                throw new UserError(file + ": device " + trace.device() + " has no event " + trace.events()[k]
                        + ", which is in the devices' trace. Maybe it is of another split");
            }
            if (own.labels()[row] != trace.labels()[k]) {
                throw new UserError(file + ": device " + trace.device() + ", event " + trace.events()[k] + ": label is "
                        + own.labels()[row] + ", in the devices' trace " + trace.labels()[k]);
            }
            aligned[k] = decisions[row];
        }
        return aligned;
    }
}
