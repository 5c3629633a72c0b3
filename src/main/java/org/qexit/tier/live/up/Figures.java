package org.qexit.tier.live.up;

import java.util.List;
import java.util.Map;

/**
 * What the page shows at a moment.
 *
 * @param state "running", "draining" or "ended"
 * @param seconds since the begin
 * @param speed how many times as fast as planned
 * @param periodSeconds of the plan, at this speed
 */
record Figures(
        String title,
        String state,
        double seconds,
        double speed,
        double periodSeconds,
        Totals totals,
        Fairness fairness,
        CloudState cloud,
        List<Node> nodes,
        List<Device> devices) {
    /** Of all devices. */
    record Totals(long events, long expected, long dropped, long answered, long missed) {}

    /**
     * Proportional fairness.
     *
     * @param promised &Sigma; &rho; ln U of the plan
     * @param soFar of critical events with an answer in time / critical events; null until every device has one
     * @param jainPromised Jain's index of the plan's U
     * @param jainSoFar of the devices that have had a critical event; null before
     */
    record Fairness(double promised, Double soFar, Double jainPromised, Double jainSoFar) {}

    /**
     * An edge node.
     *
     * @param away whether it did not say its figures
     * @param granted events per period that the plan grants its devices
     * @param decided events
     * @param load decided lately / granted in that time; null before the first figures
     * @param busy share of one core's time that the model took lately
     * @param exits events by the exit that decided
     * @param classes events by what was said of them, as devices heard it
     * @param refused for now, as a device had used up what the plan grants
     * @param model digest of the bundle in use; null before the first figures
     * @param version of the model, 0 for that of the run; null if it is of neither the run nor the cloud server
     */
    record Node(
            String id,
            int level,
            int devices,
            boolean away,
            double granted,
            long decided,
            Double load,
            Double busy,
            Map<String, Long> exits,
            Map<String, Long> classes,
            long refused,
            String model,
            Long version) {}

    /**
     * A device.
     *
     * @param expected events that will come
     * @param offloaded events that ended and were not dropped
     * @param promised U of the plan
     * @param soFar critical events with an answer in time / critical events; null before the first
     */
    record Device(
            String id,
            String node,
            int level,
            long events,
            long expected,
            long dropped,
            long offloaded,
            long classified,
            long rejected,
            long missed,
            Double p50Seconds,
            Double p95Seconds,
            double promised,
            Double soFar) {}

    /** (&Sigma; x)² / (n &Sigma; x²); null for nothing, or zeros alone. */
    static Double jain(double[] values) {
        double sum = 0;
        double squares = 0;
        for (double value : values) {
            sum += value;
            squares += value * value;
        }
        return squares > 0 ? sum * sum / (values.length * squares) : null;
    }
}
