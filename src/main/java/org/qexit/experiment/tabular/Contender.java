package org.qexit.experiment.tabular;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.qexit.common.UserError;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Simulator;

/**
 * A classifier with its grid. Names with {@code -separable} are circuits without entanglers, names with {@code -twin} classical networks of
 * nearly as many weights, trained in the same way.
 */
public enum Contender {
    MLP("MLPClassifier") {
        @Override
        Map<String, List<String>> axes() {
            return named("alpha", "0.01 0.001 0.0001", "hidden", "100 10-10-10-10 50-10-5", RATE, RATES);
        }

        @Override
        Fit fit(
                Point point,
                Table train,
                Table test,
                Machine machine,
                SplittableRandom random,
                BooleanSupplier stopped) {
            int[] hidden = Arrays.stream(point.text("hidden").split("-"))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            Perceptron perceptron = new Perceptron(train.width(), hidden, point.number("alpha"));
            double[] rows = train.flat();
            perceptron.train(rows, train.labels(), point.number(RATE), random, stopped);
            return new Fit(
                    true,
                    perceptron.accuracy(rows, train.labels()),
                    perceptron.accuracy(test.flat(), test.labels()),
                    perceptron.epochs(),
                    perceptron.parameters());
        }
    },
    SVC("SVC") {
        @Override
        Map<String, List<String>> axes() {
            return named("C", "0.1 1 10 100", "gamma", "0.001 0.01 0.1 1");
        }

        @Override
        Fit fit(
                Point point,
                Table train,
                Table test,
                Machine machine,
                SplittableRandom random,
                BooleanSupplier stopped) {
            return SupportVectors.fit(point.number("C"), point.number("gamma"), train, test);
        }
    },
    DRESSED("DressedQuantumCircuitClassifier") {
        @Override
        Map<String, List<String>> axes() {
            return named(RATE, RATES, LAYERS, DEPTHS);
        }

        @Override
        Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
            return new DressedCircuit(width, point.count(LAYERS), true, simulators);
        }
    },
    DRESSED_SEPARABLE("DressedQuantumCircuitClassifierSeparable") {
        @Override
        Map<String, List<String>> axes() {
            return DRESSED.axes();
        }

        @Override
        Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
            return new DressedCircuit(width, point.count(LAYERS), false, simulators);
        }
    },
    DRESSED_TWIN(null) {
        @Override
        Map<String, List<String>> axes() {
            return DRESSED.axes();
        }

        @Override
        Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
            return new TanhTwin(width, DRESSED.model(width, point).parameters());
        }
    },
    RE_UPLOADING("DataReuploadingClassifier", Scaling.Kind.HALF_TURN) {
        @Override
        Map<String, List<String>> axes() {
            return named(RATE, RATES, LAYERS, DEPTHS, "measured", "single half full");
        }

        @Override
        Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
            return new ReUploading(width, point.count(LAYERS), measured(point), true, simulators);
        }
    },
    RE_UPLOADING_SEPARABLE("DataReuploadingClassifierSeparable", Scaling.Kind.HALF_TURN) {
        @Override
        Map<String, List<String>> axes() {
            return RE_UPLOADING.axes();
        }

        @Override
        Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
            return new ReUploading(width, point.count(LAYERS), measured(point), false, simulators);
        }
    },
    RE_UPLOADING_TWIN(null) {
        @Override
        Map<String, List<String>> axes() {
            // How many qubits are measured hardly changes the number of weights.
            return named(RATE, RATES, LAYERS, DEPTHS);
        }

        @Override
        Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
            Differentiable circuit =
                    new ReUploading(width, point.count(LAYERS), ReUploading.Measured.FULL, true, simulators);
            return new TanhTwin(width, circuit.parameters());
        }
    },
    SEPARABLE("SeparableVariationalClassifier", Scaling.Kind.HALF_TURN) {
        @Override
        Map<String, List<String>> axes() {
            return named("uploads", "1 3 5 10", RATE, RATES);
        }

        @Override
        Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
            return new SeparableVariational(width, point.count("uploads"), simulators);
        }
    },
    SEPARABLE_TWIN(null) {
        @Override
        Map<String, List<String>> axes() {
            return SEPARABLE.axes();
        }

        @Override
        Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
            return new TanhTwin(width, SEPARABLE.model(width, point).parameters());
        }
    },
    IQP(null, Scaling.Kind.HALF_TURN) {
        @Override
        Map<String, List<String>> axes() {
            return named(RATE, RATES, LAYERS, DEPTHS, "repeats", "1 5 10");
        }

        @Override
        Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
            return iqp(width, point, IqpVariational.Coupling.ALL, simulators);
        }
    },
    IQP_ONCE("IQPVariationalClassifier", Scaling.Kind.HALF_TURN) {
        @Override
        Map<String, List<String>> axes() {
            return IQP.axes();
        }

        @Override
        Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
            return iqp(width, point, IqpVariational.Coupling.ONCE, simulators);
        }
    },
    IQP_SEPARABLE(null, Scaling.Kind.HALF_TURN) {
        @Override
        Map<String, List<String>> axes() {
            return IQP.axes();
        }

        @Override
        Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
            return iqp(width, point, IqpVariational.Coupling.NONE, simulators);
        }
    },
    IQP_TWIN(null) {
        @Override
        Map<String, List<String>> axes() {
            // Repeats of the embedding have no weights.
            return named(RATE, RATES, LAYERS, DEPTHS);
        }

        @Override
        Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
            return new TanhTwin(width, 3 * width * point.count(LAYERS));
        }
    };

    static final String RATE = "learningRate";

    private static final String RATES = "0.001 0.01 0.1";
    private static final String LAYERS = "layers";
    private static final String DEPTHS = "1 5 10 15";

    /** Steps after which a fit counts as failed, as published. */
    private static final int MOST_STEPS = 10_000;

    private static final int MOST_DRESSED_STEPS = 100_000;

    private final String published;
    private final Scaling.Kind scaling;

    Contender(String published) {
        this(published, Scaling.Kind.STANDARD);
    }

    Contender(String published, Scaling.Kind scaling) {
        this.published = published;
        this.scaling = scaling;
    }

    /** Its name in the published results; null if it is not there. */
    public String published() {
        return published;
    }

    /** As in configurations and results: {@code dressed-separable}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws UserError if there is none of this name */
    public static Contender of(String word) {
        for (Contender contender : values()) {
            if (contender.word().equals(word)) {
                return contender;
            }
        }
        throw new UserError("models: '" + UserError.shown(word) + "'; expected some of "
                + String.join(", ", Arrays.stream(values()).map(Contender::word).toList()));
    }

    /** What a grid search tries, by name. */
    abstract Map<String, List<String>> axes();

    /** Its points, in the order in which the first of several equally good ones wins. */
    public List<Point> grid() {
        return Point.grid(axes());
    }

    /** A fresh one for a number of features; only of those that are trained by {@link SmallBatches}. */
    Differentiable model(int width, Point point, Function<Circuit, Simulator> simulators) {
        throw new IllegalStateException(word() + " has no gradient here");
    }

    /** The same with exact expectation values. */
    final Differentiable model(int width, Point point) {
        return model(width, point, Machine.exact(), new SplittableRandom(0));
    }

    /** The same on a machine. */
    final Differentiable model(int width, Point point, Machine machine, SplittableRandom random) {
        return model(width, point, circuit -> machine.simulator(circuit, random));
    }

    /** Whether {@link #model} is there. */
    boolean isDifferentiable() {
        return this != MLP && this != SVC;
    }

    /** How many qubits it takes; 0 for a classical one. */
    int qubits(int width) {
        if (!isDifferentiable() || name().endsWith("_TWIN")) {
            return 0;
        }
        return this == RE_UPLOADING || this == RE_UPLOADING_SEPARABLE ? (width + 2) / 3 : width;
    }

    /** What is done to its inputs; the published support vectors and perceptrons took them as they came. */
    Scaling.Kind scaling(TabularConfig.Protocol protocol) {
        boolean asTheyCome = protocol == TabularConfig.Protocol.BOWLES2024 && !isDifferentiable();
        return asTheyCome ? Scaling.Kind.NONE : scaling;
    }

    /** Trains one on samples that are scaled. */
    final Fit fit(Point point, Table train, Table test, SplittableRandom random, BooleanSupplier stopped) {
        return fit(point, train, test, Machine.exact(), random, stopped);
    }

    /** Trains and tests one on a machine. */
    Fit fit(Point point, Table train, Table test, Machine machine, SplittableRandom random, BooleanSupplier stopped) {
        Differentiable model = model(train.width(), point, machine, random);
        double[] rows = train.flat();
        int most = name().startsWith("DRESSED") ? MOST_DRESSED_STEPS : MOST_STEPS;
        SmallBatches.Trained trained =
                new SmallBatches(model, point.number(RATE), most, stopped).train(rows, train.labels(), random);
        return new Fit(
                trained.converged(),
                SmallBatches.accuracy(model, trained.weights(), rows, train.labels()),
                SmallBatches.accuracy(model, trained.weights(), test.flat(), test.labels()),
                trained.steps(),
                model.parameters());
    }

    private static Differentiable iqp(
            int width, Point point, IqpVariational.Coupling coupling, Function<Circuit, Simulator> simulators) {
        return new IqpVariational(width, point.count("repeats"), point.count(LAYERS), coupling, simulators);
    }

    private static ReUploading.Measured measured(Point point) {
        return ReUploading.Measured.valueOf(point.text("measured").toUpperCase(Locale.ROOT));
    }

    private static Map<String, List<String>> named(String... namesAndValues) {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            axes.put(namesAndValues[i], List.of(namesAndValues[i + 1].split(" ")));
        }
        return axes;
    }
}
