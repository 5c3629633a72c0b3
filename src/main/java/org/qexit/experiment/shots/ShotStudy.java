package org.qexit.experiment.shots;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.qexit.common.AtomicFiles;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.common.task.TaskSet;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.streams.DeviceStream;
import org.qexit.experiment.results.ResultTable;
import org.qexit.experiment.results.StudyPlace;
import org.qexit.experiment.results.StudyUnits;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.measurement.MeasuredEvents;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.shots.Bound;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/** Trains and measures what the results of a study of shots lack, and writes the comparison. An interrupted study goes on where it was. */
public final class ShotStudy {
    private static final String RESULTS = "results.csv";

    private final ShotStudyConfig config;
    private final DatasetCatalog catalog;

    private ShotStudy(ShotStudyConfig config, DatasetCatalog catalog) {
        this.config = config;
        this.catalog = catalog;
    }

    /**
     * Runs a study.
     *
     * @param directory of results.csv, summary.md and shots.svg
     * @param measure false only compares what is there
     * @param stop set to true from outside to end behind the models at work
     * @throws UserError if there is nothing to compare
     */
    public static ShotSummary run(
            ShotStudyConfig config, StudyPlace place, Path directory, boolean measure, AtomicBoolean stop) {
        ResultTable results = ResultTable.read(directory.resolve(RESULTS), ShotTally.COLUMNS, ShotTally.NUMBERS);
        if (measure) {
            List<Unit> units = new ArrayList<>();
            for (long seed : config.seeds()) {
                for (int qubits : config.qubits()) {
                    units.add(new Unit(seed, qubits));
                }
            }
            StudyUnits<ShotStudy, Unit> study =
                    new StudyUnits<>("study " + config.name() + ", models", "measured", units, Unit::key);
            study.run(results, place, new Units(place), new ShotStudy(config, place.catalog()), stop);
        }
        if (results.rows().isEmpty()) {
            throw new UserError(directory.resolve(RESULTS) + ": no rows yet");
        }
        ShotSummary summary = ShotSummary.of(config, results.rows());
        AtomicFiles.writeString(directory.resolve("summary.md"), ShotTables.markdown(summary));
        AtomicFiles.writeString(directory.resolve("shots.svg"), ShotTables.svg(summary));
        return summary;
    }

    /** A model and all that is measured of it. */
    private record Unit(long seed, int qubits) implements Serializable {
        Map<String, String> key() {
            return Map.of("qubits", String.valueOf(qubits), "seed", String.valueOf(seed));
        }
    }

    /** The units as tasks. */
    private record Units(StudyPlace place) implements TaskSet<ShotStudy, Unit, ArrayList<List<Object>>> {
        @Override
        public ShotStudy prepare() {
            return new ShotStudy(ShotStudyConfig.read(place.config()), place.catalog());
        }

        @Override
        public ArrayList<List<Object>> run(ShotStudy study, Unit unit, BooleanSupplier stopped) {
            return study.unit(unit.seed(), unit.qubits());
        }
    }

    private ArrayList<List<Object>> unit(long seed, int qubits) {
        TrainingRun run = config.run(seed, qubits);
        RunData images = RunData.of(run, catalog);
        EarlyExitModel model = run.train(images);
        ArrayList<List<Object>> rows = new ArrayList<>();
        for (String noise : config.noise()) {
            Machine machine = new Machine(seed, qubits, noise);
            for (DeviceStream device : images.devices()) {
                machine.measure(model, device);
            }
            rows.addAll(machine.rows());
        }
        return rows;
    }

    /** One model's devices on one machine. */
    private final class Machine {
        private final long seed;
        private final int qubits;
        private final String noise;
        private final RandomStreams random;
        private final Map<String, ShotTally> tallies = new LinkedHashMap<>();

        Machine(long seed, int qubits, String noise) {
            this.seed = seed;
            this.qubits = qubits;
            this.noise = noise;
            random = RandomStreams.of(RandomStreams.of(seed).seed("shots/" + qubits + "/" + noise));
        }

        void measure(EarlyExitModel model, DeviceStream device) {
            NoiseModel machine = ShotStudyConfig.machine(noise);
            MeasuredEvents validation =
                    MeasuredEvents.of(model, device.device(), device.part(DeviceStream.Part.VALIDATION), machine);
            Thresholds thresholds = TrainingRun.exactPair(validation.trace(), config.budget());
            MeasuredEvents test =
                    MeasuredEvents.of(model, device.device(), device.part(DeviceStream.Part.TEST), machine);
            DeviceTrace trace = test.trace();
            Thresholds.Decision[] truth = test.decisions(thresholds);
            for (Bound bound : config.bounds()) {
                tally(bound.word(), config.maxShots())
                        .add(
                                test,
                                trace,
                                truth,
                                test.sequential(thresholds, bound, config.delta(), config.maxShots(), random));
            }
            long[] counts = config.fixed().stream().mapToLong(Long::longValue).toArray();
            var fixed = test.fixed(thresholds, counts, random);
            for (int i = 0; i < counts.length; i++) {
                tally(ShotTally.FIXED, counts[i]).add(test, trace, truth, fixed.get(i));
            }
        }

        private ShotTally tally(String method, long shots) {
            return tallies.computeIfAbsent(method + "/" + shots, key -> new ShotTally(method, shots));
        }

        List<List<Object>> rows() {
            String machine = noise.replace(",", ";");
            return tallies.values().stream()
                    .map(tally -> tally.row(List.of(qubits, machine, seed)))
                    .toList();
        }
    }

    static String digits(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }
}
