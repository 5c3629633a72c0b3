package org.qexit.nn.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Checks;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;
import org.qexit.nn.ModelConfig;

/**
 * The state of a training between two steps, from which it goes on bit by bit as if it had never stopped. One file,
 * {@code training-<step, 10 digits>.ckpt}, holds all of it and ends with its own SHA-256; the last two are kept, so that one may be
 * damaged. The layout is in docs/training.md.
 *
 * @param state where the training stands
 * @param parameters all parameters, one tensor after another
 * @param optimiser Adam's first moments in the same order, then the second ones
 * @param best the parameters of the best epoch; empty before the first
 * @param added events that ever came into the ring of recent scores
 * @param recentScores the ring, {@code [exit][place]}
 * @param recentLabels {@code [place]}
 */
record Checkpoint(
        TrainingState state,
        float[] parameters,
        float[] optimiser,
        float[] best,
        long added,
        float[][] recentScores,
        byte[] recentLabels) {
    private static final byte[] MAGIC = "QXTRAIN4".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern NAME = Pattern.compile("training-[0-9]{10}\\.ckpt");
    private static final Pattern LEFT_OVER = Pattern.compile("\\.training-[0-9]{10}\\.ckpt\\.tmp-.*");
    private static final int SHA256_BYTES = 32;
    private static final int KEPT = 2;

    /**
     * What stands before the numbers.
     *
     * @param fingerprint what makes two trainings the same
     * @param state where it stands
     */
    record Header(String format, int version, String fingerprint, TrainingState state) {
        static final String FORMAT = "qexit-training";
        static final int VERSION = 4;

        Header {
            if (!FORMAT.equals(format) || version != VERSION) {
                throw new IllegalArgumentException("format is '" + format + "' version " + version + "; expected '"
                        + FORMAT + "' version " + VERSION);
            }
            Checks.present("state", state);
            Checks.sha256("fingerprint", fingerprint);
        }
    }

    /** SHA-256 over the configurations, the events of both parts, and the seed. */
    static String fingerprint(ModelConfig model, String settings, TrainingData data, long seed) {
        return Hashing.sha256Hex(String.join(
                        "\n",
                        Json.compact(model),
                        settings,
                        identity(data.train()),
                        identity(data.heldOut()),
                        Long.toString(seed))
                .getBytes(StandardCharsets.UTF_8));
    }

    private static String identity(LabelledSet events) {
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES * events.size());
        for (int index : events.indices()) {
            buffer.putInt(index);
        }
        return events.dataset().sha256() + " " + Hashing.sha256Hex(buffer.array()) + " "
                + Hashing.sha256Hex(events.labels());
    }

    static boolean exists(Path directory) {
        return !files(directory).isEmpty();
    }

    /** The newest first. */
    static List<Path> files(Path directory) {
        return matching(directory, NAME);
    }

    private static List<Path> matching(Path directory, Pattern pattern) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file ->
                            pattern.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparing(
                                    (Path file) -> file.getFileName().toString())
                            .reversed())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    /** Writes this one and removes all but the one before. Returns its file. */
    Path write(Path directory, String fingerprint, long step) {
        byte[] bytes = encode(fingerprint);
        Path file = directory.resolve(String.format(Locale.ROOT, "training-%010d.ckpt", step));
        AtomicFiles.write(file, temporary -> Files.write(temporary, bytes));
        List<Path> all = files(directory);
        delete(all.subList(Math.min(KEPT, all.size()), all.size()));
        return file;
    }

    /** A finished training needs no state. */
    static void remove(Path directory) {
        delete(files(directory));
        delete(matching(directory, LEFT_OVER));
    }

    private static void delete(List<Path> files) {
        try {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tidy: " + e.getMessage(), e);
        }
    }

    /**
     * The newest checkpoint that is whole; says so where that is not the newest.
     *
     * @throws UserError if none is whole, or it is of another training
     */
    static Checkpoint read(Path directory, String fingerprint) {
        List<Path> all = files(directory);
        List<String> damages = new ArrayList<>();
        for (Path file : all) {
            try {
                Checkpoint whole = decode(file, Files.readAllBytes(file), fingerprint);
                if (!damages.isEmpty()) {
                    Progress.say("qexit: " + String.join("; ", damages) + "; going on from the one before, "
                            + file.getFileName());
                    delete(all.subList(0, all.indexOf(file)));
                }
                return whole;
            } catch (IOException e) {
                damages.add(file + " cannot be read: " + e.getMessage());
            } catch (Damage e) {
                damages.add(file + " is damaged: " + e.getMessage());
            }
        }
        throw new UserError(String.join("; ", damages)
                + ". No checkpoint is left to go on from. Maybe train without --resume, from the start");
    }

    /** A file is not what was written. */
    private static final class Damage extends Exception {
        private static final long serialVersionUID = 1L;

        Damage(String message) {
            super(message);
        }
    }

    private byte[] encode(String fingerprint) {
        byte[] header = Json.compact(new Header(Header.FORMAT, Header.VERSION, fingerprint, state))
                .getBytes(StandardCharsets.UTF_8);
        long length = MAGIC.length
                + 5L * Long.BYTES
                + header.length
                + Float.BYTES * ((long) parameters.length + optimiser.length + best.length)
                + 2L * Integer.BYTES
                + (Float.BYTES * (long) recentScores.length + 1) * recentLabels.length
                + SHA256_BYTES;
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(MAGIC).putLong(header.length).put(header);
        for (float[] part : List.of(parameters, optimiser, best)) {
            buffer.putLong(part.length);
            put(buffer, part);
        }
        buffer.putLong(added).putInt(recentScores.length).putInt(recentLabels.length);
        for (float[] exit : recentScores) {
            put(buffer, exit);
        }
        buffer.put(recentLabels);
        buffer.put(sha256(buffer.array(), buffer.position()));
        return buffer.array();
    }

    private static Checkpoint decode(Path file, byte[] bytes, String fingerprint) throws Damage {
        int end = bytes.length - SHA256_BYTES;
        if (end < MAGIC.length || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new Damage("it has " + bytes.length + " bytes and does not begin as one");
        }
        if (!Arrays.equals(sha256(bytes, end), Arrays.copyOfRange(bytes, end, bytes.length))) {
            throw new Damage("its SHA-256 is not what its end says");
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, end).order(ByteOrder.LITTLE_ENDIAN);
            buffer.position(MAGIC.length);
            byte[] header = new byte[size(buffer, buffer.getLong(), 1)];
            buffer.get(header);
            Header read = Json.parse(file.toString(), new String(header, StandardCharsets.UTF_8), Header.class);
            if (!read.fingerprint().equals(fingerprint)) {
                throw new UserError(file + ": is of another training (model, training settings, data or seed differ)."
                        + " Maybe train without resuming");
            }
            float[] parameters = floats(buffer, buffer.getLong());
            float[] optimiser = floats(buffer, buffer.getLong());
            float[] best = floats(buffer, buffer.getLong());
            long added = buffer.getLong();
            int exits = buffer.getInt();
            int capacity = buffer.getInt();
            float[][] scores = new float[size(buffer, exits, 1)][];
            for (int q = 0; q < exits; q++) {
                scores[q] = floats(buffer, capacity);
            }
            byte[] labels = new byte[size(buffer, capacity, 1)];
            buffer.get(labels);
            return new Checkpoint(read.state(), parameters, optimiser, best, added, scores, labels);
        } catch (BufferUnderflowException e) {
            throw new Damage("it ends too soon");
        }
    }

    private static byte[] sha256(byte[] bytes, int length) {
        var digest = Hashing.sha256();
        digest.update(bytes, 0, length);
        return digest.digest();
    }

    private static void put(ByteBuffer buffer, float[] values) {
        for (float value : values) {
            buffer.putFloat(value);
        }
    }

    private static float[] floats(ByteBuffer buffer, long count) {
        float[] values = new float[size(buffer, count, Float.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.getFloat();
        }
        return values;
    }

    private static int size(ByteBuffer buffer, long count, int bytes) {
        if (count < 0 || count > buffer.remaining() / bytes) {
            throw new BufferUnderflowException();
        }
        return (int) count;
    }
}
