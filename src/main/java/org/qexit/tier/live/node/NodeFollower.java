package org.qexit.tier.live.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.qexit.allocation.Plan;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleVerification;
import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.ControlDocument;
import org.qexit.tier.live.control.ControlInbox;
import org.qexit.tier.live.control.ControlKind;
import org.qexit.tier.live.control.ControlNames;
import org.qexit.tier.live.control.ControlSource;
import org.qexit.tier.live.control.ControlTrust;
import org.qexit.tier.live.control.ModelRelease;

/**
 * Follows plans and models that are published for a node, or for all. A model is served only if it is signed, of the same name, input and
 * classes as the one in use, and gives its own golden answers here; else the one in use stays. What was taken is in force after a restart.
 */
public final class NodeFollower implements AutoCloseable {
    private final Settings settings;
    private final NodeService service;
    private final Consumer<String> log;
    private final ControlInbox inbox;
    private final Path bundles;
    private final ScheduledExecutorService thread;
    /** Taken, and not yet in force as the source was out of reach. */
    private final List<ControlDocument> pending = new ArrayList<>();

    private final Map<String, Long> versions = new ConcurrentHashMap<>();
    private final Set<String> told = new HashSet<>();

    /**
     * What is followed.
     *
     * @param source where documents come from
     * @param trust whose are taken
     * @param seconds between two looks
     * @param unitsPerEvent r_j, for plans
     */
    public record Settings(ControlSource source, ControlTrust trust, double seconds, double unitsPerEvent) {
        public Settings {
            Checks.present("source", source);
            Checks.present("trust", trust);
            Checks.within("seconds", seconds, 0.01, 86_400);
        }
    }

    /** @param state directory for documents and bundles, of this process alone */
    NodeFollower(Settings settings, NodeService service, Path state, Consumer<String> log) {
        this.settings = settings;
        this.service = service;
        this.log = log;
        this.bundles = state.resolve("bundles");
        this.inbox = new ControlInbox(settings.trust(), state.resolve("control"));
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread follower = new Thread(work, "control");
            follower.setDaemon(true);
            return follower;
        });
    }

    /** Puts in force what was taken before the process began, looks at the source once, and then again and again. */
    void start() {
        for (ControlKind kind : List.of(ControlKind.PLAN, ControlKind.MODEL)) {
            subjects().stream()
                    .map(subject -> inbox.current(kind, subject))
                    .flatMap(Optional::stream)
                    .forEach(document -> apply(document, false));
        }
        look();
        long millis = (long) (1000 * settings.seconds());
        thread.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Versions in force, by kind. */
    Map<String, Long> versions() {
        return Map.copyOf(versions);
    }

    /** For all, then for this node alone, which prevails. */
    private List<String> subjects() {
        return List.of(ControlNames.ALL, service.node());
    }

    private void look() {
        try {
            List<ControlDocument> again = List.copyOf(pending);
            pending.clear();
            again.forEach(document -> apply(document, false));
            for (ControlKind kind : List.of(ControlKind.PLAN, ControlKind.MODEL)) {
                for (String subject : subjects()) {
                    look(kind, subject);
                }
            }
        } catch (RuntimeException e) {
            tell("control: " + UserError.shown(String.valueOf(e.getMessage())));
        }
    }

    private void look(ControlKind kind, String subject) {
        try {
            ControlInbox.Verdict verdict = inbox.poll(settings.source(), kind, subject);
            if (verdict instanceof ControlInbox.Taken taken) {
                apply(taken.document(), true);
            } else if (verdict instanceof ControlInbox.Refused refused) {
                service.controlRefused();
                tell("control: refused: " + refused.reason());
            }
        } catch (IOException e) {
            tell("control: " + UserError.shown(String.valueOf(e.getMessage())));
        }
    }

    /** Says everything once. */
    private void tell(String line) {
        if (told.size() > 1000) {
            told.clear();
        }
        if (told.add(line)) {
            log.accept(line);
        }
    }

    /** @param fresh whether it was published just now: then a model that was rolled back is served again */
    private void apply(ControlDocument document, boolean fresh) {
        // What is for all does not prevail over what is for this node.
        if (document.subject().equals(ControlNames.ALL)
                && inbox.current(document.kind(), service.node()).isPresent()) {
            return;
        }
        try {
            if (document.kind() == ControlKind.PLAN) {
                service.follow(NodePlan.of(
                        document.title(), document.body(Plan.class), service.node(), settings.unitsPerEvent()));
                log.accept("control: follows the " + document.title());
            } else {
                serve(document, fresh);
            }
            versions.put(document.kind().word(), document.version());
        } catch (IOException e) {
            pending.add(document);
            tell("control: " + UserError.shown(String.valueOf(e.getMessage())));
        } catch (UserError e) {
            service.controlRefused();
            log.accept("control: the " + document.title() + " is not followed: " + e.getMessage());
        }
    }

    private void serve(ControlDocument document, boolean fresh) throws IOException {
        ModelRelease release = document.body(ModelRelease.class);
        if (!release.role().equals(ModelRelease.NODE)) {
            return;
        }
        Path file = settings.source().fetch(release, bundles);
        Bundle bundle = Bundle.open(file);
        bundle.verifySignature(settings.trust().key());
        if (bundle.sha256().equals(service.digest())) {
            return;
        }
        if (!fresh && bundle.sha256().equals(service.rolledBack())) {
            log.accept("control: the " + document.title() + " has been rolled back");
            return;
        }
        if (!BundleVerification.verify(bundle, "verified", null, List.of()).passed()) {
            throw new UserError(file + ": does not give its own golden answers on this machine");
        }
        service.swap(bundle);
        log.accept("control: serves the " + document.title() + ": " + bundle.sha256());
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
