package org.qexit.tier.cloud;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.qexit.common.Checks;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;

/**
 * The cloud server's state machine: reports of nodes come in, labels of some of them later, alarms of drift; trainings are ordered, and candidates
 * tested. It knows no clock, no socket and no model: whoever drives it says what time it is, trains what it orders, and says on which events a model is
 * right. Used by one thread at a time.
 *
 * <pre>
 *   report(...), label(...), alarm()          as they come
 *   due(now) -&gt; order                          train on order.examples() from version order.baseVersion()
 *   decide(now, sha256, before, after)        -&gt; evidence; distribute the candidate if it is accepted
 * </pre>
 */
public final class CloudServer {
    /** Reports without a label that are remembered; the oldest go. */
    static final int MOST_REPORTS = 100_000;

    private final CloudRules rules;
    private final RetrainingTrigger trigger;
    private final Acceptance acceptance;
    private final ReplayStore replay;
    private final HeldOut heldOut;
    private final Map<String, Report> reports = new LinkedHashMap<>();
    private final List<Evidence> evidence = new ArrayList<>();
    private long version;
    private String sha256;
    private Order underWay;
    /** What the trigger remembered before the training under way was ordered. */
    private RetrainingTrigger.State beforeOrder;

    /** @param sha256 of the model that is in force at the beginning, version 0 */
    public CloudServer(CloudRules rules, String sha256) {
        this(rules, sha256, new ReplayStore(rules.replay(), RandomStreams.of(rules.seed())));
    }

    private CloudServer(CloudRules rules, String sha256, ReplayStore replay) {
        this.rules = rules;
        this.sha256 = Checks.sha256("sha256", sha256);
        this.replay = replay;
        trigger = new RetrainingTrigger(rules.trigger());
        acceptance = new Acceptance(rules.acceptance());
        heldOut = new HeldOut(rules.heldOut(), RandomStreams.of(rules.seed()));
    }

    /** A node answered an event; a report that is known changes nothing. */
    public void report(Report report) {
        reports.putIfAbsent(report.event(), report);
        if (reports.size() > MOST_REPORTS) {
            reports.remove(reports.keySet().iterator().next());
        }
    }

    /**
     * The truth of an event becomes known.
     *
     * @return false if no report of it waits for a label
     */
    public boolean label(String event, int classId) {
        Checks.within("class of event " + event, classId, 0, rules.replay().classes() - 1);
        Report report = reports.remove(event);
        if (report == null) {
            return false;
        }
        Example example = new Example(event, report.source(), report.device(), classId, report.version());
        if (!heldOut.offer(example)) {
            learn(example);
        }
        return true;
    }

    private void learn(Example example) {
        if (replay.offer(example)) {
            trigger.came();
        }
    }

    /**
     * Events have drifted: what waits for a test tells of the past and goes, unless a candidate under way needs it, and what comes now gets into the
     * replay store more readily.
     */
    public void alarm() {
        if (trigger.alarm()) {
            replay.renew();
            if (underWay == null) {
                heldOut.forget();
            }
        }
    }

    /** The training that should begin now, if one should and none is under way. */
    public Optional<Order> due(double nowSeconds) {
        if (underWay != null || heldOut.size() < rules.leastTested()) {
            return Optional.empty();
        }
        Optional<Reason> reason = trigger.due(nowSeconds);
        reason.ifPresent(why -> {
            beforeOrder = trigger.state();
            trigger.ordered(nowSeconds);
            underWay = new Order(evidence.size() + 1, why, version, nowSeconds, replay.examples());
        });
        return reason.map(why -> underWay);
    }

    /** The training under way came to nothing; it spent nothing. */
    public void abandon() {
        underWay = null;
    }

    /**
     * Tests the candidate that was ordered on all events that wait, which then are used, and puts it in force if it passes.
     *
     * @param candidateSha256 of the candidate
     * @param before on which events the model in force is right
     * @param after on which events the candidate is
     * @throws IllegalStateException if no training is under way
     */
    public Evidence decide(
            double nowSeconds, String candidateSha256, Predicate<Example> before, Predicate<Example> after) {
        if (underWay == null) {
            throw new IllegalStateException("no training is under way");
        }
        Checks.sha256("candidateSha256", candidateSha256);
        List<Example> events = heldOut.take();
        Acceptance.Result result = acceptance.test(
                underWay.candidate(), events, example -> rules.critical().contains(example.classId()), before, after);
        boolean accepted = result.verdict().accepted();
        Evidence decided = new Evidence(
                underWay.candidate(),
                underWay.reason(),
                underWay.orderedSeconds(),
                nowSeconds,
                version,
                sha256,
                candidateSha256,
                underWay.examples().size(),
                digest(underWay.examples()),
                events.size(),
                digest(events),
                rules.acceptance(),
                result,
                accepted ? version + 1 : version);
        evidence.add(decided);
        version = decided.version();
        sha256 = accepted ? candidateSha256 : sha256;
        underWay = null;
        // Tested once, they are as good as others to learn from.
        events.forEach(replay::offer);
        return decided;
    }

    private static String digest(List<Example> events) {
        StringBuilder ids = new StringBuilder();
        events.forEach(example -> ids.append(example.event()).append('\n'));
        return Hashing.sha256Hex(ids.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** In force; 0 at the beginning. */
    public long version() {
        return version;
    }

    /** Of all candidates, in order. */
    public List<Evidence> evidence() {
        return List.copyOf(evidence);
    }

    /** Labelled events to learn from. */
    public int examples() {
        return replay.size();
    }

    /** Labelled events that wait for a test. */
    public int waiting() {
        return heldOut.size();
    }

    public CloudState state() {
        return new CloudState(
                CloudState.FORMAT,
                rules,
                version,
                sha256,
                evidence.size(),
                underWay == null ? trigger.state() : trigger.state().after(beforeOrder),
                replay.state(),
                heldOut.waiting(),
                heldOut.used(),
                List.copyOf(reports.values()),
                evidence);
    }

    /** Writes the state, whole or not at all. */
    public void write(Path file) {
        Json.write(file, state());
    }

    /**
     * The server whose state a file holds.
     *
     * @param rules that it must go by
     * @throws UserError if the file holds no such state
     */
    public static CloudServer read(Path file, CloudRules rules) {
        CloudState state = Json.read(file, CloudState.class);
        if (!state.rules().equals(rules)) {
            throw new UserError(file + ": is the state of a server with other rules. Maybe begin with a new file");
        }
        try {
            return of(state);
        } catch (IllegalArgumentException e) {
            throw new UserError(file + ": " + e.getMessage(), e);
        }
    }

    private static CloudServer of(CloudState state) {
        CloudRules rules = state.rules();
        CloudServer server =
                new CloudServer(rules, state.sha256(), ReplayStore.of(state.replay(), RandomStreams.of(rules.seed())));
        server.version = state.version();
        server.trigger.restore(state.trigger());
        server.heldOut.restore(state.heldOut(), state.used());
        state.reports().forEach(server::report);
        server.evidence.addAll(state.evidence());
        return server;
    }
}
