package org.qexit.quantum.qasm;

import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** In what the expressions of the language's versions differ. A program without a version line may use the words of both. */
enum Dialect {
    /** {@code 1/2} is 0.5, {@code ^} is power. */
    V2(constants2(), functions2()),
    /** {@code 1/2} is 0, {@code ^} is exclusive or. */
    V3(constants3(), functions3()),
    /** Exponents in version 3. */
    ROOTS(constants3(), functions3()),
    /** No version line: what the versions read differently is refused. */
    UNSTATED(constants3(), both());

    private final Map<String, Double> constants;
    private final Map<String, DoubleUnaryOperator> functions;

    Dialect(Map<String, Double> constants, Map<String, DoubleUnaryOperator> functions) {
        this.constants = constants;
        this.functions = functions;
    }

    static Dialect of(Token version) {
        return switch (version.text()) {
            case "2", "2.0" -> V2;
            case "3", "3.0", "3.1" -> V3;
            default -> throw version.refused("version is " + version.shown() + "; expected 2.0 or 3.0");
        };
    }

    /** The same with {@code 1/2} as 0.5. */
    Dialect withQuotients() {
        return this == V3 ? ROOTS : this;
    }

    Map<String, Double> constants() {
        return constants;
    }

    Map<String, DoubleUnaryOperator> functions() {
        return functions;
    }

    private static Map<String, Double> constants2() {
        return Map.of("pi", Math.PI);
    }

    private static Map<String, Double> constants3() {
        double tau = 2 * Math.PI;
        return Map.of("pi", Math.PI, "\u03C0", Math.PI, "tau", tau, "\u03C4", tau, "euler", Math.E, "\u2107", Math.E);
    }

    private static Map<String, DoubleUnaryOperator> functions2() {
        return Map.of(
                "sin",
                Math::sin,
                "cos",
                Math::cos,
                "tan",
                Math::tan,
                "exp",
                Math::exp,
                "ln",
                Math::log,
                "sqrt",
                Math::sqrt,
                "asin",
                Math::asin,
                "acos",
                Math::acos,
                "atan",
                Math::atan);
    }

    private static Map<String, DoubleUnaryOperator> functions3() {
        return Map.of(
                "sin",
                Math::sin,
                "cos",
                Math::cos,
                "tan",
                Math::tan,
                "exp",
                Math::exp,
                "log",
                Math::log,
                "sqrt",
                Math::sqrt,
                "arcsin",
                Math::asin,
                "arccos",
                Math::acos,
                "arctan",
                Math::atan);
    }

    private static Map<String, DoubleUnaryOperator> both() {
        Map<String, DoubleUnaryOperator> all = new HashMap<>(functions2());
        all.putAll(functions3());
        return all;
    }
}
