package org.qexit.experiment.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Split;
import org.qexit.data.Task;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.trace.DeviceTrace;

/** Images of one's own, in a folder per class without parts. */
class EvaluationOfImagesTest {
    private static final int COUNT = 90;
    private static final Path MODEL = Path.of("models/quickstart-hybrid");
    private static final List<String> CRITICAL = List.of("Pullover", "Coat", "Shirt");
    private final DatasetCatalog catalog = DatasetCatalog.of(List.of(Path.of("datasets")));

    @TempDir
    private Path folder;

    @Test
    void allOfThemAreTakenAndDecidedAsFromTheDataSet() throws IOException {
        Dataset data = catalog.load("fashion-mnist-12k", Split.TEST);
        write(data, 1);
        StoredModel stored = ModelDirectory.read(MODEL).forDevice("test");
        LabelledSet events = LabelledSet.of(
                data,
                Task.keepingAll(
                        CRITICAL.stream().map(data.classNames()::indexOf).toList()),
                IntStream.range(0, COUNT).toArray());
        DeviceTrace trace = stored.model().trace("test", events);
        long[] exits = new long[stored.model().config().exits()];
        long wrong = 0;
        for (int k = 0; k < COUNT; k++) {
            var decision = stored.thresholds().decide(trace.scores(), k);
            exits[decision.exit()]++;
            wrong += decision.critical() == (events.labels()[k] == 1) ? 0 : 1;
        }
        Evaluation found = of(null);
        assertEquals(COUNT, found.events());
        assertArrayEquals(exits, found.exits());
        long missed = Math.round(found.classes().stream()
                .mapToDouble(row -> row.wrong().value() * row.events())
                .sum());
        assertEquals(wrong, missed);
    }

    @Test
    void imagesOfAnotherSizeAreScaled() throws IOException {
        write(catalog.load("fashion-mnist-12k", Split.TEST), 2);
        assertEquals(COUNT, of(null).events());
    }

    @Test
    void aPartOfImagesWithoutPartsIsRefused() throws IOException {
        write(catalog.load("fashion-mnist-12k", Split.TEST), 1);
        UserError refused = assertThrows(UserError.class, () -> of(Split.TRAIN));
        assertTrue(refused.getMessage().contains("has no folders train/ and test/"), refused.getMessage());
    }

    @Test
    void aFolderWithoutImagesIsToldAsBefore() throws IOException {
        Files.createDirectories(folder.resolve("notes"));
        Files.writeString(folder.resolve("notes/a.txt"), "a");
        UserError refused = assertThrows(UserError.class, () -> of(null));
        assertTrue(refused.getMessage().contains("holds no data set"), refused.getMessage());
    }

    private Evaluation of(Split split) {
        return Evaluation.of(MODEL, null, new Evaluation.Samples(folder.toString(), CRITICAL, split), catalog);
    }

    /** The first images as grey PNG files, each pixel several times in both directions. */
    private void write(Dataset data, int times) throws IOException {
        float[] values = new float[data.features()];
        LabelledSet all = LabelledSet.of(
                data, Task.keepingAll(List.of(0)), IntStream.range(0, COUNT).toArray());
        for (int k = 0; k < COUNT; k++) {
            all.copyTo(k, values, 0);
            BufferedImage image =
                    new BufferedImage(times * data.width(), times * data.height(), BufferedImage.TYPE_BYTE_GRAY);
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    int level = Math.round(255 * values[y / times * data.width() + x / times]);
                    image.getRaster().setSample(x, y, 0, level);
                }
            }
            Path home = Files.createDirectories(
                    folder.resolve(data.classNames().get(data.classOf(k)).replace('/', '-')));
            ImageIO.write(image, "png", home.resolve(k + ".png").toFile());
        }
    }
}
