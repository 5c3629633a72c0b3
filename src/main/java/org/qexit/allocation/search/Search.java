package org.qexit.allocation.search;

import java.util.SplittableRandom;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.common.RandomStreams;

/**
 * What the parts of a search share.
 *
 * @param model what is searched
 * @param options tolerance, seed, effort and who listens
 * @param deadline when the part that holds this must end
 */
public record Search(JointModel model, SolveOptions options, Deadline deadline) {
    /** The same search for at most this share of the time that is left. */
    public Search within(double share) {
        return new Search(model, options, deadline.part(share));
    }

    /** The same search where heuristics work so many times as hard. */
    Search withEffort(double factor) {
        return new Search(model, options.withEffort(factor * options.effort()), deadline);
    }

    /** The random numbers of one purpose. */
    SplittableRandom stream(String purpose) {
        return RandomStreams.of(options.seed()).stream(purpose);
    }

    /** A subproblem whose bound, like {@code value} without the model's offset, is at most this holds nothing worth finding. */
    public double cutoff(double value) {
        return value + options.slack(value + model.offset);
    }

    /** Tells the listener where the search stands; incumbent may be null, the bound is without the model's offset. */
    public void note(String phase, Assignment incumbent, double bound) {
        options.listener()
                .accept(new SolveOptions.ProgressNote(
                        deadline.secondsUsed(),
                        phase,
                        incumbent == null ? Double.NEGATIVE_INFINITY : incumbent.value() + model.offset,
                        bound + model.offset));
    }
}
