package org.qexit.nn.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.ParameterFile;
import org.qexit.nn.Tensor;
import org.qexit.nn.TensorLayout;
import org.qexit.trace.Rule;

/**
 * A model on disk: {@code model.json} and the parameter file that it names. The parameter file carries its own hash in its name and
 * is there before {@code model.json} is replaced, so that at every moment the directory holds a whole model or none.
 */
public final class ModelDirectory {
    public static final String MANIFEST = "model.json";
    private static final Pattern NAME = Pattern.compile("[a-z]{1,20}-[0-9a-f]{16}\\.bin");

    private ModelDirectory() {}

    /** Writes a model in the place of the one that is there. */
    public static void write(Path directory, StoredModel stored) {
        EarlyExitModel model = stored.model();
        Rule chosen = stored.thresholds();
        byte[] bytes = ParameterFile.encode(model.stored());
        String sha256 = Hashing.sha256Hex(bytes);
        String name = writeHashed(directory, "parameters", bytes, sha256);
        Json.write(
                directory.resolve(MANIFEST),
                new ModelManifest(
                        ModelManifest.FORMAT,
                        ModelManifest.version(chosen),
                        model.config(),
                        stored.training(),
                        stored.bestEpoch(),
                        chosen == null ? null : chosen.lowerEntry(),
                        chosen == null ? null : chosen.upperEntry(),
                        name,
                        sha256,
                        stored.provenance(),
                        model.temperatures().orElse(null),
                        stored.edgeNode()));
        removeOthers(directory, "parameters", name);
    }

    /**
     * Reads a model and checks everything about it.
     *
     * @throws UserError if the directory is not a model's, or its parameters are not those that {@code model.json} names
     */
    public static StoredModel read(Path directory) {
        Path file = directory.resolve(MANIFEST);
        if (!Files.exists(file)) {
            throw new UserError(directory + ": not a model directory; expected a file " + MANIFEST + " in it");
        }
        ModelManifest manifest = Json.read(file, ModelManifest.class);
        TensorLayout layout = layout(file, manifest.model());
        Path parameters = directory.resolve(manifest.parametersFile());
        byte[] bytes = readHashed(parameters, ParameterFile.length(layout.size()), manifest.parametersSha256());
        List<Tensor> tensors = ParameterFile.decode(parameters.toString(), bytes, layout);
        return new StoredModel(
                EarlyExitModel.of(manifest.model(), tensors).withTemperatures(manifest.temperatures()),
                manifest.training(),
                manifest.bestEpoch(),
                manifest.thresholds(),
                manifest.provenance(),
                manifest.edgeNode());
    }

    private static TensorLayout layout(Path file, ModelConfig model) {
        try {
            TensorLayout layout = TensorLayout.of(model);
            layout.size();
            return layout;
        } catch (ArithmeticException e) {
            throw new UserError(file + ": field 'model': a network of more than 2^31 parameters", e);
        }
    }

    /** Writes {@code kind-<first 16 digits of the hash>.bin}; returns its name. */
    static String writeHashed(Path directory, String kind, byte[] bytes, String sha256) {
        String name = kind + "-" + sha256.substring(0, 16) + ".bin";
        AtomicFiles.write(directory.resolve(name), temporary -> Files.write(temporary, bytes));
        return name;
    }

    /** Reads a file whose length and hash are known; checks the length before it reads. */
    static byte[] readHashed(Path file, long length, String sha256) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new UserError(file + ": no such file");
            }
            long actual = Files.size(file);
            if (actual != length) {
                throw new UserError(file + ": has " + actual + " bytes; expected " + length);
            }
            byte[] bytes = Files.readAllBytes(file);
            String found = Hashing.sha256Hex(bytes);
            if (!found.equals(sha256)) {
                throw new UserError(file + ": SHA-256 is " + found + "; expected " + sha256);
            }
            return bytes;
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Removes the files of a kind that nothing names any more. */
    static void removeOthers(Path directory, String kind, String keep) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith(kind + "-") && NAME.matcher(name).matches() && !name.equals(keep)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tidy " + directory, e);
        }
    }

    /** A name of ours, so that no path leads out of the directory. */
    static void checkName(String field, String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    field + " is '" + name + "'; expected a name such as " + "parameters-0123456789abcdef.bin");
        }
    }
}
