package org.qexit.quantum.qasm;

import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/** The value of an expression: a number, or a sum of inputs with factors. What is neither, or not finite, is refused where it arises. */
final class AngleEvaluation {
    /** Beyond it doubles skip whole numbers. */
    private static final double MAX_WHOLE = 0x1p53;

    /** Operators on bits are for what fits 31 of them. */
    private static final int MAX_SHIFTED = Integer.MAX_VALUE;

    private static final Set<String> ARITHMETIC = Set.of("+", "-", "*", "/", "^", "**");

    private final Dialect dialect;
    private final Names names;

    /** @param names the value of a name that is no constant; refuses what is not declared */
    AngleEvaluation(Dialect dialect, Names names) {
        this.dialect = dialect;
        this.names = names;
    }

    Dialect dialect() {
        return dialect;
    }

    /** The same with {@code 1/2} as 0.5. */
    AngleEvaluation withQuotients() {
        return new AngleEvaluation(dialect.withQuotients(), names);
    }

    LinearAngle of(Expression e) {
        try {
            return value(e);
        } catch (IllegalArgumentException notFinite) {
            throw e.at().refused(e.at().shown() + ": " + notFinite.getMessage());
        }
    }

    /** The whole number that an expression is, for sizes, indices and the bounds of loops. */
    int whole(Expression e, String what) {
        if (e instanceof Expression.Literal literal) {
            return literal.at().whole(what);
        }
        LinearAngle value = of(e);
        if (!value.isConstant() || !value.whole() || Math.abs(value.constant()) > Integer.MAX_VALUE) {
            throw e.at().refused(what + " is "
                    + (value.isConstant() ? LinearAngle.shown(value.constant()) : "an input's")
                    + (value.isConstant() && !value.whole() ? ", no whole number by its type" : "")
                    + "; expected a whole number");
        }
        return (int) value.constant();
    }

    /** Whether a condition holds, which must be known before the program runs. */
    boolean holds(Expression e) {
        return constant(e, e.at()) != 0;
    }

    private LinearAngle value(Expression e) {
        if (e instanceof Expression.Literal literal) {
            String text = literal.at().text();
            if (literal.at().kind() == Token.Kind.DURATION) {
                throw literal.at().refused("a duration " + literal.at().shown() + "; expected a number");
            }
            return LinearAngle.of(Double.parseDouble(text)).withWhole(text.matches("\\d+"));
        }
        if (e instanceof Expression.Name name) {
            Double constant = dialect.constants().get(name.at().text());
            return constant == null ? named(name.at()) : LinearAngle.of(constant);
        }
        if (e instanceof Expression.Element element) {
            return names.element(
                    element.at(),
                    whole(element.index(), "index of " + element.at().shown()));
        }
        if (e instanceof Expression.Not not) {
            double number = constant(not.of(), not.at());
            if (not.at().is("~") && number != 0 && number != 1) {
                throw not.at().refused("'~' of " + LinearAngle.shown(number) + "; expected a truth value or a bit");
            }
            return truth(number == 0);
        }
        if (e instanceof Expression.Cast cast) {
            Type type = Type.of(cast.at(), cast.width(), this);
            return type.fit(of(cast.of()), cast.of().at());
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
        if (!ARITHMETIC.contains(e.at().text())) {
            return compared(e, constant(e.left(), e.at()), constant(e.right(), e.at()), whole);
        }
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

    private static LinearAngle compared(Expression.Binary e, double left, double right, boolean whole) {
        String operator = e.at().text();
        switch (operator) {
            case "==":
                return truth(left == right);
            case "!=":
                return truth(left != right);
            case "<":
                return truth(left < right);
            case "<=":
                return truth(left <= right);
            case ">":
                return truth(left > right);
            case ">=":
                return truth(left >= right);
            case "&&":
                return truth(left != 0 && right != 0);
            case "||":
                return truth(left != 0 || right != 0);
            default:
        }
        if (!whole || left < 0 || right < 0 || left > MAX_SHIFTED || right > MAX_SHIFTED) {
            throw e.at().refused(e.at().shown() + " of " + LinearAngle.shown(left) + " and " + LinearAngle.shown(right)
                    + "; expected whole numbers from 0 to " + MAX_SHIFTED);
        }
        long a = (long) left;
        long b = (long) right;
        if (operator.equals("%") && b == 0) {
            throw e.at().refused("a division by zero");
        }
        long result = switch (operator) {
            case "&" -> a & b;
            case "|" -> a | b;
            case "<<" -> b > 31 ? Long.MAX_VALUE : a << b;
            case ">>" -> b > 31 ? 0 : a >> b;
            case "%" -> a % b;
            default -> throw new IllegalStateException("operator " + e.at());
        };
        if (result > MAX_SHIFTED) {
            throw e.at().refused(e.at().shown() + " gives more than " + MAX_SHIFTED + "; expected a smaller number");
        }
        return LinearAngle.of(result).withWhole(true);
    }

    private static LinearAngle truth(boolean holds) {
        return LinearAngle.of(holds ? 1 : 0).withWhole(true);
    }

    private LinearAngle named(Token name) {
        if (dialect != Dialect.V2 && (name.is("true") || name.is("false"))) {
            return truth(name.is("true"));
        }
        return names.value(name);
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
