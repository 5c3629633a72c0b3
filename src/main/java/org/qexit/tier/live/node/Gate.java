package org.qexit.tier.live.node;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.qexit.common.Checks;
import org.qexit.tier.Admission;
import org.qexit.tier.live.inference.Refusal;

/** Lets in of every device what the plan grants it. Safe for use by several threads. */
final class Gate {
    private final double periodSeconds;
    private final DoubleSupplier clock;
    private final Map<String, Admission> admissions = new HashMap<>();
    /** All devices that a plan has ever had here. */
    private final Set<String> known = new HashSet<>();

    private NodePlan plan;

    /** @param clock seconds from 0 on, that do not go back */
    Gate(NodePlan plan, double periodSeconds, DoubleSupplier clock) {
        this.periodSeconds = Checks.positive("periodSeconds", periodSeconds);
        this.clock = clock;
        this.plan = plan;
        known.addAll(plan.grants().keySet());
        plan.grants().forEach((device, events) -> admissions.put(device, new Admission(events, periodSeconds)));
    }

    synchronized NodePlan plan() {
        return plan;
    }

    /** Goes over to another plan; a device whose grant is what it was goes on with the tokens that it has left. */
    synchronized void follow(NodePlan next) {
        next.grants().forEach((device, events) -> {
            if (!events.equals(plan.grants().get(device))) {
                admissions.put(device, new Admission(events, periodSeconds));
            }
        });
        admissions.keySet().retainAll(next.grants().keySet());
        known.addAll(next.grants().keySet());
        plan = next;
    }

    /** Whether a plan has, or ever had, the device here: it may ask for what it was answered. */
    synchronized boolean knows(String device) {
        return known.contains(device);
    }

    /** @throws Refusal if the plan does not have the device here */
    synchronized void check(String device) {
        plan.grant(device);
    }

    /** @throws Refusal if the plan does not have the device here, or it has used up what it is granted */
    synchronized void admit(String device, int events) {
        double grant = plan.grant(device);
        double wait = admissions.get(device).admit(clock.getAsDouble(), events);
        if (wait == 0) {
            return;
        }
        if (Double.isInfinite(wait)) {
            throw Refusal.of(
                    grant > 0 ? Refusal.Reason.TOO_LARGE : Refusal.Reason.FORBIDDEN,
                    "device '" + device + "' is granted " + grant + " events per period; found " + events + " at once");
        }
        throw Refusal.of(
                Refusal.Reason.OVER_PLAN,
                "device '" + device + "' has used up its " + grant + " events per " + periodSeconds + " s",
                wait);
    }

    /** What was admitted could not be answered: it will be asked for again. */
    synchronized void giveBack(String device, int events) {
        Admission admission = admissions.get(device);
        if (admission != null) {
            admission.giveBack(events);
        }
    }
}
