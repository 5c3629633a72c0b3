package org.qexit.cli;

import java.io.PrintWriter;
import org.qexit.common.UserError;
import org.qexit.threshold.exits.CostSurface;
import picocli.CommandLine.Option;

/** The part of {@code qexit thresholds} that is about the surface of offloads and local cost. */
final class SurfaceOption {
    @Option(
            names = "--surface",
            description =
                    "Most true positives for each cap on offloads and on the mean local cost, as CSV; --plot draws it.")
    private boolean surface;

    boolean asked() {
        return surface;
    }

    /** @throws UserError where something else is asked for too */
    void check(boolean others) {
        if (others) {
            throw new UserError(
                    "--surface goes over all budgets and costs; expected beside it --rule, --costs, --max-fpr and"
                            + " --plot alone");
        }
    }

    static void header(PrintWriter out) {
        out.println("device,offloads,max_cost,true_positives,positives");
    }

    static void print(PrintWriter out, String quotedId, CostSurface surface) {
        for (int i = 0; i < surface.offloads().length; i++) {
            for (int j = 0; j < surface.costs().size(); j++) {
                out.println(quotedId + "," + surface.offloads()[i] + ","
                        + surface.costs().get(j).toPlainString() + "," + surface.truePositives()[i][j] + ","
                        + surface.positives());
            }
        }
    }
}
