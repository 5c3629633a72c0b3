package org.qexit.simulation.queue;

import org.qexit.common.Checks;

/**
 * What is known of queues with Poisson arrivals in equilibrium (Kleinrock, Queueing Systems I, 1975; Gross et al., Fundamentals of Queueing
 * Theory, 4th ed.). Rates in 1/s; the wait is that before service, of jobs that are not lost.
 */
public final class ClosedForms {
    private ClosedForms() {}

    /**
     * M/G/1 by Pollaczek and Khinchine: λ E[S²] / (2 (1 − ρ)) with ρ = λ E[S] &lt; 1. M/M/1 and M/D/1 are cases of it: ρ E[S] / (1 − ρ)
     * and half of that.
     */
    public static double waitOfMG1(double arrivalRate, Durations service) {
        double load = load(arrivalRate, service.mean(), 1);
        return arrivalRate * service.secondMoment() / (2 * (1 - load));
    }

    /** M/M/c: C(c, a) / (c μ − λ), with the {@linkplain #erlangC probability to wait} C and a = λ/μ. */
    public static double waitOfMMc(double arrivalRate, double serviceMean, int servers) {
        load(arrivalRate, serviceMean, servers);
        double offered = arrivalRate * serviceMean;
        return erlangC(servers, offered) * serviceMean / (servers - offered);
    }

    /** M/M/1/K: Σ_n n p_n, n counting those before one, over the jobs that get in; p_n ∝ ρ^n for n = 0 to K. Any load. */
    public static double waitOfMM1K(double arrivalRate, double serviceMean, int capacity) {
        double load = Checks.positive("arrival rate", arrivalRate) * Checks.positive("mean service", serviceMean);
        double weight = 1;
        double all = 0;
        double before = 0;
        for (int n = 0; n < capacity; n++) {
            all += weight;
            before += n * weight;
            weight *= load;
        }
        return before / all * serviceMean;
    }

    /** M/M/1/K: the share ρ^K / Σ_{n ≤ K} ρ^n of the jobs that find it full. */
    public static double lossOfMM1K(double arrivalRate, double serviceMean, int capacity) {
        double load = Checks.positive("arrival rate", arrivalRate) * Checks.positive("mean service", serviceMean);
        double sum = 0;
        for (int n = 0; n <= capacity; n++) {
            sum = sum / load + 1;
        }
        return 1 / sum;
    }

    /** Erlang's C: the probability that all c servers are busy, from B(c) = a B(c − 1) / (c + a B(c − 1)): C = c B / (c − a (1 − B)). */
    public static double erlangC(int servers, double offered) {
        double blocked = 1;
        for (int c = 1; c <= servers; c++) {
            blocked = offered * blocked / (c + offered * blocked);
        }
        return servers * blocked / (servers - offered * (1 - blocked));
    }

    private static double load(double arrivalRate, double serviceMean, int servers) {
        double load = Checks.positive("arrival rate", arrivalRate) * serviceMean / servers;
        if (!(load < 1)) {
            throw new IllegalArgumentException(
                    "load is " + load + "; expected less than 1, or the line grows for ever");
        }
        return load;
    }
}
