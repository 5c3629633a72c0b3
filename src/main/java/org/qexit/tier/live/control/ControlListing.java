package org.qexit.tier.live.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.qexit.bundle.Bundle;
import org.qexit.common.UserError;

/** Looks at a directory of control documents. */
public final class ControlListing {
    private ControlListing() {}

    /** The present documents' files, by name. */
    static List<Path> files(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("(plan|thresholds|model)-.+\\.json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserError(directory + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The present documents, whoever signed them.
     *
     * @throws UserError for one that is not readable, or not of the kind and subject that its file's name says
     */
    public static List<ControlDocument> documents(Path directory) {
        List<ControlDocument> documents = new ArrayList<>();
        for (Path file : files(directory)) {
            ControlDocument document =
                    ControlDocument.read(file.toString(), SignedEnvelope.unverified(file.toString(), bytes(file)));
            checkName(file, document);
            documents.add(document);
        }
        return documents;
    }

    /**
     * The present documents, verified; so are the bundles that they name.
     *
     * @throws UserError for the first that followers would refuse
     */
    public static List<ControlDocument> verified(Path directory, ControlTrust trust) throws IOException {
        List<ControlDocument> documents = documents(directory);
        for (ControlDocument document : documents) {
            Path file = DirectoryControl.file(directory, document.kind(), document.subject());
            trust.open(document.kind(), document.subject(), bytes(file));
            if (document.kind() == ControlKind.MODEL) {
                ModelRelease release = document.body(ModelRelease.class);
                Path bundle = directory.resolve(release.path());
                if (!Files.isRegularFile(bundle) || !BundleStore.matches(release, bundle)) {
                    throw new UserError(bundle + ": is missing or has other bytes; expected what " + file + " names");
                }
                Bundle.open(bundle).verifySignature(trust.key());
            }
        }
        return documents;
    }

    private static void checkName(Path file, ControlDocument document) {
        String expected = ControlNames.document(document.kind(), document.subject()) + ".json";
        if (!file.getFileName().toString().equals(expected)) {
            throw new UserError(file + ": holds the " + document.title() + "; expected it in " + expected);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return DirectoryControl.read(file).orElseThrow(() -> new UserError(file + ": no such file"));
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
