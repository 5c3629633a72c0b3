package org.qexit.tier.live.device;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.qexit.bundle.Bundle;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.ControlDocument;
import org.qexit.tier.live.control.ControlInbox;
import org.qexit.tier.live.control.ControlKind;
import org.qexit.tier.live.control.ControlNames;
import org.qexit.tier.live.control.ControlSource;
import org.qexit.tier.live.control.ControlTrust;
import org.qexit.tier.live.control.ModelRelease;
import org.qexit.trace.ThresholdsFile;

/**
 * Follows plans, thresholds and models that are signed for this device or for all. Of several that say the same thing the one issued last is in
 * force, the device's own before that for all where they are of one moment: a model brings the thresholds of its bundle, a plan its own,
 * and thresholds replace both. What is not signed, older, or of no use to this device changes nothing. Used by one thread at a time.
 */
public final class ControlFollower {
    private final ControlSource source;
    private final ControlInbox inbox;
    private final ControlTrust trust;
    private final Path bundles;
    private final String device;
    private final Consumer<String> say;
    private volatile Map<String, Long> versions = Map.of();
    private boolean away;
    private boolean stale;

    /**
     * @param directory where it keeps documents and bundles
     * @param say hears of what was taken and what was refused
     */
    public ControlFollower(
            ControlSource source, ControlTrust trust, Path directory, String device, Consumer<String> say) {
        this.source = source;
        this.trust = trust;
        this.inbox = new ControlInbox(trust, directory);
        this.bundles = directory.resolve("bundles");
        this.device = device;
        this.say = say;
    }

    /** Looks at the source; says whether something new is in force. */
    boolean poll() {
        boolean news = stale;
        try {
            for (ControlKind kind : ControlKind.values()) {
                for (String subject : List.of(ControlNames.ALL, device)) {
                    ControlInbox.Verdict verdict = inbox.poll(source, kind, subject);
                    if (verdict instanceof ControlInbox.Taken taken) {
                        say.accept("took " + taken.document().title());
                        news = true;
                    } else if (verdict instanceof ControlInbox.Refused refused) {
                        say.accept("refused: " + refused.reason());
                    }
                }
            }
            away = false;
        } catch (IOException e) {
            if (!away) {
                say.accept("control documents are out of reach: " + e.getMessage() + "; going on with those at hand");
            }
            away = true;
        }
        return news;
    }

    /** What is in force: the bundle that the device began with, changed by the documents taken. */
    InForce inForce(InForce begun) {
        stale = false;
        Map<String, Long> followed = new TreeMap<>();
        InForce now = begun;
        for (ControlDocument document : taken()) {
            try {
                now = applied(document, now);
                followed.put(document.kind().word(), document.version());
            } catch (UserError e) {
                say.accept(document.title() + ": is not followed: " + e.getMessage());
            } catch (IOException e) {
                say.accept(document.title() + ": its bundle cannot be fetched now: " + e.getMessage());
                stale = true;
            }
        }
        versions = followed;
        return now;
    }

    /** Versions of the documents that are followed, by kind: of several the one issued last. May be asked by another thread. */
    Map<String, Long> versions() {
        return versions;
    }

    /** Those taken, the one issued first before the others. */
    private List<ControlDocument> taken() {
        List<ControlDocument> all = new ArrayList<>();
        for (ControlKind kind : List.of(ControlKind.MODEL, ControlKind.PLAN, ControlKind.THRESHOLDS)) {
            for (String subject : List.of(ControlNames.ALL, device)) {
                inbox.current(kind, subject).ifPresent(all::add);
            }
        }
        all.sort(Comparator.comparing(document -> Instant.parse(document.issued())));
        return all;
    }

    private InForce applied(ControlDocument document, InForce now) throws IOException {
        return switch (document.kind()) {
            case MODEL -> model(document.body(ModelRelease.class), now);
            case PLAN -> plan(document.body(PlanView.class), now);
            case THRESHOLDS -> thresholds(document.body(ThresholdsFile.class), now);
        };
    }

    private InForce model(ModelRelease release, InForce now) throws IOException {
        if (!release.role().equals(ModelRelease.DEVICE)) {
            return now;
        }
        Bundle bundle = Bundle.open(source.fetch(release, bundles));
        bundle.verifySignature(trust.key());
        InForce fresh = InForce.of(bundle, device);
        return fresh.withPlace(now.node(), now.nodes());
    }

    private InForce plan(PlanView plan, InForce now) {
        PlanView.Placed placed =
                plan.device(device).orElseThrow(() -> new UserError("it has no device '" + device + "'"));
        return now.withThresholds(placed.thresholds()).withPlace(placed.node(), plan.nodeIds());
    }

    private InForce thresholds(ThresholdsFile file, InForce now) {
        return file.of(device)
                .map(now::withThresholds)
                .orElseThrow(() -> new UserError("they have none for device '" + device + "'"));
    }
}
