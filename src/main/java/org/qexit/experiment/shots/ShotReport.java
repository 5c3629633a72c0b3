package org.qexit.experiment.shots;

import java.util.ArrayList;
import java.util.List;
import org.qexit.common.RandomStreams;
import org.qexit.data.streams.DeviceStream;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.measurement.MeasuredEvents;
import org.qexit.nn.measurement.ShotDecisions;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.shots.Bound;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rate;
import org.qexit.trace.Thresholds;

/**
 * What it takes to decide a configuration's events by a trained model's quantum heads, measured shot by shot.
 *
 * @param devices in order
 */
public record ShotReport(List<Device> devices) {
    public ShotReport {
        devices = List.copyOf(devices);
    }

    /**
     * How events are measured.
     *
     * @param noise of the machine
     * @param bound of the sequential tests
     * @param delta error probability of an event that is decided before the cap
     * @param maxShots cap of each exit
     * @param seed of the shots
     */
    public record Settings(NoiseModel noise, Bound bound, double delta, long maxShots, long seed) {}

    /**
     * One device.
     *
     * @param id of the device
     * @param lower l that events were decided by
     * @param upper u; null if no confidence is critical
     * @param events how many
     * @param shotsPerEvent mean, all exits together
     * @param gatesPerEvent mean of shots times gates
     * @param twoQubitGatesPerEvent of these those on two qubits
     * @param exits per exit
     * @param atCap events that an exit left to the estimate at its cap, outside of what &delta; promises
     * @param wrong events decided otherwise than by infinitely many shots
     * @param wrongBeforeCap of these those decided before the cap
     * @param tpr true-positive rate
     * @param exactTpr the same by infinitely many shots
     */
    public record Device(
            String id,
            float lower,
            Float upper,
            int events,
            double shotsPerEvent,
            double gatesPerEvent,
            double twoQubitGatesPerEvent,
            List<Exit> exits,
            int atCap,
            int wrong,
            int wrongBeforeCap,
            Rate tpr,
            Rate exactTpr) {}

    /**
     * One exit of a device.
     *
     * @param exit from 1
     * @param looked events that it was measured for
     * @param decides events that leave there
     * @param gates of its circuit; 0 without one
     * @param meanShots of the events that it was measured for; 0 without any
     */
    public record Exit(int exit, int looked, int decides, int gates, double meanShots) {}

    /** Hears of every event of a device. */
    public interface Listener {
        void measured(String device, DeviceTrace exact, ShotDecisions shots);
    }

    /**
     * Measures the events of all devices.
     *
     * @param part which of each device's events
     * @param rule null: for every device the best pair for {@code budget} on its validation events, on the same machine
     * @param budget share of events that may be offloaded
     */
    public static ShotReport of(
            EarlyExitModel model,
            RunData images,
            DeviceStream.Part part,
            Thresholds rule,
            double budget,
            Settings settings,
            Listener listener) {
        List<Device> devices = new ArrayList<>();
        for (DeviceStream device : images.fitting(model.config()).devices()) {
            MeasuredEvents events = MeasuredEvents.of(model, device.device(), device.part(part), settings.noise());
            Thresholds pair = rule;
            if (pair == null) {
                pair = TrainingRun.exactPair(
                        MeasuredEvents.of(
                                        model,
                                        device.device(),
                                        device.part(DeviceStream.Part.VALIDATION),
                                        settings.noise())
                                .trace(),
                        budget);
            }
            devices.add(measured(device.device(), events, pair, settings, listener));
        }
        return new ShotReport(devices);
    }

    private static Device measured(
            String id, MeasuredEvents events, Thresholds pair, Settings settings, Listener listener) {
        DeviceTrace trace = events.trace();
        ShotDecisions shots = events.sequential(
                pair, settings.bound(), settings.delta(), settings.maxShots(), RandomStreams.of(settings.seed()));
        listener.measured(id, trace, shots);
        Thresholds.Decision[] truth = events.decisions(pair);
        return new Device(
                id,
                pair.lower(),
                pair.upper() == Thresholds.NEVER ? null : (Float) pair.upper(),
                shots.events(),
                shots.meanShots(),
                shots.meanGates(events.gates()),
                shots.meanGates(events.twoQubitGates()),
                exits(shots, events.gates()),
                shots.countCapped(),
                shots.wrong(truth, false),
                shots.wrong(truth, true),
                shots.tpr(trace.labels()),
                Confusion.of(trace, pair).tpr());
    }

    private static List<Exit> exits(ShotDecisions shots, int[] gates) {
        List<Exit> exits = new ArrayList<>();
        for (int q = 0; q < gates.length; q++) {
            int looked = 0;
            int decides = 0;
            long sum = 0;
            for (int k = 0; k < shots.events(); k++) {
                looked += shots.decisions()[k].exit() >= q ? 1 : 0;
                decides += shots.decisions()[k].exit() == q ? 1 : 0;
                sum += shots.shots()[q][k];
            }
            exits.add(new Exit(q + 1, looked, decides, gates[q], looked == 0 ? 0 : (double) sum / looked));
        }
        return exits;
    }
}
