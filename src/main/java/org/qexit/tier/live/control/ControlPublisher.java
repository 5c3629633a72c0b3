package org.qexit.tier.live.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.qexit.bundle.Bundle;
import org.qexit.common.AtomicFiles;
import org.qexit.common.DirectoryLock;
import org.qexit.common.Hashing;
import org.qexit.common.UserError;

/**
 * Signs documents into a directory and counts their versions up: {@code KIND-SUBJECT.json} is the present one, {@code
 * history/KIND-SUBJECT.VERSION.json} holds all, {@code bundles/SHA256.zip} what models' documents name.
 */
public final class ControlPublisher {
    private static final String HISTORY = "history";
    private static final Pattern OLD = Pattern.compile("(.+)\\.([1-9][0-9]{0,17})\\.json");

    private final Path directory;
    private final PrivateKey key;

    /** @param key of Ed25519, the one that followers trust */
    public ControlPublisher(Path directory, PrivateKey key) {
        this.directory = directory;
        this.key = key;
    }

    /**
     * Publishes a body under the next version.
     *
     * @param fleetOrNull the deployment; null for that of the documents which are there
     * @throws UserError if the directory's documents are of another fleet or by another key, or it cannot be written
     */
    public ControlDocument publish(String fleetOrNull, ControlKind kind, String subject, Map<String, Object> body) {
        return DirectoryLock.holding(directory, () -> publishLocked(fleet(fleetOrNull), kind, subject, body));
    }

    /**
     * Publishes a bundle: copies its zip file, then the document that names it.
     *
     * @throws UserError unless the bundle is signed by the same key
     */
    public ControlDocument publishModel(String fleetOrNull, String subject, Path zip) {
        return DirectoryLock.holding(directory, () -> publishModelLocked(fleetOrNull, subject, zip));
    }

    private ControlDocument publishModelLocked(String fleetOrNull, String subject, Path zip) {
        try {
            String fleet = fleet(fleetOrNull);
            ModelRelease release = release(zip);
            BundleStore.get(release, directory.resolve(ControlNames.BUNDLES), file -> Files.copy(zip, file));
            return publishLocked(fleet, ControlKind.MODEL, subject, fields(release));
        } catch (IOException e) {
            throw new UserError(zip + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private ModelRelease release(Path zip) throws IOException {
        if (!Files.isRegularFile(zip)) {
            throw new UserError(zip + ": is no file; expected a bundle's zip file");
        }
        Bundle bundle = Bundle.open(zip);
        if (!bundle.isSignedBy(key)) {
            throw new UserError(zip + ": is not signed by this key. Maybe export it with --sign");
        }
        String role = bundle.manifest().forEdgeNode() ? ModelRelease.NODE : ModelRelease.DEVICE;
        return ModelRelease.of(bundle.manifest().name(), role, Hashing.sha256Hex(zip), Files.size(zip));
    }

    private static Map<String, Object> fields(ModelRelease release) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", release.name());
        fields.put("role", release.role());
        fields.put("sha256", release.sha256());
        fields.put("bytes", release.bytes());
        fields.put("path", release.path());
        return fields;
    }

    private ControlDocument publishLocked(String fleet, ControlKind kind, String subject, Map<String, Object> body) {
        String name = ControlNames.document(kind, subject);
        ControlDocument document = new ControlDocument(
                ControlDocument.FORMAT,
                fleet,
                kind,
                subject,
                1 + lastVersion(kind, subject),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                body);
        byte[] envelope = SignedEnvelope.seal(document.payload(), key);
        // History first: a version that is out in the world is in there.
        AtomicFiles.writeDurably(
                directory.resolve(HISTORY).resolve(name + "." + document.version() + ".json"), envelope);
        AtomicFiles.writeDurably(DirectoryControl.file(directory, kind, subject), envelope);
        return document;
    }

    private long lastVersion(ControlKind kind, String subject) {
        String name = ControlNames.document(kind, subject);
        long last = read(DirectoryControl.file(directory, kind, subject))
                .map(ControlDocument::version)
                .orElse(0L);
        Path history = directory.resolve(HISTORY);
        if (!Files.isDirectory(history)) {
            return last;
        }
        try (Stream<Path> files = Files.list(history)) {
            return Math.max(
                    last,
                    files.map(file -> OLD.matcher(file.getFileName().toString()))
                            .filter(file -> file.matches() && file.group(1).equals(name))
                            .mapToLong(ControlPublisher::version)
                            .max()
                            .orElse(0));
        } catch (IOException e) {
            throw new UserError(history + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static long version(Matcher file) {
        return Long.parseLong(file.group(2));
    }

    /** A document that is there, which must be by our key: else versions would follow a stranger's. */
    private Optional<ControlDocument> read(Path file) {
        try {
            Optional<byte[]> envelope = DirectoryControl.read(file);
            if (envelope.isEmpty()) {
                return Optional.empty();
            }
            if (!SignedEnvelope.isBy(file.toString(), envelope.get(), key)) {
                throw new UserError(file + ": is signed by another key");
            }
            return Optional.of(
                    ControlDocument.read(file.toString(), SignedEnvelope.unverified(file.toString(), envelope.get())));
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private String fleet(String given) {
        String found = null;
        for (Path file : ControlListing.files(directory)) {
            String fleet = read(file).map(ControlDocument::fleet).orElse(found);
            if (found != null && !found.equals(fleet)) {
                throw new UserError(directory + ": holds documents of the fleets " + found + " and " + fleet);
            }
            found = fleet;
        }
        if (given != null && found != null && !found.equals(given)) {
            throw new UserError(directory + ": holds documents of the fleet " + found + ", not " + given);
        }
        if (given == null && found == null) {
            throw new UserError(directory + ": holds no document yet, which would say the fleet; expected --fleet");
        }
        return given == null ? found : given;
    }
}
