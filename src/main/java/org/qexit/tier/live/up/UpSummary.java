package org.qexit.tier.live.up;

import java.util.List;
import java.util.Map;
import org.qexit.tier.live.device.DeviceSummary;

/**
 * How all of it ended.
 *
 * @param seconds that it ran
 * @param devices by their own ledgers
 * @param nodes by their own journals and figures
 * @param fairness promised and come true
 * @param cloud what the cloud server has heard and learnt
 * @param differences what does not add up, in words; empty if all does
 */
public record UpSummary(
        double seconds,
        double speed,
        List<Device> devices,
        List<Node> nodes,
        Fairness fairness,
        CloudState cloud,
        List<String> differences) {
    /** A device: its node in the plan, its ledger, and U = critical events answered in time / critical events. */
    public record Device(String node, DeviceSummary ledger, double promised, Double utility) {}

    /**
     * A node.
     *
     * @param answered events in its journal, by device
     * @param unheard of them, those whose answer no device has heard: it had given up, or the run ended
     * @param exits events that its model decided, by exit; as the node's figures said before it ended
     * @param classes events by what was said of them, as devices heard it
     * @param refused for now, as a device had used up its grant
     * @param model digest of the bundle that it used last
     * @param version of that model, 0 for the run's; null if it is of neither the run nor the cloud server
     */
    public record Node(
            String id,
            Map<String, Long> answered,
            long unheard,
            Map<String, Long> exits,
            Map<String, Long> classes,
            long refused,
            String model,
            Long version) {
        public long served() {
            return answered.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** &Sigma; &rho; ln U and Jain's index of U, of the plan and as it was. */
    public record Fairness(double promised, Double happened, Double jainPromised, Double jainHappened) {}

    /** Whether ledgers, journals and figures agree. */
    public boolean addsUp() {
        return differences.isEmpty();
    }
}
