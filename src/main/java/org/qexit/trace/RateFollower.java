package org.qexit.trace;

import org.qexit.common.Checks;

/**
 * Keeps the share of events that a device offloads at a target, whatever the events are: after each event
 *
 * <pre>  &tau; &larr; &tau; + &eta; (1[offloaded] - &omega;)</pre>
 *
 * on a {@link RulePath}, the state unclipped, only its use clipped (docs/maths.md §10; Gibbs and Candès, NeurIPS 2021). Hence for every
 * sequence of
 * T events |offload rate - &omega;| &le; (max(&tau;<sub>1</sub>, 1 - &tau;<sub>1</sub>) + &eta;) / (&eta; T).
 */
public final class RateFollower {
    private final RulePath path;
    private final double eta;
    private final double omega;
    private double tau;

    /**
     * Begins at the path's fixed rule.
     *
     * @param eta step &gt; 0
     * @param omega target share, 0 to 1
     */
    public RateFollower(RulePath path, double eta, double omega) {
        this.path = Checks.present("path", path);
        this.eta = Checks.positive("eta", eta);
        this.omega = Checks.within("omega", omega, 0, 1);
        tau = path.fixedTau();
    }

    /** What to do with the next event. */
    public ExitThresholds rule() {
        return path.at(tau);
    }

    /** Hears what became of it. */
    public void saw(boolean offloaded) {
        tau += eta * ((offloaded ? 1 : 0) - omega);
    }

    /** The state, which may lie outside of [0, 1]. */
    public double tau() {
        return tau;
    }

    /** Goes on from a state. */
    public void restore(double state) {
        if (!Double.isFinite(state)) {
            throw new IllegalArgumentException("tau is " + state + "; expected a finite number");
        }
        tau = state;
    }
}
