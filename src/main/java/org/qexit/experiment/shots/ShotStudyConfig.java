package org.qexit.experiment.shots;

import java.nio.file.Path;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.ConfigText;
import org.qexit.data.streams.FleetStreamSpec;
import org.qexit.experiment.run.DataConfig;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.QuantumHead;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.shots.Bound;
import org.qexit.quantum.shots.OutcomeDistribution;

/**
 * What {@code qexit study} reads to compare ways of measuring; see experiments/shots/study.yaml. A model is trained for every seed and
 * number of qubits, and its
 * devices' test events are measured on every machine, by thresholds that are chosen on the validation events of the same machine.
 *
 * @param format must be {@value #FORMAT}
 * @param name of the study
 * @param data what is learnt
 * @param streams the devices' events; null means all defaults
 * @param model with quantum heads, whose numbers of qubits are replaced
 * @param qubits numbers of qubits of every quantum head
 * @param training how; null means all defaults
 * @param seeds of every random choice
 * @param noise machines, {@code none} or as {@code --noise} has them; null means none alone
 * @param budget share of events that may be offloaded, by which thresholds are chosen
 * @param delta error probability of an event that is decided before the cap
 * @param maxShots cap of an exit
 * @param bounds the sequential tests that are compared; null for all
 * @param fixed numbers of shots that are compared with, ascending
 */
public record ShotStudyConfig(
        String format,
        String name,
        DataConfig data,
        FleetStreamSpec streams,
        ModelConfig model,
        List<Integer> qubits,
        TrainingConfig training,
        List<Long> seeds,
        List<String> noise,
        Double budget,
        Double delta,
        Long maxShots,
        List<Bound> bounds,
        List<Long> fixed) {
    public static final String FORMAT = "qexit.shots/1";
    static final String NONE = "none";

    private static final int MOST_SHOTS = 1_000_000;

    public ShotStudyConfig {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.notBlank("name", name);
        Checks.present("data", data);
        streams = streams == null ? FleetStreamSpec.DEFAULT : streams;
        Checks.present("model", model).checkBinary();
        if (model.heads().stream().noneMatch(QuantumHead.class::isInstance)) {
            throw new IllegalArgumentException("model has no quantum head; expected at least one");
        }
        qubits = Checks.distinct("qubits", qubits);
        qubits.forEach(count -> Checks.within("qubits", count, 1, OutcomeDistribution.MAX_QUBITS));
        training = training == null ? TrainingConfig.DEFAULT : training;
        seeds = Checks.distinct("seeds", seeds);
        noise = Checks.distinct("noise", noise == null ? List.of(NONE) : noise);
        noise.forEach(ShotStudyConfig::machine);
        Checks.within("budget", Checks.present("budget", budget), 0, 1);
        if (!(Checks.present("delta", delta) > 0 && delta < 1)) {
            throw new IllegalArgumentException("delta is " + delta + "; expected more than 0 and less than 1");
        }
        checkShots("maxShots", Checks.present("maxShots", maxShots));
        bounds = Checks.distinct("bounds", bounds == null ? List.of(Bound.values()) : bounds);
        fixed = Checks.distinct("fixed", fixed);
        long before = 0;
        for (long count : fixed) {
            checkShots("fixed", count);
            if (count <= before) {
                throw new IllegalArgumentException("fixed is " + fixed + "; expected ascending numbers of shots");
            }
            before = count;
        }
    }

    private static void checkShots(String name, long shots) {
        if (shots < 1 || shots > MOST_SHOTS) {
            throw new IllegalArgumentException(name + " is " + shots + "; expected 1 to " + MOST_SHOTS);
        }
    }

    public static ShotStudyConfig read(Path file) {
        return read(ConfigText.of(file));
    }

    /** The same with fields that were set on the command line. */
    public static ShotStudyConfig read(ConfigText text) {
        ShotStudyConfig read = text.as(ShotStudyConfig.class);
        return new ShotStudyConfig(
                read.format,
                read.name,
                read.data.near(text.directory()),
                read.streams,
                read.model,
                read.qubits,
                read.training,
                read.seeds,
                read.noise,
                read.budget,
                read.delta,
                read.maxShots,
                read.bounds,
                read.fixed);
    }

    /** The noise of a machine. */
    static NoiseModel machine(String noise) {
        return NONE.equals(noise) ? NoiseModel.NONE : NoiseModel.parse(noise);
    }

    /** The training of one model. */
    TrainingRun run(long seed, int count) {
        List<HeadConfig> heads = model.heads().stream()
                .map(head -> head instanceof QuantumHead quantum ? quantum.withQubits(count) : head)
                .toList();
        return new TrainingRun(
                TrainingRun.FORMAT, name, seed, data, streams, null, model.withHeads(heads), training, null);
    }
}
