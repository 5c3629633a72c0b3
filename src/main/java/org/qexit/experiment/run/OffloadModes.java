package org.qexit.experiment.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.report.ReportData;
import org.qexit.threshold.offload.EndToEndCounts;
import org.qexit.threshold.offload.NodeAnswers;
import org.qexit.threshold.offload.OffloadFrontier;
import org.qexit.threshold.offload.OffloadMode;
import org.qexit.threshold.offload.OffloadSearch;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/**
 * The ways to use an edge node side by side: each device's best pair to offload critical events by, undecided ones or both, chosen on
 * validation events at as many offloads as the plan's rule has there, and counted on test events, all devices together.
 */
final class OffloadModes {
    private final int[] critical;
    private final ClassThresholds node;

    /**
     * @param critical ids of the critical classes, ascending
     * @param node thresholds of the node's model
     */
    OffloadModes(List<Integer> critical, ClassThresholds node) {
        this.critical = critical.stream().mapToInt(Integer::intValue).toArray();
        this.node = node;
    }

    /**
     * Compares.
     *
     * @param rules the plan's, {@code [device]} as all that follows
     * @param validation the devices' traces
     * @param test the devices' traces
     * @param trained the node's model, with its traces of the same events
     */
    List<ReportData.OffloadRow> rows(
            List<Rule> rules, List<DeviceTrace> validation, List<DeviceTrace> test, EdgeNodes.Trained trained) {
        List<List<EndToEndCounts>> counts = new ArrayList<>();
        for (OffloadMode mode : OffloadMode.values()) {
            counts.add(new ArrayList<>());
        }
        for (int n = 0; n < rules.size(); n++) {
            DeviceTrace chosenOn = validation.get(n);
            OffloadSearch search = OffloadSearch.of(
                    chosenOn, answers(chosenOn, trained.validation().get(n)));
            OffloadFrontier frontier = OffloadFrontier.of(search, chosenOn.size(), null);
            int budget = Confusion.of(chosenOn, rules.get(n)).offloads();
            NodeAnswers onTest = answers(test.get(n), trained.test().get(n));
            for (OffloadMode mode : OffloadMode.values()) {
                Rule best = frontier.within(mode, budget).thresholds();
                counts.get(mode.ordinal()).add(EndToEndCounts.of(test.get(n), onTest, mode, best));
            }
        }
        return Arrays.stream(OffloadMode.values())
                .filter(mode -> !rules.isEmpty())
                .map(mode -> row(mode, EndToEndCounts.sum(counts.get(mode.ordinal()))))
                .toList();
    }

    private static ReportData.OffloadRow row(OffloadMode mode, EndToEndCounts sum) {
        return new ReportData.OffloadRow(
                mode.word(), Interval.of(sum.tpr()), Interval.of(sum.fpr()), Interval.of(sum.ofr()));
    }

    private NodeAnswers answers(DeviceTrace device, ClassTrace trace) {
        if (!device.device().equals(trace.device()) || !Arrays.equals(device.events(), trace.events())) {
            throw new IllegalArgumentException(
                    "the traces of " + device.device() + " and of its edge node differ in their events");
        }
        int[] answers = new int[trace.size()];
        Arrays.setAll(answers, k -> node.decide(trace.event(k), critical).falseAlarm() ? 0 : 1);
        return new NodeAnswers(answers, 1);
    }
}
