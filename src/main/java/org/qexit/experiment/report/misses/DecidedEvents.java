package org.qexit.experiment.report.misses;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rate;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * One model's decisions on all devices' test events, with what the events are.
 *
 * @param model its name
 * @param exits L
 * @param events in the order of the devices and their streams
 */
public record DecidedEvents(String model, int exits, List<Event> events) {
    /**
     * One event.
     *
     * @param source index of its sample in the test part of the data
     * @param classId its class
     * @param positive whether it is critical
     * @param called whether it was called critical
     * @param exit that decided, from 1
     * @param confidences of the exits that ran
     */
    public record Event(
            String device,
            int source,
            int classId,
            boolean positive,
            boolean called,
            int exit,
            List<Float> confidences) {
        /** That of the exit that decided. */
        float confidence() {
            return confidences.get(exit - 1);
        }

        /** The exits that ran, in words. */
        String words() {
            List<String> all = confidences.stream()
                    .map(c -> String.format(Locale.ROOT, "%.3f", c))
                    .toList();
            return device + ", exit " + exit + ", " + String.join(" ", all);
        }
    }

    public DecidedEvents {
        events = List.copyOf(events);
    }

    /**
     * The decisions by some rules.
     *
     * @param traces of the devices' test events, with their origins as indices
     * @param rules one per trace
     */
    public static DecidedEvents of(String model, List<DeviceTrace> traces, List<Rule> rules) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < traces.size(); i++) {
            DeviceTrace trace = traces.get(i);
            for (int k = 0; k < trace.size(); k++) {
                Thresholds.Decision decided = rules.get(i).decide(trace.scores(), k);
                List<Float> confidences = new ArrayList<>();
                for (int q = 0; q <= decided.exit(); q++) {
                    confidences.add(trace.scores()[q][k]);
                }
                events.add(new Event(
                        trace.device(),
                        Integer.parseInt(trace.origins().sources()[k]),
                        trace.origins().classes()[k],
                        trace.labels()[k] == 1,
                        decided.critical(),
                        decided.exit() + 1,
                        List.copyOf(confidences)));
            }
        }
        return new DecidedEvents(model, traces.get(0).exits(), events);
    }

    /** Classes that have events, ascending. */
    List<Integer> classes() {
        return events.stream().map(Event::classId).distinct().sorted().toList();
    }

    /** Events of a class that were decided wrongly, of all of the class. */
    Rate wrong(int classId) {
        long all = events.stream().filter(e -> e.classId() == classId).count();
        long wrong = events.stream()
                .filter(e -> e.classId() == classId && e.called() != e.positive())
                .count();
        return Rate.of(wrong, all);
    }

    /** How many events of a class an exit decided so. */
    long count(int classId, int exit, boolean called) {
        return events.stream()
                .filter(e -> e.classId() == classId && e.exit() == exit && e.called() == called)
                .count();
    }

    /** Critical events called normal, those first whose deciding exit was surest. */
    List<Event> misses() {
        return wrong(true, Comparator.comparing(Event::confidence));
    }

    /** Normal events called critical, those first whose deciding exit was surest. */
    List<Event> falseAlarms() {
        return wrong(false, Comparator.comparing(Event::confidence).reversed());
    }

    private List<Event> wrong(boolean positive, Comparator<Event> surest) {
        return events.stream()
                .filter(e -> e.positive() == positive && e.called() != positive)
                .sorted(surest)
                .toList();
    }
}
