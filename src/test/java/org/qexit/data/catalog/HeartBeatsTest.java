package org.qexit.data.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.formats.WfdbAnnotations.Beat;

class HeartBeatsTest {
    private static final int SAMPLES = 3001;

    @TempDir
    private Path folder;

    /** Writes a record of two signals, MLII the second, as PhysioNet does; returns the samples of MLII. */
    private int[] record(String name, List<Beat> beats) throws IOException {
        SplittableRandom random = RandomStreams.of(3).stream(name);
        int[] samples = new int[SAMPLES];
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int t = 0; t < SAMPLES; t++) {
            int other = random.nextInt(-2047, 2048);
            samples[t] = random.nextInt(-2047, 2048);
            out.write(other & 0xff);
            out.write((other >> 8 & 0x0f) | (samples[t] >> 8 & 0x0f) << 4);
            out.write(samples[t] & 0xff);
        }
        Files.write(folder.resolve(name + ".dat"), out.toByteArray());
        Files.writeString(
                folder.resolve(name + ".hea"),
                name + " 2 360 " + SAMPLES + "\n" + name + ".dat 212 200 11 1024 995 -22131 0 V5\n" + name
                        + ".dat 212 100 11 24 1011 20052 0 MLII\n# 69 M 1085 1629 x1\n");
        Files.write(folder.resolve(name + ".atr"), annotations(beats));
        return samples;
    }

    private static byte[] annotations(List<Beat> beats) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        word(out, 28 << 10 | 18);
        // "(N" and its end: an odd number of bytes, padded.
        word(out, 63 << 10 | 3);
        out.writeBytes(new byte[] {'(', 'N', 0, 0});
        int time = 18;
        for (Beat beat : beats) {
            int step = beat.sample() - time;
            if (step > 1023) {
                word(out, 59 << 10);
                word(out, step >> 16);
                word(out, step & 0xffff);
                step = 0;
            }
            word(out, code(beat.symbol()) << 10 | step);
            word(out, 61 << 10 | 1);
            time = beat.sample();
        }
        word(out, 0);
        return out.toByteArray();
    }

    private static int code(String symbol) {
        return switch (symbol) {
            case "N" -> 1;
            case "V" -> 5;
            case "F" -> 6;
            case "A" -> 8;
            case "Q" -> 13;
            case "e" -> 34;
            default -> throw new AssertionError(symbol);
        };
    }

    private static void word(ByteArrayOutputStream out, int word) {
        out.write(word & 0xff);
        out.write(word >> 8);
    }

    @Test
    void beatsAreWindowsOfTheLeadAroundTheirAnnotations() throws IOException {
        List<Beat> beats = List.of(
                new Beat(98, "N"),
                new Beat(99, "V"),
                new Beat(400, "N"),
                new Beat(2000, "A"),
                new Beat(2100, "F"),
                new Beat(2200, "Q"),
                new Beat(2844, "e"),
                new Beat(2845, "N"));
        int[] samples = record("100", beats);
        record("101", List.of(new Beat(500, "N"), new Beat(700, "V")));
        Path out = folder.resolve("data/beats");
        HeartBeats.write(folder, List.of("101"), List.of("100"), out);
        DatasetCatalog catalog = DatasetCatalog.of(List.of(folder.resolve("data")));
        Dataset test = catalog.load("beats", Split.TEST);
        // The first would begin before the record, the last end behind it.
        assertArrayEquals(new int[] {2, 0, 1, 3, 4, 0}, test.classes());
        int[] at = {99, 400, 2000, 2100, 2200, 2844};
        for (int i = 0; i < at.length; i++) {
            byte[] beat = test.rawBytes(i);
            for (int t = 0; t < 256; t++) {
                double millivolts = (samples[at[i] - 99 + t] - 24) / 100.0;
                long level = Math.max(0, Math.min(255, Math.round(128 + 50 * millivolts)));
                assertEquals(level, beat[t] & 0xff, 1);
            }
        }
        assertEquals(Set.of("100"), test.samplesByGroup().keySet());
        assertEquals(
                Set.of("101"),
                catalog.load("beats", Split.TRAIN).samplesByGroup().keySet());
        assertEquals(1, test.height());
        assertTrue(Verification.of(catalog, List.of("beats")).get(0).passed());
    }

    /** 100 in the test set would be what the model has learnt from. */
    @Test
    void twoRecordsOfOneFileAreRefused() throws IOException {
        record("101", List.of(new Beat(500, "N")));
        record("100", List.of(new Beat(500, "N")));
        Files.writeString(
                folder.resolve("100.hea"),
                "100 2 360 " + SAMPLES + "\n101.dat 212 200 11 24 0 0 0 V5\n101.dat 212 100 11 24 0 0 0 MLII\n");
        UserError error = assertThrows(
                UserError.class, () -> HeartBeats.write(folder, List.of("101"), List.of("100"), folder.resolve("o")));
        assertTrue(
                error.getMessage()
                        .contains("100.hea: names 101.dat, which belongs to another record; every patient has files"),
                error.getMessage());
    }

    @Test
    void beatsBehindTheEndOfTheRecordAreAnotherRecords() throws IOException {
        record("101", List.of(new Beat(500, "N")));
        record("100", List.of(new Beat(SAMPLES, "N")));
        UserError error = assertThrows(
                UserError.class, () -> HeartBeats.write(folder, List.of("101"), List.of("100"), folder.resolve("o")));
        assertTrue(
                error.getMessage().endsWith("100.atr: a beat at sample 3001; the record has 3001 samples"),
                error.getMessage());
    }

    @Test
    void aSplitWithoutBeatsIsRefused() throws IOException {
        record("101", List.of(new Beat(500, "N")));
        record("100", List.of(new Beat(50, "N")));
        UserError error = assertThrows(
                UserError.class, () -> HeartBeats.write(folder, List.of("101"), List.of("100"), folder.resolve("o")));
        assertTrue(error.getMessage().endsWith(": no beats for test in the records 100"), error.getMessage());
        assertFalse(Files.exists(folder.resolve("o")), "the train split is not written before the test split is read");
    }

    @Test
    void noPatientLearnsAndIsTested() {
        Set<String> shared = new HashSet<>(HeartBeats.TRAIN);
        shared.retainAll(HeartBeats.TEST);
        assertTrue(shared.isEmpty());
        assertEquals(22, new HashSet<>(HeartBeats.TRAIN).size());
        assertEquals(22, new HashSet<>(HeartBeats.TEST).size());
    }

    /** Records, headers and annotations that lie. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ".hea | 100 2 360 | 0 signal lines; expected 2",
                ".hea | 100 | line 1: 1 fields; expected at least 2",
                ".hea | 100 9999 360 5 | line 1: number of signals is '9999'; expected 1.0 to 64.0",
                ".hea | 100 1 360 10~100.dat 310 200 11 0 | file 100.dat is in format 310; expected one of 80, 16, 61, 212",
                ".hea | 100 1 360 10~../100.dat 212 200 11 0 | file '../100.dat'; expected a plain name",
                ".hea | 100 1 360 10~100.dat 212 nan 11 0 | gain is 'nan'; expected -1.0E9 to",
                ".hea | 100 2 360 30000~100.dat 212 200 11 0~100.dat 212 200 11 0 | bytes of samples; expected 90000 for 30000 samples of 2",
                ".hea | 100 1 250 10~100.dat 212 200 11 0 | sampled at 250.0 Hz; expected 360.0",
                ".atr | N | ends within its annotations",
                ".atr | NNNN | ends within its annotations",
            })
    void hostileRecordsEndInOneLine(String end, String text, String message) throws IOException {
        record("100", List.of());
        Files.writeString(folder.resolve("100" + end), text.replace('~', '\n'));
        UserError error = assertThrows(
                UserError.class, () -> HeartBeats.write(folder, List.of("100"), List.of("100"), folder.resolve("o")));
        assertTrue(error.getMessage().contains("100" + end) || end.equals(".hea"), error.getMessage());
        assertTrue(error.getMessage().contains(message), error.getMessage());
        assertFalse(error.getMessage().contains("\n"));
    }
}
