package org.qexit.device;

import java.util.function.Consumer;
import org.qexit.bundle.Bundle;
import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.trace.RateFollower;
import org.qexit.trace.RulePath;

/**
 * Decides a device's events so that the share it offloads stays at a budget, whatever becomes of the events (docs/maths.md §10): after
 * each event the device
 * moves a step along its bundle's path of rules. Used by one thread at a time.
 *
 * <pre>{@code
 * Bundle bundle = Bundle.open(java.nio.file.Path.of("bundle.zip"));
 * try (EdgeRuntime device = EdgeRuntime.open(bundle, bundle.device("ue1").thresholds(), 1)) {
 *     BudgetFollower follower = BudgetFollower.of(bundle, "ue1", new BudgetFollower.Budget(0.1, BudgetFollower.Budget.STEP));
 *     float[] event = new float[device.input().size()];
 *     EdgeRuntime.Result result = follower.classify(device, event);
 *     System.out.println(result.critical() + ", now at " + follower.tau());
 * }
 * }</pre>
 */
public final class BudgetFollower {
    private final RateFollower follower;
    private final int exits;

    private BudgetFollower(RateFollower follower, int exits) {
        this.follower = follower;
        this.exits = exits;
    }

    /**
     * What is kept, and how fast.
     *
     * @param share of the events that is offloaded in the long run, 0 to 1
     * @param step &eta; &gt; 0, at most 1: in T events the rate is within about 1 / (&eta; T) of the share; the larger, the less the path
     *     is worth
     */
    public record Budget(double share, double step) {
        /**
         * On a trained model's streams it keeps to the share within a point over six thousand events, and finds what the fixed rule of
         * equal rate finds but
         * for one in a hundred; 0.02 is as good after 2,000 events and loses two to five in a hundred.
         */
        public static final double STEP = 0.005;

        public Budget {
            Checks.within("share", share, 0, 1);
            Checks.within("step", Checks.positive("step", step), 0, 1);
        }
    }

    /**
     * Begins at the rule of the device's settings.
     *
     * @throws UserError if the bundle has no path for the device
     */
    public static BudgetFollower of(Bundle bundle, String device, Budget budget) {
        return of(pathOf(bundle, device), budget);
    }

    /** Begins at the path's own rule. */
    public static BudgetFollower of(RulePath path, Budget budget) {
        return new BudgetFollower(new RateFollower(path, budget.step(), budget.share()), path.exits());
    }

    /**
     * The path that a bundle has for a device.
     *
     * @throws UserError if it has none, as bundles of before
     */
    public static RulePath pathOf(Bundle bundle, String device) {
        return bundle.path(device)
                .orElseThrow(() -> new UserError(bundle.origin() + ": has no path of rules for device '"
                        + UserError.shown(device)
                        + "', so it cannot follow a budget. Maybe export it anew, or give a trace of the device"));
    }

    /** Decides an event, and moves on. */
    public EdgeRuntime.Result classify(EdgeRuntime runtime, float[] event) {
        return classify(runtime, event, null);
    }

    /**
     * As {@link EdgeRuntime#classify(float[], Consumer)}; an event that is refused moves nothing.
     *
     * @param firstBlock null where features are not asked for
     * @throws IllegalArgumentException if the runtime has another number of exits than the path, or for a bad event
     */
    public EdgeRuntime.Result classify(EdgeRuntime runtime, float[] event, Consumer<float[]> firstBlock) {
        if (runtime.exits() != exits) {
            throw new IllegalArgumentException(
                    "a path of " + exits + " exits for a model of " + runtime.exits() + "; expected the same number");
        }
        EdgeRuntime.Result result = runtime.classify(event, follower.rule(), firstBlock);
        follower.saw(result.critical());
        return result;
    }

    /** The place on the path, which may lie outside of [0, 1]. */
    public double tau() {
        return follower.tau();
    }

    /** Goes on from a place. */
    public void restore(double tau) {
        follower.restore(tau);
    }
}
