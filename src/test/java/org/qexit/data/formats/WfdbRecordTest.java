package org.qexit.data.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.UserError;

/** Records of three or four samples, with values by hand. */
class WfdbRecordTest {
    private static final float NAN = Float.NaN;

    @TempDir
    private Path folder;

    private WfdbRecord read(String header, byte[] data) throws IOException {
        Files.write(folder.resolve("r.hea"), header.getBytes(StandardCharsets.ISO_8859_1));
        Files.write(folder.resolve("r.dat"), data);
        return WfdbRecord.read(folder, "r", "MLII");
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void valuesOfFormat212AreTwosComplement() {
        byte[] bytes = bytes(0xff, 0x7f, 0x01, 0x00, 0x88, 0x00);
        assertEquals(-1, WfdbCoding.TWELVE_BITS.value(bytes, 0, 0));
        assertEquals(0x701, WfdbCoding.TWELVE_BITS.value(bytes, 0, 1));
        assertEquals(-2048, WfdbCoding.TWELVE_BITS.value(bytes, 0, 2));
        assertEquals(-2048, WfdbCoding.TWELVE_BITS.value(bytes, 0, 3));
    }

    /** 8-bit samples 100, 0 and -28 above the middle. */
    @ParameterizedTest
    @CsvSource({
        "200, 0, 0.5, 0, -0.14",
        "200/mV, 0, 0.5, 0, -0.14",
        "200(50)/mV, 0, 0.25, -0.25, -0.39",
        "200(50), 7, 0.25, -0.25, -0.39",
        "200, 50, 0.25, -0.25, -0.39",
        "0.2/uV, 0, 0.5, 0, -0.14",
        "0.2/\u00b5V, 0, 0.5, 0, -0.14",
        "200000/V, 0, 0.5, 0, -0.14",
        "-200, 0, -0.5, 0, 0.14",
        "0, 0, 0.5, 0, -0.14",
        "0(50), 0, 0.25, -0.25, -0.39",
    })
    void gainBaselineAndUnitsGiveMillivolts(String gain, int zero, float a, float b, float c) throws IOException {
        WfdbRecord record = read("r 1 360 3\nr.dat 80 " + gain + " 8 " + zero + " 0 0 0 MLII\n", bytes(228, 128, 100));
        assertArrayEquals(new float[] {a, b, c}, record.millivolts(), 1e-6f);
    }

    @ParameterizedTest
    @CsvSource({
        "80, 'e4 00 64', 100, -28",
        "16, '64 00 00 80 e4 ff', 100, -28",
        "61, '00 64 80 00 ff e4', 100, -28",
        "212, '64 80 00 e4 0f', 100, -28",
        "16+2, '01 02 64 00 00 80 e4 ff', 100, -28",
        "16x1:0+0, '64 00 00 80 e4 ff', 100, -28",
    })
    void theLeastValueOfEveryFormatIsNoSample(String format, String hex, float a, float c) throws IOException {
        byte[] data = java.util.HexFormat.ofDelimiter(" ").parseHex(hex);
        assertArrayEquals(
                new float[] {a, NAN, c},
                read("r 1 360 3\nr.dat " + format + " 1\n", data).millivolts());
    }

    @Test
    void aRecordThatDoesNotSayHowLongItIsEndsWithItsFile() throws IOException {
        assertEquals(4, read("r 1 360\nr.dat 80 200\n", bytes(1, 2, 3, 4)).millivolts().length);
        assertEquals(
                2,
                read("r 2 360 0\nr.dat 80 200\nr.dat 80 200\n", bytes(1, 2, 3, 4))
                        .millivolts()
                        .length);
        assertEquals(250, read("r 1\nr.dat 80 200\n", bytes(1)).samplesPerSecond());
        assertEquals(360, read("r 1 360/90(5) 1\nr.dat 80 200\n", bytes(1)).samplesPerSecond());
    }

    @ParameterizedTest
    @CsvSource({
        "MLII, V5, MLII, 0.01",
        "V5, MLII, MLII, 0.02",
        "ECG V5, ECG MLII, ECG MLII, 0.02",
        "not MLII, MLII, MLII, 0.02",
        "V5, V1, V5, 0.01",
    })
    void leadsMayBeOfSeveralWords(String first, String second, String chosen, float value) throws IOException {
        WfdbRecord record = read(
                "# a comment\nr 2 360 1\nr.dat 80 100 8 0 0 0 0 " + first + "\nr.dat 80 100 8 0 0 0 0 " + second + "\n",
                bytes(129, 130));
        assertEquals(chosen, record.lead());
        assertEquals(value, record.millivolts()[0], 1e-6f);
    }

    @Test
    void signalsInFilesOfTheirOwnAreNotInterleaved() throws IOException {
        Files.write(folder.resolve("s.dat"), bytes(0, 0, 0));
        WfdbRecord record = read(
                "r 3 360 2\ns.dat 16 100 8 0 0 0 0 V5\nr.dat 80 100 8 0 0 0 0 V1\nr.dat 80 100 8 0 0 0 0 MLII\n",
                bytes(129, 130, 131, 132));
        assertArrayEquals(new float[] {0.02f, 0.04f}, record.millivolts(), 1e-6f);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "r/2 1 360 3                           | several segments",
                "r 0 360 3                             | number of signals",
                "r 1 0x168 3                           | sampling rate",
                "r 1 360 3.5                           | whole number",
                "r 1 360 3~r.dat 310 200               | format 310",
                "r 1 360 3~r.dat 8 200                 | format 8",
                "r 1 360 3~r.dat 80x4 200              | 4 samples per frame",
                "r 1 360 3~r.dat 80:2 200              | skew of 2",
                "r 1 360 3~../r.dat 80 200             | plain name",
                "r 1 360 3~- 80 200                    | line 2: file '-'; expected a plain name",
                "r 1 360 3~r.dat 80 200/mmHg           | is in mmHg",
                "r 1 360 3~r.dat 80 200(x)/mV          | baseline",
                "r 1 360 3~r.dat 80 NaN                | gain",
                "r 1 360 3~r.dat 80 2f                 | gain",
                "r 1 360 9~r.dat 80 200                | expected 9 for 9 samples",
                "r 2 360 1~r.dat 80 200                | 1 signal lines; expected 2",
                "r 2 360 1~r.dat 80 200~r.dat 16 200   | in format 16",
                "# nothing                             | no record line",
                "s 1 360 3~r.dat 80 200                | line 1: is of record 's'; expected 'r'",
                "r 1 360 3~r.dat 80 0/uV               | line 2: signal '' is in uV with gain 0",
                "r 1 360 3~r.dat 80 1e-300             | gain is '1e-300'; expected 0 or at least",
                "r 1 360 3~r.dat 80 200 (50)/mV        | line 2: ADC resolution is '(50)/mV'",
                "r 1 360 3~r.dat 80 200 MLII           | line 2: ADC resolution is 'MLII'",
                "r 1 360 3~r.dat 80 200 8 zero         | line 2: ADC zero is 'zero'",
                "r 1 360 3~r.dat 80 200 8 0 0 0 MLII   | line 2: block size is 'MLII'",
                "r 1 360 3~r.dat 80 200/mV(50)         | is in mV(50); expected a voltage",
                "r 2 360 1~r.dat 80 200 8 0 0 0 0 A MLII~r.dat 80 200 8 0 0 0 0 B MLII | line 3: signal 'B MLII' is another",
                "r 2 360 1~r.dat 80 200 8 0 0 0 0 MLII~r.dat 80 200 8 0 0 0 0 MLII | line 3: signal 'MLII' is another",
                "r 3 360 1~r.dat 80 200~s.dat 80 200~r.dat 80 200 | line 4: file r.dat again, after other files",
                "r 1 360 3~r.dat 160 200               | format 160",
                "r 1 360 3~r.dat 311 200               | format 311",
                "r 1 -360 3~r.dat 80 200               | sampling rate is '-360'",
            })
    void whatIsNotReadIsRefusedInOneLine(String header, String part) throws IOException {
        byte[] data = bytes(1, 2, 3);
        UserError error = assertThrows(UserError.class, () -> read(header.replace('~', '\n') + "\n", data));
        assertTrue(error.getMessage().contains(part), error.getMessage());
        assertTrue(!error.getMessage().contains("\n") && error.getMessage().contains("r."), error.getMessage());
    }

    /** 8-bit samples 100, 0 and -28 above the middle, which sum to 72. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "200 8 0 100 72 0 MLII     | -",
                "200 8 0 100 0 0 MLII      | -",
                "200 8 0 100 73 0 MLII     | may be damaged: its samples sum to 72, and by line 2 of its header to 73",
                "0 8 0 100 72 0 MLII       | does not tell its gain; 200 steps per mV are assumed, as PhysioNet says",
                "200 8 0 100 72 0 ECG V5   | has no lead MLII; its first signal is taken, 'ECG V5'",
            })
    void whatShouldNotPassInSilenceIsRemarked(String fields, String remark) throws IOException {
        WfdbRecord record = read("r 1 360 3\nr.dat 80 " + fields + "\n", bytes(228, 128, 100));
        assertEquals(remark == null ? List.of() : List.of(remark), record.remarks());
    }

    /** -28 - 27 = -55, as 16 bits without a sign 65481. */
    @Test
    void checksumsMayHaveNoSign() throws IOException {
        assertEquals(
                List.of(),
                read("r 1 360 2\nr.dat 80 200 8 0 0 65481 0 MLII\n", bytes(100, 101))
                        .remarks());
    }

    private List<WfdbAnnotations.Beat> beats(double rate, int... words) throws IOException {
        byte[] data = new byte[2 * words.length];
        for (int i = 0; i < words.length; i++) {
            data[2 * i] = (byte) words[i];
            data[2 * i + 1] = (byte) (words[i] >> 8);
        }
        return WfdbAnnotations.read(Files.write(folder.resolve("r.atr"), data), rate)
                .beats();
    }

    private static int[] note(String text, int... then) {
        byte[] padded =
                java.util.Arrays.copyOf(text.getBytes(StandardCharsets.ISO_8859_1), (text.length() + 1) / 2 * 2);
        int[] words = new int[2 + padded.length / 2 + then.length];
        words[0] = 22 << 10;
        words[1] = 63 << 10 | text.length();
        for (int i = 0; i < padded.length / 2; i++) {
            words[2 + i] = padded[2 * i] & 0xff | (padded[2 * i + 1] & 0xff) << 8;
        }
        System.arraycopy(then, 0, words, words.length - then.length, then.length);
        return words;
    }

    @Test
    void timesFollowTheResolutionThatAFileStates() throws IOException {
        int[] one = {1 << 10 | 300, 5 << 10 | 301, 0};
        assertEquals(List.of(300, 601), samples(beats(360, one)));
        assertEquals(List.of(150, 300), samples(beats(360, note("## time resolution: 720", one))));
        assertEquals(List.of(108, 216), samples(beats(360, note("## time resolution: 1000.0", one))));
        assertEquals(List.of(300, 601), samples(beats(360, note("## something else: 720", one))));
        // Beyond time 0 it is a note like any other.
        int[] late = note("## time resolution: 720", one);
        late[0] |= 5;
        assertEquals(List.of(305, 606), samples(beats(360, late)));
    }

    private static List<Integer> samples(List<WfdbAnnotations.Beat> beats) {
        return beats.stream().map(WfdbAnnotations.Beat::sample).toList();
    }

    @Test
    void damagedAnnotationsAreRefused() {
        assertThrows(UserError.class, () -> beats(360, 1 << 10 | 300));
        assertThrows(UserError.class, () -> beats(360, note("## time resolution: 0", 0)));
        assertThrows(UserError.class, () -> beats(360, note("## time resolution: fast", 0)));
        assertThrows(UserError.class, () -> beats(360, 63 << 10 | 900, 0));
        assertThrows(UserError.class, () -> beats(360, 59 << 10, 0xffff, 0xfff0, 1 << 10, 0));
    }

    @Test
    void whatFollowsTheEndIsCountedUnlessItIsPadding() throws IOException {
        Path file = folder.resolve("r.atr");
        byte[] one = {(byte) 200, 1 << 2, 0, 0};
        Files.write(file, one);
        assertEquals(0, WfdbAnnotations.read(file, 360).ignoredBytes());
        Files.write(file, java.util.Arrays.copyOf(one, 128));
        assertEquals(0, WfdbAnnotations.read(file, 360).ignoredBytes());
        byte[] more = java.util.Arrays.copyOf(one, 8);
        more[7] = 4;
        Files.write(file, more);
        WfdbAnnotations cut = WfdbAnnotations.read(file, 360);
        assertEquals(List.of(200), samples(cut.beats()));
        assertEquals(4, cut.ignoredBytes());
    }

    /** A byte 0 and a letter: in MIT format an annotation of a kind that cannot be the first. */
    @Test
    void annotationsInAhaFormatAreRefused() {
        UserError error = assertThrows(UserError.class, () -> beats(360, 'N' << 8, 0, 0, 0));
        assertTrue(error.getMessage().endsWith("r.atr: is an annotation file in AHA format; expected MIT format"));
    }
}
