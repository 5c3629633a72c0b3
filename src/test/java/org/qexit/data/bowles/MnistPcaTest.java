package org.qexit.data.bowles;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;

/** Against scikit-learn 1.2.1 (StandardScaler, PCA with its randomised solver) after numpy.random.seed(42), on made-up images. */
class MnistPcaTest {
    private static final int[] CLASSES = {3, 5, 8, 5, 3, 1, 3};

    /** Pixels by a formula; the sixth never varies in the training part, and is another in the test part. */
    private static Dataset images(int samples, int pixels, int offset, int classOffset, int sixth) {
        byte[][] images = new byte[samples][pixels];
        int[] classes = new int[samples];
        for (int s = 0; s < samples; s++) {
            int i = s + offset;
            for (int j = 0; j < pixels; j++) {
                images[s][j] = (byte) ((i * i * 31 + j * j * 17 + i * j * 13 + 7 * i + (i * j) % 19 * 11) % 251);
            }
            images[s][5] = (byte) sixth;
            classes[s] = CLASSES[(s + classOffset) % CLASSES.length];
        }
        List<String> names = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
        return Dataset.ofBytes("made-up", new int[] {1, 1, pixels}, images, classes, names);
    }

    private static Dataset train() {
        return images(90, 64, 0, 0, 7);
    }

    private static Dataset test() {
        return images(20, 64, 1000, 2, 9);
    }

    @Test
    void componentsAreThoseOfScikitLearn() throws IOException {
        List<MnistPca.Projection> sets = new ArrayList<>();
        MnistPca.make(train(), test(), MnistPca.PUBLISHED_SEED, sets::add);
        assertEquals(19, sets.size());
        assertEquals("mnist_3-5_2d", sets.get(0).name());
        assertEquals(20, sets.get(18).test()[0].length);
        assertArrayEquals(
                new int[] {-1, 1, 1, -1, -1, -1, 1},
                java.util.Arrays.copyOf(sets.get(0).trainLabels(), 7));
        try (InputStream in = MnistPcaTest.class.getResourceAsStream("/bowles/mnist-pca.csv")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .forEach(line -> compare(line.split(","), sets));
        }
    }

    private static void compare(String[] right, List<MnistPca.Projection> sets) {
        MnistPca.Projection set = sets.get(Integer.parseInt(right[0]) - 2);
        double[][] rows = right[1].equals("train") ? set.train() : set.test();
        int column = Integer.parseInt(right[3]);
        double weighted = 0;
        for (int i = 0; i < rows.length; i++) {
            weighted += (i * 37 % 97 - 48) * rows[i][column];
        }
        String what = String.join(" ", right);
        assertEquals(Integer.parseInt(right[2]), rows.length, what);
        assertEquals(Double.parseDouble(right[4]), rows[0][column], 1e-9, what);
        assertEquals(Double.parseDouble(right[5]), rows[rows.length / 2][column], 1e-9, what);
        assertEquals(Double.parseDouble(right[6]), rows[rows.length - 1][column], 1e-9, what);
        assertEquals(Double.parseDouble(right[7]), weighted, 1e-7, what);
    }

    @Test
    void anotherSeedHardlyMatters() {
        List<MnistPca.Projection> one = new ArrayList<>();
        List<MnistPca.Projection> other = new ArrayList<>();
        MnistPca.make(train(), test(), 42, one::add);
        MnistPca.make(train(), test(), 43, other::add);
        double first = one.get(0).train()[0][0];
        assertTrue(first != other.get(0).train()[0][0]);
        assertEquals(first, other.get(0).train()[0][0], 0.5);
    }

    @ParameterizedTest
    @CsvSource({
        "90, 64, 63, test images have 63 pixels",
        "40, 64, 64, there are 29 training images",
        "90, 30, 30, 29 pixels that vary",
        "2, 64, 64, expected images of classes 3 and 5",
    })
    void whatIsNoMnistIsRefused(int samples, int pixels, int testPixels, String told) {
        // From the third class on, two images are an 8 and a 5.
        Dataset train = images(samples, pixels, 0, samples == 2 ? 2 : 0, 7);
        Dataset test = images(20, testPixels, 1000, 2, 9);
        UserError error = assertThrows(UserError.class, () -> MnistPca.make(train, test, 42, set -> {}));
        assertTrue(error.getMessage().contains(told), error.getMessage());
    }
}
