package org.qexit.quantum.qasm;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** The value of an expression: a number, or a sum of inputs with factors. What is neither, or not finite, is refused where it arises. */
final class AngleEvaluation {
    /** Beyond it doubles skip whole numbers. */
    private static final double MAX_WHOLE = 0x1p53;

    private final Dialect dialect;
    private final Function<Token, LinearAngle> names;

    /** @param names the value of a name that is no constant; refuses what is not declared */
    AngleEvaluation(Dialect dialect, Function<Token, LinearAngle> names) {
        this.dialect = dialect;
        this.names = names;
    }

    LinearAngle of(Expression e) {
        try {
            return value(e);
        } catch (IllegalArgumentException notFinite) {
            throw e.at().refused(e.at().shown() + ": " + notFinite.getMessage());
        }
    }

    private LinearAngle value(Expression e) {
        if (e instanceof Expression.Literal literal) {
            String text = literal.at().text();
            return LinearAngle.of(Double.parseDouble(text)).withWhole(text.matches("\\d+"));
        }
        if (e instanceof Expression.Name name) {
            Double constant = dialect.constants().get(name.at().text());
            return constant == null ? names.apply(name.at()) : LinearAngle.of(constant);
        }
        if (e instanceof Expression.Negation negation) {
            return of(negation.of()).times(-1);
        }
        if (e instanceof Expression.Call call) {
            return LinearAngle.of(
                    function(call).applyAsDouble(constant(call.arguments().get(0), call.at())));
        }
        if (e instanceof Expression.Binary binary) {
            return binary(binary, of(binary.left()), of(binary.right()));
        }
        throw new IllegalStateException("expression " + e);
    }

    private LinearAngle binary(Expression.Binary e, LinearAngle left, LinearAngle right) {
        boolean whole = left.whole() && right.whole();
        return switch (e.at().text()) {
            case "+" -> left.plus(right);
            case "-" -> left.plus(right.times(-1));
            case "*" -> {
                if (!left.isConstant() && !right.isConstant()) {
                    throw e.at().refused("a product of inputs; expected a number times an input");
                }
                yield (left.isConstant() ? right.times(left.constant()) : left.times(right.constant()))
                        .withWhole(whole);
            }
            case "/" -> {
                double divisor = constant(e.right(), e.at());
                if (divisor == 0) {
                    throw e.at().refused("a division by zero");
                }
                yield checked(e, whole, left.over(divisor));
            }
            case "^", "**" -> {
                if (e.at().is("^") && dialect != Dialect.V2) {
                    throw e.at().refused("'^' is power in version 2 alone; expected '**'");
                }
                yield checked(
                        e, whole, LinearAngle.of(Math.pow(constant(e.left(), e.at()), constant(e.right(), e.at()))));
            }
            default -> throw new IllegalStateException("operator " + e.at());
        };
    }

    /** Quotients and powers of whole numbers: version 3 rounds what is not whole, version 2 does not. */
    private LinearAngle checked(Expression.Binary e, boolean whole, LinearAngle result) {
        if (whole && dialect != Dialect.V2 && dialect != Dialect.ROOTS) {
            double value = result.constant();
            if (value != Math.rint(value) || Math.abs(value) > MAX_WHOLE) {
                throw e.at().refused(e.at().shown() + " of whole numbers gives " + value
                        + ", which version 3 rounds to a whole number; expected a decimal point in one of them");
            }
        }
        return result.withWhole(whole);
    }

    private DoubleUnaryOperator function(Expression.Call call) {
        DoubleUnaryOperator function = dialect.functions().get(call.at().text());
        if (function == null) {
            throw call.at()
                    .refused("unknown function " + call.at().shown() + "; expected one of "
                            + String.join(
                                    ", ",
                                    dialect.functions().keySet().stream()
                                            .sorted()
                                            .toList()));
        }
        List<Expression> arguments = call.arguments();
        if (arguments.size() != 1) {
            throw call.at()
                    .refused("function " + call.at().shown() + " has " + arguments.size() + " arguments; expected 1");
        }
        return function;
    }

    private double constant(Expression e, Token user) {
        LinearAngle value = of(e);
        if (!value.isConstant()) {
            throw user.refused(user.shown() + " of an input is no multiple of it; expected a number");
        }
        return value.constant();
    }
}
