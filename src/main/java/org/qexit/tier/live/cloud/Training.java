package org.qexit.tier.live.cloud;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.cloud.Evidence;
import org.qexit.tier.cloud.Order;
import org.qexit.tier.live.control.ControlDocument;
import org.qexit.tier.live.control.ControlPublisher;

/**
 * Trains what the rules order, tests, and publishes what is accepted. Every candidate has a directory {@code candidates/N} with {@code
 * evidence.json}; an accepted one keeps its model and its bundle there. What a kill interrupts is done again, or ended, at the next start.
 */
final class Training {
    private static final String PUBLISHED = "published";
    private static final String MODEL = "model";

    private final Path directory;
    private final CloudData data;
    private final CloudSettings settings;
    private final Published published;
    private final Consumer<String> log;
    private NodeModel inForce;
    private volatile Integer underWay;

    /**
     * Whither accepted models go.
     *
     * @param publisher of control documents
     * @param fleet the deployment, or null for that of the documents which are there
     * @param key that signs bundles
     * @param name of the bundles
     */
    record Published(ControlPublisher publisher, String fleet, PrivateKey key, String name) {}

    /** @param deployed the version that is in force at the beginning */
    Training(
            Path directory,
            CloudData data,
            CloudSettings settings,
            NodeModel deployed,
            NodeModel.Reader reader,
            Published published,
            Consumer<String> log) {
        this.directory = directory;
        this.data = data;
        this.settings = settings;
        this.published = published;
        this.log = log;
        inForce = lastAccepted()
                .map(evidence -> reader.read(candidate(evidence).resolve(MODEL)))
                .orElse(deployed);
        if (!inForce.sha256().equals(data.sha256())) {
            throw new UserError(directory + ": is the state of another model, with parameters " + data.sha256()
                    + "; found " + inForce.sha256());
        }
    }

    private Optional<Evidence> lastAccepted() {
        List<Evidence> accepted = data.evidence().stream()
                .filter(evidence -> evidence.result().verdict().accepted())
                .toList();
        return accepted.isEmpty() ? Optional.empty() : Optional.of(accepted.get(accepted.size() - 1));
    }

    private Path candidate(Evidence evidence) {
        return candidate(evidence.candidate());
    }

    private Path bundle(Evidence evidence) {
        return candidate(evidence).resolve(MODEL).resolve(NodeModel.BUNDLE);
    }

    private Path candidate(int number) {
        return directory.resolve("candidates").resolve(Integer.toString(number));
    }

    /** Does what is due; returns when it is done. */
    void run(double nowSeconds) {
        data.due(nowSeconds).ifPresent(order -> train(order, nowSeconds));
        publish();
    }

    private void train(Order order, double nowSeconds) {
        log.accept("training candidate " + order.candidate() + " on "
                + order.examples().size() + " events: " + order.reason().word());
        underWay = order.candidate();
        try {
            attempt(order, nowSeconds);
        } finally {
            underWay = null;
        }
    }

    private void attempt(Order order, double nowSeconds) {
        Path place = candidate(order.candidate());
        NodeModel after;
        try {
            after = inForce.trained(
                    data.payloads(order.examples()), settings.rules().seed() + order.candidate());
            after.write(place.resolve(MODEL), published.name(), published.key());
        } catch (UserError e) {
            log.accept("candidate " + order.candidate() + " came to nothing: " + e.getMessage());
            data.abandon();
            return;
        }
        Evidence evidence = data.decide(nowSeconds, inForce, after);
        Json.write(place.resolve("evidence.json"), evidence);
        log.accept("candidate " + order.candidate() + ": "
                + evidence.result().verdict().word() + " on "
                + evidence.tested() + " events, p " + evidence.result().pBetter() + "; version "
                + evidence.version() + " is in force");
        if (evidence.result().verdict().accepted()) {
            inForce = after;
        } else {
            remove(place.resolve(MODEL));
        }
    }

    /** The candidate that is being trained or tested, or null. */
    Integer underWay() {
        return underWay;
    }

    private void remove(Path path) {
        try {
            AtomicFiles.deleteTree(path);
        } catch (IOException e) {
            log.accept(path + ": cannot be removed: " + e.getMessage());
        }
    }

    /** Publishes the version in force if that has not been done; an operator's later document is left as it is. */
    private void publish() {
        Optional<Evidence> accepted = lastAccepted();
        if (accepted.isEmpty() || accepted.get().version() <= publishedVersion()) {
            return;
        }
        long version = accepted.get().version();
        try {
            for (String subject : settings.subjects()) {
                ControlDocument document =
                        published.publisher().publishModel(published.fleet(), subject, bundle(accepted.get()));
                log.accept("published version " + version + ": " + document.title());
            }
            AtomicFiles.writeDurably(
                    directory.resolve(PUBLISHED), Long.toString(version).getBytes(StandardCharsets.US_ASCII));
        } catch (UserError e) {
            log.accept("version " + version + " is not published yet: " + e.getMessage());
        }
    }

    private long publishedVersion() {
        Path file = directory.resolve(PUBLISHED);
        try {
            if (!Files.exists(file)) {
                return 0;
            }
            String text = Files.readString(file).strip();
            if (text.matches("[0-9]{1,18}")) {
                return Long.parseLong(text);
            }
            throw new UserError(file + ": is no number");
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
