package org.qexit.cli.console;

import java.nio.file.Path;
import java.util.Optional;
import org.qexit.bundle.Bundle;
import org.qexit.common.UserError;
import org.qexit.device.BudgetFollower;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.QuantilePath;
import org.qexit.trace.RulePath;
import org.qexit.trace.TraceReader;
import picocli.CommandLine.Option;

/** Keeping the share of events that are offloaded at a budget. */
public final class BudgetOptions {
    @Option(
            names = "--follow-budget",
            paramLabel = "W",
            description =
                    "Keep the share of events that are offloaded at W, whatever becomes of the events: after each event the device"
                            + " moves along its bundle's path of rules instead of deciding by fixed thresholds.")
    private Double share;

    @Option(
            names = "--follow-step",
            paramLabel = "ETA",
            defaultValue = "" + BudgetFollower.Budget.STEP,
            description = "How far it moves (${DEFAULT-VALUE}); a larger one keeps the budget sooner and finds less.")
    private double step;

    @Option(
            names = "--follow-trace",
            paramLabel = "TRACE",
            description = "Earlier confidences of the device, to make the path of; for bundles without one.")
    private Path trace;

    /** The budget, if one is to be followed. */
    public Optional<BudgetFollower.Budget> budget() {
        if (share == null) {
            if (trace != null) {
                throw new UserError("--follow-trace stands alone; expected --follow-budget beside it");
            }
            return Optional.empty();
        }
        if (!(share >= 0 && share <= 1)) {
            throw new UserError("--follow-budget is " + share + "; expected a share from 0 to 1");
        }
        if (!(step > 0 && step <= 1)) {
            throw new UserError("--follow-step is " + step + "; expected more than 0 and at most 1");
        }
        return Optional.of(new BudgetFollower.Budget(share, step));
    }

    /** What follows the budget by a device's path; null where none is to be followed. */
    public BudgetFollower follower(Bundle bundle, String device) {
        return budget().map(wanted -> path(bundle, device)
                        .map(path -> BudgetFollower.of(path, wanted))
                        .orElseGet(() -> BudgetFollower.of(bundle, device, wanted)))
                .orElse(null);
    }

    /** The path of --follow-trace through a device's thresholds; empty for the bundle's. */
    public Optional<RulePath> path(Bundle bundle, String device) {
        if (trace == null) {
            return Optional.empty();
        }
        try (TraceReader reader = TraceReader.openByDevice(trace)) {
            for (DeviceTrace own : reader) {
                if (own.device().equals(device)) {
                    return Optional.of(path(bundle, own));
                }
            }
        }
        throw new UserError(trace + ": has no events of device '" + UserError.shown(device) + "'");
    }

    private RulePath path(Bundle bundle, DeviceTrace own) {
        int exits = bundle.manifest().exits();
        if (own.exits() != exits) {
            throw new UserError(
                    trace + ": has " + own.exits() + " exits; expected " + exits + ", as " + bundle.origin() + " has");
        }
        return QuantilePath.of(own, bundle.device(own.device()).thresholds());
    }
}
