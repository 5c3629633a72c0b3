package org.qexit.trace;

import java.util.List;
import org.qexit.common.Checks;

/**
 * How a device decides: the same two thresholds at all exits ({@link Thresholds}, "pair"), or two at each ({@link ExitThresholds},
 * "per-exit"). Files hold it as two fields, {@code lower} and {@code upper}: two numbers, or two arrays with an entry per exit.
 */
public sealed interface Rule permits Thresholds, ExitThresholds {
    /** The exit that decides event {@code k} of {@code scores[exit][event]}, and what it says. */
    Thresholds.Decision decide(float[][] scores, int k);

    /** The same for the confidences of one event, {@code [exit]}; those behind the exit that decides may be missing. */
    Thresholds.Decision decide(float[] confidences);

    /**
     * Whether an event of this confidence stops at an exit.
     *
     * @param exit from 0
     */
    boolean stops(int exit, float confidence);

    /** What kind of rule it is. */
    RuleKind kind();

    /**
     * Two thresholds for each exit that decide as it does.
     *
     * @throws IllegalArgumentException if it is for another number of exits
     */
    ExitThresholds perExit(int exits);

    /** What files hold as {@code lower}: a number, or a list of numbers, "never" and "always". */
    Object lowerEntry();

    /** What files hold as {@code upper}: a number or "never", or a list of numbers, "never" and "always". */
    Object upperEntry();

    /** Whether it can call any event critical. */
    boolean offloads();

    /**
     * Reads what files hold.
     *
     * @param lower a number, or a list with an entry per exit
     * @param upper a number or "never", or a list with an entry per exit
     * @throws IllegalArgumentException for anything else, and for thresholds that cross
     */
    static Rule of(Object lower, Object upper) {
        Checks.present("lower", lower);
        Checks.present("upper", upper);
        if (lower instanceof List<?> low && upper instanceof List<?> up) {
            return ExitThresholds.read(low, up);
        }
        if (lower instanceof List<?> || upper instanceof List<?>) {
            throw new IllegalArgumentException("one of lower and upper is a list; expected two numbers, or two lists");
        }
        // Beyond the floats a number would turn into an infinity.
        if (!(lower instanceof Number number && Math.abs(number.doubleValue()) <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("lower is '" + lower + "'; expected a number from 0 to 1");
        }
        float high = upper instanceof UpperThreshold known
                ? known.value()
                : UpperThreshold.parse(upper).value();
        return new Thresholds(number.floatValue(), high);
    }
}
