package org.qexit.experiment.shots;

import java.util.ArrayList;
import java.util.List;
import org.qexit.nn.measurement.MeasuredEvents;
import org.qexit.nn.measurement.ShotDecisions;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/** Sums over the devices of one model that are measured in one way. */
final class ShotTally {
    static final String FIXED = "fixed";

    static final List<String> COLUMNS = List.of(
            "qubits",
            "noise",
            "seed",
            "method",
            "max_shots",
            "events",
            "wrong",
            "wrong_before_cap",
            "capped",
            "shots_per_event",
            "gates_per_event",
            "two_qubit_gates_per_event",
            "critical",
            "found",
            "offloads",
            "exact_found",
            "exact_offloads");

    static final List<String> NUMBERS = COLUMNS.stream()
            .filter(column -> !List.of("noise", "method").contains(column))
            .toList();

    private final String method;
    private final long maxShots;
    private final long[] counts = new long[9];
    private double shots;
    private double gates;
    private double twoQubitGates;

    ShotTally(String method, long maxShots) {
        this.method = method;
        this.maxShots = maxShots;
    }

    void add(MeasuredEvents events, DeviceTrace trace, Thresholds.Decision[] truth, ShotDecisions measured) {
        int n = measured.events();
        counts[0] += n;
        counts[1] += measured.wrong(truth, false);
        counts[2] += measured.wrong(truth, true);
        counts[3] += measured.countCapped();
        shots += measured.totalShots();
        gates += n * measured.meanGates(events.gates());
        twoQubitGates += n * measured.meanGates(events.twoQubitGates());
        for (int k = 0; k < n; k++) {
            int critical = trace.labels()[k];
            counts[4] += critical;
            counts[5] += measured.decisions()[k].critical() ? critical : 0;
            counts[6] += measured.decisions()[k].critical() ? 1 : 0;
            counts[7] += truth[k].critical() ? critical : 0;
            counts[8] += truth[k].critical() ? 1 : 0;
        }
    }

    /** A line of the results behind the cells that say which model and machine. */
    List<Object> row(List<Object> which) {
        List<Object> row = new ArrayList<>(which);
        row.add(method);
        row.add(maxShots);
        for (int i = 0; i < 4; i++) {
            row.add(counts[i]);
        }
        row.add(ShotStudy.digits(shots / counts[0]));
        row.add(ShotStudy.digits(gates / counts[0]));
        row.add(ShotStudy.digits(twoQubitGates / counts[0]));
        for (int i = 4; i < counts.length; i++) {
            row.add(counts[i]);
        }
        return row;
    }
}
