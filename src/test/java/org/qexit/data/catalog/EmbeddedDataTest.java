package org.qexit.data.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Hashing;
import org.qexit.common.RandomStreams;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Split;
import org.qexit.data.Task;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxType;
import org.qexit.data.streams.DeviceStream;
import org.qexit.data.streams.FleetStreamSpec;
import org.qexit.data.streams.FleetStreams;

class EmbeddedDataTest {
    private static final Path DATASETS = Path.of("datasets");
    private static final DatasetCatalog CATALOG = DatasetCatalog.of(List.of(DATASETS));
    private static final Path FULL = Path.of("/usr/share/datasets/fashion-mnist");
    private static final String NAME = "fashion-mnist-12k";

    @Test
    void filesAreThoseOfTheDescriptorAndSmall() throws IOException {
        Verification verification = Verification.of(CATALOG, CATALOG.entry(NAME));
        assertEquals(4, verification.checks().size());
        assertTrue(verification.checks().stream().allMatch(c -> c.status() == Verification.Status.OK));
        long bytes = 0;
        for (DataFile file : CATALOG.describe(NAME).files()) {
            Path path = DATASETS.resolve(NAME).resolve(file.name());
            assertEquals(file.sha256(), Hashing.sha256Hex(path));
            bytes += Files.size(path);
        }
        assertTrue(bytes < 10_000_000, bytes + " bytes");
    }

    @Test
    void classesAreBalancedAndImagesAreReal() {
        for (Split split : Split.values()) {
            Dataset data = CATALOG.load(NAME, split);
            int perClass = split == Split.TRAIN ? 1200 : 600;
            assertEquals(10 * perClass, data.size());
            assertTrue(Arrays.stream(data.classCounts()).allMatch(n -> n == perClass));
            assertArrayEquals(new int[] {1, 28, 28}, new int[] {data.channels(), data.height(), data.width()});
            // The published mean and deviation of all 60,000 training images are 0.2860 and 0.3530.
            DatasetSummary summary = DatasetSummary.of(data, split);
            assertEquals(0.2860, summary.pixelMean(), 0.002);
            assertEquals(0.3530, summary.pixelDeviation(), 0.002);
            float[] pixels = new float[2 + data.features()];
            data.copyTo(17, pixels, 2);
            assertEquals(0, pixels[1]);
            assertEquals((data.rawBytes(17)[300] & 0xff) / 255.0, pixels[302], 1e-7);
        }
    }

    @Test
    void theDefaultFleetAndTaskFitIntoIt() {
        List<DeviceStream> fleet = FleetStreams.draw(
                FleetStreamSpec.DEFAULT, CATALOG.load(NAME, Split.TEST), Task.DEFAULT, RandomStreams.of(1), "fleet");
        assertEquals(10, fleet.size());
        LabelledSet train = Task.DEFAULT.apply(CATALOG.load(NAME, Split.TRAIN), RandomStreams.of(1), "train");
        assertEquals(0.1, (double) train.positives() / train.size(), 1e-3);
    }

    @Test
    void itsImagesAreThoseThatTheSeedChooses() {
        assumeTrue(Files.isDirectory(FULL), "the full data set is not installed");
        assertEquals(
                "qexit data subset fashion-mnist --train-per-class 1200 --test-per-class 600 --seed 1 --out datasets/"
                        + NAME,
                CATALOG.describe(NAME).made().command());
        for (Split split : Split.values()) {
            Dataset full = CATALOG.load("fashion-mnist", split);
            Dataset embedded = CATALOG.load(NAME, split);
            int[] chosen = new Subset(1200, 600, 1).choose(full, split);
            assertEquals(chosen.length, embedded.size());
            for (int k = 0; k < chosen.length; k++) {
                assertArrayEquals(full.rawBytes(chosen[k]), embedded.rawBytes(k));
                assertEquals(full.classOf(chosen[k]), embedded.classOf(k));
            }
        }
    }

    @Test
    @Tag("slow")
    void theCommandInTheDescriptorMakesTheSameBytes(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isDirectory(FULL), "the full data set is not installed");
        // Another zlib may zip otherwise, so the bytes can only be held against the usual one.
        assumeTrue(zlibIsTheUsualOne(), "this Java has another zlib");
        DatasetDescriptor made = new Subset(1200, 600, 1).write(CATALOG, "fashion-mnist", folder.resolve(NAME));
        assertEquals(CATALOG.describe(NAME), made);
        for (DataFile file : made.files()) {
            assertEquals(
                    -1,
                    Files.mismatch(
                            folder.resolve(NAME).resolve(file.name()),
                            DATASETS.resolve(NAME).resolve(file.name())));
        }
        assertEquals(-1, Files.mismatch(folder.resolve(NAME + ".json"), DATASETS.resolve(NAME + ".json")));
    }

    /** Whether this Java zips a known text as zlib 1.2.13 does. */
    private static boolean zlibIsTheUsualOne() throws IOException {
        Path probe = Files.createTempFile("probe", ".gz");
        try {
            byte[] text = new byte[5000];
            for (int i = 0; i < text.length; i++) {
                text[i] = (byte) (i * i / 7 % 31);
            }
            Idx.write(probe, IdxType.UBYTE, new int[] {5000}, List.of(text));
            return Hashing.sha256Hex(probe).startsWith("86861dbe99c367aa");
        } finally {
            Files.delete(probe);
        }
    }
}
