package org.qexit.tier.live.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.qexit.bundle.Bundle;
import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.common.Version;
import org.qexit.device.NodeRuntime;
import org.qexit.tier.live.inference.Caller;
import org.qexit.tier.live.inference.InferRequest;
import org.qexit.tier.live.inference.InferResponse;
import org.qexit.tier.live.inference.InferenceService;
import org.qexit.tier.live.inference.Parameters;
import org.qexit.tier.live.inference.Refusal;
import org.qexit.tier.live.inference.Tensor;
import org.qexit.tier.live.journal.EventId;
import org.qexit.tier.live.report.RecordSender;

/**
 * What a node does with a request, without a socket: who may ask, what the plan grants, what the model says.
 * Safe for use by several threads.
 */
public final class NodeService implements InferenceService, AutoCloseable {
    private static final String DEVICE = "device";
    private static final String SETTLED = "settled";
    private static final String ALL_EXITS = "all_exits";
    private static final Set<String> KNOWN = Set.of(DEVICE, SETTLED, ALL_EXITS);

    private final Settings settings;
    private final ModelSlot models;
    private final Gate gate;
    private final NodeMetrics metrics;
    private final Kept kept;
    private final Semaphore cores;
    private volatile boolean ready = true;

    /**
     * How a node works.
     *
     * @param level its security level, 1 is the highest; null where callers have no certificates
     * @param periodSeconds of the plan
     * @param maxBatch events in one request
     * @param threads inferences at a time
     * @param waitSeconds the longest that a request waits for one of them
     */
    public record Settings(Integer level, double periodSeconds, int maxBatch, int threads, double waitSeconds) {
        public Settings {
            Checks.positive("periodSeconds", periodSeconds);
            Checks.within("maxBatch", maxBatch, 1, 1 << 16);
            Checks.within("threads", threads, 1, 1024);
            Checks.positive("waitSeconds", waitSeconds);
        }
    }

    /**
     * What a node keeps on disk.
     *
     * @param book of what was answered, or null for none
     * @param mark of the model that was rolled back
     * @param alerts to be posted, or null for none
     * @param records of answered events for the cloud, or null for none
     */
    record Kept(AnswerBook book, RollbackMark mark, Alerts alerts, RecordSender records) implements AutoCloseable {
        @Override
        public void close() {
            if (records != null) {
                records.close();
            }
            if (alerts != null) {
                alerts.close();
            }
            if (book != null) {
                book.close();
            }
        }
    }

    /** @param kept is closed with this */
    NodeService(Bundle bundle, NodePlan plan, Settings settings, NodeMetrics metrics, Kept kept) {
        this.kept = kept;
        this.settings = settings;
        this.metrics = metrics;
        this.models = new ModelSlot(bundle);
        long start = System.nanoTime();
        this.gate = new Gate(plan, settings.periodSeconds(), () -> (System.nanoTime() - start) * 1e-9);
        this.cores = new Semaphore(settings.threads(), true);
        metrics.model(bundle.manifest().name(), bundle.sha256(), true);
    }

    @Override
    public ServerMetadata server() {
        return new ServerMetadata("qexit", Version.current(), List.of("binary_tensor_data"));
    }

    @Override
    public boolean ready() {
        return ready;
    }

    /** Figures of the node. */
    Map<String, Long> counts() {
        Map<String, Long> counts =
                new TreeMap<>(kept.records() == null ? Map.of() : kept.records().counts());
        counts.put("events", metrics.events());
        return counts;
    }

    /** From now on it is not ready. */
    void end() {
        ready = false;
    }

    @Override
    public ModelMetadata model(String name, String version) {
        ServedModel model = hold(name, version);
        try {
            return model.metadata(List.of(model.version()));
        } finally {
            model.release();
        }
    }

    /** The model in use, held. */
    private ServedModel hold(String name, String version) {
        ServedModel model = models.hold();
        if (!model.name().equals(name) || version != null && !model.version().equals(version)) {
            String there = "'" + model.name() + "' of version " + model.version();
            model.release();
            throw Refusal.of(
                    Refusal.Reason.NOT_FOUND,
                    "no model '" + UserError.shown(name) + "'"
                            + (version == null ? "" : " of version " + UserError.shown(version)) + "; there is "
                            + there);
        }
        return model;
    }

    @Override
    public InferResponse infer(String name, String version, InferRequest request, Caller caller) {
        Parameters parameters = request.meaning();
        parameters.checkKnown("request", KNOWN);
        ServedModel model = hold(name, version);
        try {
            String device = device(parameters.text(DEVICE), caller);
            Long settled = parameters.whole(SETTLED);
            if (settled != null && settled < 0) {
                throw Refusal.malformed("parameter 'settled' is " + settled + "; expected at least 0");
            }
            float[][] events = model.events(request.inputs(), settings.maxBatch());
            ServedModel.checkOutputs(request.outputs());
            boolean all = parameters.flag(ALL_EXITS);
            EventId id = event(request.id());
            Admitted admitted = new Admitted(device, events.length);
            if (device == null || id == null || kept.book() == null || !gate.knows(device)) {
                return admitted.answered(() -> decide(model, request.id(), admitted, events, all));
            }
            InferResponse answer =
                    admitted.answered(() -> kept.book().answer(device, id, settled == null ? 0 : settled, () -> {
                        InferResponse fresh = decide(model, request.id(), admitted, events, all);
                        alert(model, device, fresh);
                        // Before the journal has the answer: after a kill the event is in both, or comes again.
                        if (kept.records() != null && events.length == 1) {
                            kept.records().add(model.record(device, id.toString(), events[0], fresh));
                        }
                        return fresh;
                    }));
            if (answer.parameters().flag(AnswerBook.DUPLICATE)) {
                metrics.device(device, "duplicate", events.length);
            }
            return answer;
        } finally {
            model.release();
        }
    }

    /** The event that a request's id names; null if it names the request alone, as other clients' ids do. */
    private static EventId event(String id) {
        return id == null ? null : EventId.parse(id).orElse(null);
    }

    private InferResponse decide(ServedModel model, String id, Admitted admitted, float[][] events, boolean all) {
        admitted.admit();
        List<NodeRuntime.Result> results = classify(model, events, all);
        return new InferResponse(model.name(), model.version(), id, model.facts(), model.outputs(results));
    }

    /** Before it is answered: what is not answered comes again, and is known by its id then. */
    private void alert(ServedModel model, String device, InferResponse answer) {
        if (kept.alerts() == null) {
            return;
        }
        List<Alerts.Happened> happened = new ArrayList<>();
        long[] classes = ((Tensor.Int64) answer.output("class")).values();
        long[] exits = ((Tensor.Int64) answer.output("exit")).values();
        for (int k = 0; k < classes.length; k++) {
            if (classes[k] >= 0) {
                happened.add(
                        new Alerts.Happened(device, answer.id(), k, model.className((int) classes[k]), (int) exits[k]));
            }
        }
        kept.alerts().add(happened, Map.of("node", node(), "model_digest", model.digest()));
    }

    /**
     * Which device's event it is; null for nobody's.
     *
     * @throws Refusal if that is not for it to say, or the plan or its level do not allow it here
     */
    private String device(String named, Caller caller) {
        if (!caller.isKnown()) {
            return named;
        }
        if (!caller.isDevice()) {
            throw Refusal.of(
                    Refusal.Reason.FORBIDDEN,
                    caller.role() + " '" + caller.id() + "' asks for an inference; expected a device");
        }
        if (named != null && !named.equals(caller.id())) {
            throw Refusal.of(
                    Refusal.Reason.FORBIDDEN,
                    "parameter 'device' is '" + UserError.shown(named) + "'; the certificate is of '" + caller.id()
                            + "'");
        }
        if (settings.level() != null && (caller.level() == null || settings.level() > caller.level())) {
            throw Refusal.of(
                    Refusal.Reason.FORBIDDEN,
                    "device '" + caller.id() + "' is of level " + caller.level() + ", which node "
                            + gate.plan().node() + " of level " + settings.level() + " does not reach");
        }
        return caller.id();
    }

    /** Whether a request's events take their part of the plan: only if they are answered. */
    private final class Admitted {
        private final String device;
        private final int events;
        private boolean taken;

        /** @param device null for nobody's */
        Admitted(String device, int events) {
            this.device = device;
            this.events = events;
        }

        void admit() {
            if (device == null) {
                return;
            }
            try {
                gate.admit(device, events);
                taken = true;
            } catch (Refusal e) {
                metrics.device(device, "refused", events);
                throw e;
            }
        }

        InferResponse answered(Supplier<InferResponse> work) {
            boolean answered = false;
            try {
                InferResponse answer = work.get();
                answered = true;
                return answer;
            } finally {
                if (taken && answered) {
                    metrics.device(device, "admitted", events);
                } else if (taken) {
                    gate.giveBack(device, events);
                }
            }
        }
    }

    /** Runs the model, on as many requests at a time as there are threads for. */
    private List<NodeRuntime.Result> classify(ServedModel model, float[][] events, boolean all) {
        try {
            if (!cores.tryAcquire((long) (1000 * settings.waitSeconds()), TimeUnit.MILLISECONDS)) {
                throw Refusal.of(Refusal.Reason.UNAVAILABLE, "the node is busy", 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.of(Refusal.Reason.UNAVAILABLE, "the node ends", 1);
        }
        try {
            long start = System.nanoTime();
            List<NodeRuntime.Result> results = model.classify(events, all);
            metrics.decided(results, (System.nanoTime() - start) * 1e-9);
            return results;
        } finally {
            cores.release();
        }
    }

    /** Serves another model from now on; what runs ends with the one it began with. */
    public void swap(Bundle next) {
        models.swap(next);
        kept.mark().clear(next.sha256());
        metrics.model(next.manifest().name(), next.sha256(), false);
    }

    /**
     * Goes back to the model before.
     *
     * @throws Refusal if there is none, or it is not for the caller to say
     */
    public void rollBack(String name, Caller caller) {
        if (caller.isKnown() && !"operator".equals(caller.role())) {
            throw Refusal.of(
                    Refusal.Reason.FORBIDDEN,
                    caller.role() + " '" + caller.id() + "' asks for a rollback; expected an operator");
        }
        hold(name, null).release();
        String given = models.digest();
        try {
            models.rollBack();
        } catch (UserError e) {
            throw Refusal.of(Refusal.Reason.STALE, e.getMessage());
        }
        kept.mark().set(given);
        ServedModel model = models.hold();
        metrics.model(model.name(), model.digest(), false);
        model.release();
    }

    /** Digest of the model in use. */
    String digest() {
        return models.digest();
    }

    /** Digest of the model that was rolled back, or null. */
    String rolledBack() {
        return kept.mark().digest();
    }

    /** The node's id. */
    String node() {
        return gate.plan().node();
    }

    /** A control document was not followed. */
    void controlRefused() {
        metrics.controlRefused();
    }

    /** Keeps another plan from now on. */
    public void follow(NodePlan next) {
        gate.follow(next);
    }

    @Override
    public void close() {
        kept.close();
        models.close();
    }
}
