package org.qexit.quantum.qasm;

import java.util.Set;

/**
 * A classical type of version 3.
 *
 * @param at its name in the program
 * @param width its bits; 0 where the program names none
 */
record Type(Token at, int width) {
    /** What "int" and "uint" hold without a width; the language leaves it to the implementation. */
    private static final int WHOLE_BITS = 32;

    private static final int MAX_WIDTH = 1 << 16;

    private static final Set<String> NAMES = Set.of("float", "angle", "int", "uint", "bool", "bit");

    static boolean isType(Token name) {
        return NAMES.contains(name.text());
    }

    static Type of(Token at, Expression width, AngleEvaluation evaluation) {
        int bits = width == null ? 0 : evaluation.whole(width, "size");
        if (width != null && (bits < 1 || bits > MAX_WIDTH)) {
            throw width.at().refused("size is " + bits + "; expected 1 to " + MAX_WIDTH);
        }
        return new Type(at, bits);
    }

    boolean isBit() {
        return at.is("bit");
    }

    /** A value as it is held; refuses what does not fit, where the language would round, cut or overflow. */
    LinearAngle fit(LinearAngle value, Token where) {
        return switch (at.text()) {
            case "float", "angle" -> value.withWhole(false);
            case "bool" -> LinearAngle.of(number(value, where) == 0 ? 0 : 1).withWhole(true);
            case "bit" -> within(value, where, 0, width == 0 ? 1 : bound(width) - 1);
            case "uint" -> within(value, where, 0, bound(width == 0 ? WHOLE_BITS : width) - 1);
            case "int" -> {
                double half = bound(width == 0 ? WHOLE_BITS : width) / 2;
                yield within(value, where, -half, half - 1);
            }
            default -> throw new IllegalStateException("type " + at);
        };
    }

    private static double bound(int bits) {
        // Beyond 53 bits whole numbers are not told apart; no index or exponent is that large.
        return Math.scalb(1.0, Math.min(bits, 53));
    }

    private LinearAngle within(LinearAngle value, Token where, double least, double most) {
        double number = number(value, where);
        if (number != Math.rint(number)) {
            throw where.refused(where.shown() + " is " + number + "; expected a whole number for its type");
        }
        if (number < least || number > most) {
            throw where.refused(
                    where.shown() + " is " + LinearAngle.shown(number) + ", which does not fit its type; expected "
                            + LinearAngle.shown(least) + " to " + LinearAngle.shown(most));
        }
        return value.withWhole(true);
    }

    private static double number(LinearAngle value, Token where) {
        if (!value.isConstant()) {
            throw where.refused(where.shown() + " depends on an input; expected a number for its type");
        }
        return value.constant();
    }
}
