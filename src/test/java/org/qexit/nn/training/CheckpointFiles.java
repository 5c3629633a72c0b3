package org.qexit.nn.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.qexit.common.Hashing;
import org.qexit.common.RandomStreams;
import org.qexit.nn.Blobs;

/** Checkpoints, for tests elsewhere. */
public final class CheckpointFiles {
    private static final int SHA256_BYTES = 32;
    private static final long SEED = 5;

    private CheckpointFiles() {}

    /** The checkpoint of a training that was interrupted, without the hash at its end. */
    public static byte[] write(Path directory) throws IOException {
        try {
            Trainer.of(Blobs.hybrid(), Blobs.training(2), Blobs.data(), RandomStreams.of(SEED), Blobs.EXACT)
                    .with(record -> {
                        throw new IllegalStateException("interrupted");
                    })
                    .train(directory);
        } catch (IllegalStateException e) {
            byte[] whole = Files.readAllBytes(Checkpoint.files(directory).get(0));
            return Arrays.copyOf(whole, whole.length - SHA256_BYTES);
        }
        throw new AssertionError("the training was not interrupted");
    }

    /** Puts the right hash behind a file's content and reads it. */
    public static void read(Path file, String fingerprint) throws IOException {
        byte[] content = Files.readAllBytes(file);
        byte[] whole = Arrays.copyOf(content, content.length + SHA256_BYTES);
        System.arraycopy(Hashing.sha256().digest(content), 0, whole, content.length, SHA256_BYTES);
        Path directory = Files.createDirectories(file.resolveSibling("checkpoint"));
        Files.write(directory.resolve("training-0000000001.ckpt"), whole);
        Checkpoint.read(directory, fingerprint);
    }

    /** Of the training that {@link #write} interrupts. */
    public static String fingerprint() {
        return Checkpoint.fingerprint(
                Blobs.hybrid().forInput(1, Blobs.SIDE, Blobs.SIDE),
                org.qexit.common.Json.compact(Blobs.training(2)),
                Blobs.data(),
                SEED);
    }
}
