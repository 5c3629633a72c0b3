package org.qexit.tier.live.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;

/**
 * The documents that a process has taken, one per kind and subject, kept on disk with the version: what it takes next must be newer,
 * across restarts too. The document itself is kept, so that one taken just before the process died is in force after it.
 *
 * <p>For one thread at a time.
 */
public final class ControlInbox {
    private final ControlTrust trust;
    private final Path directory;
    private final Map<String, byte[]> refused = new HashMap<>();

    /** @param directory of this process alone */
    public ControlInbox(ControlTrust trust, Path directory) {
        this.trust = trust;
        this.directory = directory;
    }

    /** What became of an envelope. */
    public sealed interface Verdict {}

    /** In force from now on. */
    public record Taken(ControlDocument document) implements Verdict {}

    /** There is none, it is the one in force, or it was refused before. */
    public record NothingNew() implements Verdict {}

    /** Not signed, not for this process, or an older one. */
    public record Refused(String reason) implements Verdict {}

    /**
     * The document in force, if one has been taken.
     *
     * @throws UserError if the kept one is not readable any more
     */
    public Optional<ControlDocument> current(ControlKind kind, String subject) {
        return kept(kind, subject)
                .filter(bytes -> isTrusted(kind, subject, bytes))
                .map(bytes -> trust.open(kind, subject, bytes));
    }

    /** Of an earlier key, say: what was taken then bounds versions, but is not in force. */
    private boolean isTrusted(ControlKind kind, String subject, byte[] envelope) {
        try {
            trust.open(kind, subject, envelope);
            return true;
        } catch (UserError e) {
            return false;
        }
    }

    /**
     * Looks at the source.
     *
     * @throws IOException if it is out of reach now
     * @throws UserError if what was taken cannot be kept: it is not in force then
     */
    public Verdict poll(ControlSource source, ControlKind kind, String subject) throws IOException {
        Optional<byte[]> found;
        try {
            found = source.poll(kind, subject);
        } catch (UserError e) {
            return new Refused(e.getMessage());
        }
        return found.isEmpty() ? new NothingNew() : judge(kind, subject, found.get());
    }

    /** As {@link #poll}, for an envelope that has come by another way. */
    public Verdict judge(ControlKind kind, String subject, byte[] envelope) {
        String name = ControlNames.document(kind, subject);
        Optional<byte[]> before = kept(kind, subject);
        if (before.isPresent() && Arrays.equals(before.get(), envelope) || Arrays.equals(refused.get(name), envelope)) {
            return new NothingNew();
        }
        ControlDocument document;
        try {
            document = trust.open(kind, subject, envelope);
        } catch (UserError e) {
            return refuse(name, envelope, e.getMessage());
        }
        long last = before.isEmpty() ? 0 : version(kind, subject, before.get());
        if (document.version() < last) {
            return refuse(
                    name, envelope, document.title() + ": is older than version " + last + ", which has been seen");
        }
        if (document.version() == last) {
            return refuse(name, envelope, document.title() + ": another one of this version has been seen");
        }
        AtomicFiles.writeDurably(file(kind, subject), envelope);
        refused.remove(name);
        return new Taken(document);
    }

    private Refused refuse(String name, byte[] envelope, String reason) {
        refused.put(name, envelope);
        return new Refused(reason);
    }

    private Path file(ControlKind kind, String subject) {
        return DirectoryControl.file(directory, kind, subject);
    }

    private Optional<byte[]> kept(ControlKind kind, String subject) {
        try {
            return DirectoryControl.read(file(kind, subject));
        } catch (IOException e) {
            throw new UserError(file(kind, subject) + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private long version(ControlKind kind, String subject, byte[] envelope) {
        String name = file(kind, subject).toString();
        try {
            return ControlDocument.read(name, SignedEnvelope.unverified(name, envelope))
                    .version();
        } catch (UserError e) {
            throw new UserError(
                    e.getMessage()
                            + ". Maybe delete it: the newest document is then taken anew, and older ones are no more known to be old",
                    e);
        }
    }
}
