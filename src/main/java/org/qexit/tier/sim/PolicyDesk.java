package org.qexit.tier.sim;

import java.util.List;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.scenario.Policy;
import org.qexit.trace.ClassThresholds;

/** What a policy does in a running simulation: it is called at its times and when something is noticed. */
abstract class PolicyDesk {
    static PolicyDesk of(Policy policy, FleetSimulation simulation) {
        if (policy instanceof Policy.Kept) {
            return new Idle(0);
        }
        if (policy instanceof Policy.Follower follower) {
            return new Idle(follower.eta());
        }
        if (policy instanceof Policy.ReplanOnAlarm replan) {
            return new ReplanDesk(simulation, replan.moveCost(), replan.traffic(), null);
        }
        if (policy instanceof Policy.Periodic periodic) {
            return new ReplanDesk(simulation, periodic.moveCost(), periodic.traffic(), periodic.seconds());
        }
        if (policy instanceof Policy.ThresholdsOnAlarm thresholds) {
            return new ThresholdsDesk(simulation, thresholds.traffic());
        }
        if (policy instanceof Policy.Retrain) {
            return new RetrainDesk(simulation);
        }
        throw new IllegalStateException("policy " + policy);
    }

    /** Seconds between two looks; +&infin; for none. */
    abstract double looksEvery();

    /** &eta; of the devices' followers, or 0 for none. */
    double followerStep() {
        return 0;
    }

    /** A device begins. */
    void begins(SimulatedDevice device) {}

    /** It is time to look. */
    void look(double now) {}

    /** A node is noticed to be down, or up again. */
    void nodeChanged(double now) {}

    /** A device has joined. */
    void deviceJoined(double now) {}

    /**
     * The server hears of an event that a node answered; told as soon as it is known when.
     *
     * @param now when it hears of it, not before the calendar's time
     */
    void atServer(int job, double now) {}

    /** What it has {@linkplain FleetSimulation#callLater asked for} is due. */
    void called(int what) {
        throw new IllegalStateException("nothing was asked for");
    }

    /** Version of the model at a node. */
    int version(int node) {
        return 0;
    }

    /** What a version other than 0 decides at a level, {@code [trace][row]}. */
    ClassThresholds.Decision[][] decisions(int version, int level) {
        throw new IllegalStateException("version " + version);
    }

    /** What became of retrained models. */
    List<SimulationResult.Candidate> candidates() {
        return List.of();
    }

    /** New plans or thresholds that were put into force. */
    int changes() {
        return 0;
    }

    /** Times at which no plan was found. */
    int failures() {
        return 0;
    }

    /** Writes what it remembers beyond what the devices hold. */
    void write(SnapshotWriter out) {}

    void restore(SnapshotReader in) {}

    /** Leaves everything as it is. */
    private static final class Idle extends PolicyDesk {
        private final double eta;

        Idle(double eta) {
            this.eta = eta;
        }

        @Override
        double looksEvery() {
            return Double.POSITIVE_INFINITY;
        }

        @Override
        double followerStep() {
            return eta;
        }
    }
}
