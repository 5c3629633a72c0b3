package org.qexit.threshold.node;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.Rate;

/**
 * What became of events on their way through device and edge node: how many events of each true class were decided to be what. An operator
 * hears of every event that the node names a critical class of.
 *
 * @param classes names by class id, the rows of {@code counts}
 * @param critical ids of the critical classes, ascending
 * @param counts {@code [true class][answer]}; the answers are the critical classes in their order, then {@code false alarm}, which the node
 *     says, then {@code dropped as normal}, which the device says
 */
public record ChainFigures(List<String> classes, List<Integer> critical, List<List<Long>> counts) {
    public ChainFigures {
        classes = List.copyOf(classes);
        critical = List.copyOf(critical);
        counts = counts.stream().map(List::copyOf).toList();
        if (counts.size() != classes.size()) {
            throw new IllegalArgumentException(counts.size() + " rows; expected one per class, " + classes.size());
        }
        for (List<Long> row : counts) {
            if (row.size() != critical.size() + 2 || row.stream().anyMatch(count -> count < 0)) {
                throw new IllegalArgumentException(
                        "row " + row + "; expected " + (critical.size() + 2) + " counts of at least 0");
            }
        }
        for (int id : critical) {
            if (id < 0 || id >= classes.size()) {
                throw new IllegalArgumentException("critical class " + id + " of " + classes.size() + " classes");
            }
        }
    }

    /** Counts events one by one; used by one thread at a time. */
    public static final class Counter {
        private final List<String> classes;
        private final List<Integer> critical;
        private final long[][] counts;

        public Counter(List<String> classes, List<Integer> critical) {
            this.classes = List.copyOf(classes);
            this.critical = List.copyOf(critical);
            this.counts = new long[classes.size()][critical.size() + 2];
        }

        /** An event that its device took for normal. */
        public void dropped(int trueClass) {
            counts[trueClass][critical.size() + 1]++;
        }

        /**
         * An event that a node answered.
         *
         * @param answer a critical class, or {@link ClassThresholds#FALSE_ALARM}
         */
        public void answered(int trueClass, int answer) {
            int column = answer == ClassThresholds.FALSE_ALARM ? critical.size() : critical.indexOf(answer);
            if (column < 0) {
                throw new IllegalArgumentException("answer " + answer + "; expected a critical class of " + critical);
            }
            counts[trueClass][column]++;
        }

        public ChainFigures figures() {
            List<List<Long>> rows = new ArrayList<>();
            for (long[] row : counts) {
                rows.add(Arrays.stream(row).boxed().toList());
            }
            return new ChainFigures(classes, critical, rows);
        }
    }

    /** Names of the answers, the columns of {@code counts}. */
    public List<String> answers() {
        List<String> answers = new ArrayList<>();
        critical.forEach(id -> answers.add(classes.get(id)));
        answers.add("false alarm");
        answers.add("dropped as normal");
        return answers;
    }

    private long events(int trueClass) {
        return counts.get(trueClass).stream().mapToLong(Long::longValue).sum();
    }

    private long named(int trueClass) {
        return counts.get(trueClass).subList(0, critical.size()).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private long right(int trueClass) {
        int column = critical.indexOf(trueClass);
        return column < 0 ? 0 : counts.get(trueClass).get(column);
    }

    /** Critical events that were offloaded and named their own class, of all critical events: those missed at a device count as wrong. */
    public Rate rightEndToEnd() {
        return Rate.of(
                critical.stream().mapToLong(this::right).sum(),
                critical.stream().mapToLong(this::events).sum());
    }

    /** The same for the events of one critical class. */
    public Rate rightEndToEnd(int trueClass) {
        return Rate.of(right(trueClass), events(trueClass));
    }

    /** Critical events that were named some critical class, of all critical events. */
    public Rate foundEndToEnd() {
        return Rate.of(
                critical.stream().mapToLong(this::named).sum(),
                critical.stream().mapToLong(this::events).sum());
    }

    /** Normal events that reached an operator, of all normal events. */
    public Rate falseAlarms() {
        long alarms = 0;
        long events = 0;
        for (int id = 0; id < classes.size(); id++) {
            if (!critical.contains(id)) {
                alarms += named(id);
                events += events(id);
            }
        }
        return Rate.of(alarms, events);
    }

    /** Events named a critical class that are none of it, of all events that an operator hears of. */
    public Rate wrongAlerts() {
        long alerts = 0;
        for (int id = 0; id < classes.size(); id++) {
            alerts += named(id);
        }
        return Rate.of(alerts - critical.stream().mapToLong(this::right).sum(), alerts);
    }

    /** The right answers of the node, of all events that were offloaded; for a normal event that is a false alarm. */
    public Rate nodeAccuracy() {
        long right = critical.stream().mapToLong(this::right).sum();
        long offloaded = 0;
        for (int id = 0; id < classes.size(); id++) {
            long rejected = counts.get(id).get(critical.size());
            right += critical.contains(id) ? 0 : rejected;
            offloaded += named(id) + rejected;
        }
        return Rate.of(right, offloaded);
    }
}
