package org.qexit.tier.cloud;

import java.util.Optional;
import org.qexit.common.Checks;

/** Says when it is time to train. An alarm while another waits for its samples changes nothing, so that alarms cannot put a training off for ever. */
public final class RetrainingTrigger {
    private final TriggerRules rules;
    private State state;

    /**
     * What it remembers.
     *
     * @param fresh labelled events to learn from since the last order, or since the alarm that waits
     * @param alarmed whether an alarm waits
     * @param lastOrderSeconds when the last order was, or the start
     */
    public record State(int fresh, boolean alarmed, double lastOrderSeconds) {
        public State {
            Checks.within("fresh", fresh, 0, Integer.MAX_VALUE);
            Checks.nonNegative("lastOrderSeconds", lastOrderSeconds);
        }

        /** This as if there had been no order since {@code before}. */
        State after(State before) {
            return new State(before.fresh + fresh, before.alarmed || alarmed, before.lastOrderSeconds);
        }
    }

    public RetrainingTrigger(TriggerRules rules) {
        this.rules = Checks.present("rules", rules);
        state = new State(0, false, 0);
    }

    /** A labelled event to learn from came. */
    public void came() {
        int fresh = state.fresh == Integer.MAX_VALUE ? state.fresh : state.fresh + 1;
        state = new State(fresh, state.alarmed, state.lastOrderSeconds);
    }

    /**
     * Events have drifted.
     *
     * @return whether that is heeded: samples count from now on
     */
    public boolean alarm() {
        if (!rules.onAlarm() || state.alarmed) {
            return false;
        }
        state = new State(0, true, state.lastOrderSeconds);
        return true;
    }

    /** Why a training should begin now, if it should. */
    public Optional<Reason> due(double nowSeconds) {
        double since = nowSeconds - state.lastOrderSeconds;
        if (since < rules.leastSeconds() || state.fresh == 0) {
            return Optional.empty();
        }
        if (state.alarmed && state.fresh >= rules.alarmSamples()) {
            return Optional.of(Reason.ALARM);
        }
        if (rules.newSamples() != null && state.fresh >= rules.newSamples()) {
            return Optional.of(Reason.NEW_SAMPLES);
        }
        return rules.everySeconds() != null && since >= rules.everySeconds()
                ? Optional.of(Reason.SCHEDULE)
                : Optional.empty();
    }

    /** A training begins. */
    public void ordered(double nowSeconds) {
        state = new State(0, false, nowSeconds);
    }

    public State state() {
        return state;
    }

    public void restore(State other) {
        state = Checks.present("trigger", other);
    }
}
