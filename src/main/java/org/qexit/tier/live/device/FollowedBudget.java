package org.qexit.tier.live.device;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.device.BudgetFollower;
import org.qexit.tier.live.journal.EventEnd;
import org.qexit.tier.live.journal.Ledger;
import org.qexit.trace.RulePath;

/**
 * A device's place on its path of rules over all its runs with one outbox. The place is &tau;<sub>1</sub> + &eta; (offloads - &omega;
 * events), and the outbox counts both: kept in a
 * file is only where counting began, so that no event is counted twice or not at all, however a run ends.
 */
final class FollowedBudget {
    private static final String FORMAT = "qexit.follower/1";

    private final BudgetFollower.Budget budget;
    private final Path file;
    /** Null for the bundle's path. */
    private final RulePath given;

    private BudgetFollower follower;

    /**
     * @param file where counting began
     * @param given a path instead of the bundle's, or null
     */
    FollowedBudget(BudgetFollower.Budget budget, Path file, RulePath given) {
        this.budget = budget;
        this.file = file;
        this.given = given;
    }

    /**
     * Where counting began.
     *
     * @param format {@value #FORMAT}
     * @param share &omega;
     * @param step &eta;
     * @param tau the place at that time
     * @param events that were taken before
     * @param offloads of these
     */
    record Begun(String format, double share, double step, double tau, long events, long offloads) {
        Begun {
            if (!FORMAT.equals(format)) {
                throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
            }
            new BudgetFollower.Budget(share, step);
            if (!Double.isFinite(tau)) {
                throw new IllegalArgumentException("tau is " + tau + "; expected a finite number");
            }
            if (!(offloads >= 0 && offloads <= events)) {
                throw new IllegalArgumentException(
                        "offloads is " + offloads + " of " + events + " events; expected 0 to as many");
            }
        }
    }

    private static long events(Ledger ledger) {
        return ledger.taken() - ledger.ended(EventEnd.Kind.UNREADABLE);
    }

    /** The path of what is in force. */
    RulePath path(InForce now, String device) {
        return given == null ? BudgetFollower.pathOf(now.bundle(), device) : given;
    }

    /**
     * Begins, or goes on where an earlier run with the same budget was.
     *
     * @param ledger of the outbox
     */
    void begin(RulePath path, Ledger ledger, Consumer<String> say) {
        follower = BudgetFollower.of(path, budget);
        Begun begun = kept(say);
        if (begun == null || begun.events() > events(ledger) || begun.offloads() > ledger.offloaded()) {
            begun = new Begun(
                    FORMAT, budget.share(), budget.step(), follower.tau(), events(ledger), ledger.offloaded());
            AtomicFiles.writeString(file, Json.compact(begun));
        }
        long offloads = ledger.offloaded() - begun.offloads();
        long events = events(ledger) - begun.events();
        follower.restore(begun.tau() + budget.step() * (offloads - budget.share() * events));
    }

    /** Null if there is nothing, or it is of another budget. */
    private Begun kept(Consumer<String> say) {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            Begun begun = Json.read(file, Begun.class);
            return begun.share() == budget.share() && begun.step() == budget.step() ? begun : null;
        } catch (UserError | IllegalArgumentException e) {
            say.accept(file + ": the budget is followed anew: " + UserError.shown(String.valueOf(e.getMessage())));
            return null;
        }
    }

    /** Another model's path; the place stays, for it is a share of events on either. */
    void moveTo(RulePath path) {
        double tau = follower.tau();
        follower = BudgetFollower.of(path, budget);
        follower.restore(tau);
    }

    BudgetFollower follower() {
        return follower;
    }
}
