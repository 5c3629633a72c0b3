package org.qexit.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.UserError;

/** Traces as other programs write them, with the right values: {@code t…} and {@code r04…} of the cases, and their siblings. */
class TraceCasesTest {
    private static final Path CASES = Path.of("src/test/resources/cases");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"t01-pandas-index.csv", "t04-two-unnamed-columns.csv"})
    void readsCasesWithFurtherColumns(String name) {
        assertIsTheTrace(CASES.resolve(name));
    }

    /** {@code ;} stands for LF, {@code !} for CR. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // An index with and without a name, foreign columns before, between and after, two of one name, of our
                // names in capitals.
                "Unnamed: 0,device,event,label,c1,c2;0,a,1,1,0.9,0.95;1,a,2,0,0.1,0.2;2,a,3,1,0.6,0.7;3,a,4,0,0.5,0.3;4,b,1,1,0.8,0.4;5,b,2,0,0.2,0.1",
                "x,device,event,x,label,c1,c2;0,a,1,u,1,0.9,0.95;0,a,2,u,0,0.1,0.2;0,a,3,u,1,0.6,0.7;0,a,4,u,0,0.5,0.3;0,b,1,u,1,0.8,0.4;0,b,2,u,0,0.2,0.1",
                "Device,device,event,label,c1,c2,C1;0,a,1,1,0.9,0.95,;0,a,2,0,0.1,0.2,;0,a,3,1,0.6,0.7,;0,a,4,0,0.5,0.3,;0,b,1,1,0.8,0.4,;0,b,2,0,0.2,0.1,",
                "qexit row,device,event,label,c1,c2;0,a,1,1,0.9,0.95;0,a,2,0,0.1,0.2;0,a,3,1,0.6,0.7;0,b,1,1,0.8,0.4;0,a,4,0,0.5,0.3;0,b,2,0,0.2,0.1",
                "c2,c1,label,event,device,;0.95,0.9,1,1,a,;0.2,0.1,0,2,a,;0.7,0.6,1,3,a,;0.3,0.5,0,4,a,;0.4,0.8,1,1,b,;0.1,0.2,0,2,b,;",
                ",,device,event,label,c1,c2,;,,a,1,1,0.9,0.95,;,,a,2,0,0.1,0.2,;,,a,3,1,0.6,0.7,;,,a,4,0,0.5,0.3,;,,b,1,1,0.8,0.4,;,,b,2,0,0.2,0.1,;",
                // A foreign column may hold anything that CSV can: quotes, commas, line ends of another kind,
                // underscores.
                "device,event,label,c1,c2,note;a,1,1,0.9,0.95,\"x!;y\";a,2,0,0.1,0.2,1_0;a,3,1,0.6,0.7,\"u,v\";a,4,0,0.5,0.3,\"\"\"\";b,1,1,0.8,0.4,;b,2,0,0.2,0.1,#",
                // Blanks around names and numbers, one kind of line end throughout, blank lines at the end.
                "device, event, label, c1, c2;a, 1, 1, 0.9, 0.95;a, 2, 0, 0.1, 0.2;a, 3, 1, 0.6, 0.7;a, 4, 0, 0.5, 0.3;b, 1, 1, 0.8, 0.4;b, 2, 0, 0.2, 0.1;;",
                "device,event,label,c1,c2!;a,1,1,0.9,0.95!;a,2,0,0.1,0.2!;a,3,1,0.6,0.7!;a,4,0,0.5,0.3!;b,1,1,0.8,0.4!;b,2,0,0.2,0.1",
                "device,event,label,c1,c2!a,1,1,0.9,0.95!a,2,0,0.1,0.2!a,3,1,0.6,0.7!a,4,0,0.5,0.3!b,1,1,0.8,0.4!b,2,0,0.2,0.1!",
                // Numbers as pandas, numpy, R and spreadsheets spell them.
                "device,event,label,c1,c2;a,1.0,1.0,.9,9.5e-1;a,2.0,0.0,0.10,0.2;a,3.0,1.0,0.6,0.7;a,4.0,0.0,0.5,0.3;b,1.0,1.0,0.8,0.4;b,2.0,0.0,0.2,0.1",
                "device,event,label,c1,c2;a,1,True,0.9,0.95;a,2,False,0.1,0.2;a,3,TRUE,0.6,0.7;a,4,FALSE,0.5,0.3;b,1,true,0.8,0.4;b,2,false,0.2,0.1",
                "device,event,label,c1,c2;a,1.000e+00,1.000e+00,0.9,0.95;a,2.000e+00,0.000e+00,0.1,0.2;a,3e0,1e0,0.6,0.7;a,+4,0,0.5,0.3;b,1,1,0.8,0.4;b,2,0,0.2,0.1",
                "\"\",\"device\",\"event\",\"label\",\"c1\",\"c2\";\"1\",\"a\",1,1,0.9,0.95;\"2\",\"a\",2,0,0.1,0.2;\"3\",\"a\",3,1,0.6,0.7;\"4\",\"a\",4,0,0.5,0.3;\"5\",\"b\",1,1,0.8,0.4;\"6\",\"b\",2,0,0.2,0.1",
            })
    void readsSiblings(String text) throws IOException {
        String real = text.replace(';', '\n').replace('!', '\r');
        assertIsTheTrace(Files.writeString(directory.resolve("t.csv"), real));
        Path packed = directory.resolve("t.csv.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(real.getBytes(StandardCharsets.UTF_8));
        }
        assertIsTheTrace(packed);
    }

    private static void assertIsTheTrace(Path file) {
        List<DeviceTrace> read = TraceReader.readAll(file);
        assertEquals(List.of("a", "b"), read.stream().map(DeviceTrace::device).toList());
        DeviceTrace a = read.get(0);
        assertArrayEquals(new long[] {1, 2, 3, 4}, a.events());
        assertArrayEquals(new byte[] {1, 0, 1, 0}, a.labels());
        assertArrayEquals(new float[] {0.9f, 0.1f, 0.6f, 0.5f}, a.scores()[0]);
        assertArrayEquals(new float[] {0.95f, 0.2f, 0.7f, 0.3f}, a.scores()[1]);
        DeviceTrace b = read.get(1);
        assertArrayEquals(new long[] {1, 2}, b.events());
        assertArrayEquals(new byte[] {1, 0}, b.labels());
        assertArrayEquals(new float[] {0.8f, 0.2f}, b.scores()[0]);
        assertArrayEquals(new float[] {0.4f, 0.1f}, b.scores()[1]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "t05-mixed-line-ends.csv|line 2 ends with CR LF, line 1 with LF; expected one kind of line end",
                "t06-quote-not-closed.csv|a quote opened in line 2 is not closed",
                "t07-digit-underscore.csv|device a, event 1, column 'c2': is '0.9_5'; expected a number from 0 to 1",
                "r04-one-bit-flipped.parquet|is damaged: its footer speaks of 12 and of 8 events",
            })
    void refusesCases(String name, String expected) {
        assertRefused(CASES.resolve(name), expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a,1,1,0.9!;a,2,0,0.1;|line 2 ends with CR LF, line 1 with LF",
                "a,1,1,0.9;a,2,0,0.1!a,3,0,0.1;|line 3 ends with CR, line 1 with LF",
                "a,1,1,0.9;a,2,0,0.1!|line 3 ends with CR, line 1 with LF",
                "a,1,1,\"0.9;a,2,0,0.1;|a quote opened in line 2 is not closed",
                "\"a;b\",1,1,0.9;a,2,0,\"0.1|a quote opened in line 4 is not closed",
                "a\",1,1,0.9|line 2 has a quote within a value",
                "a\"b\",1,1,0.9|line 2 has a quote within a value",
                "\"a\"b,1,1,0.9|line 2 has 'b' after a closing quote",
                "a,1,1,0.9;a,2,0;|line 3 has 3 values; expected 4",
                "a,1,1,0.9;a,2,0,0.1,|line 3 has 5 values; expected 4",
                "a,1,1,0.9; ;a,2,0,0.1|line 3 has 1 values; expected 4",
                "a,1_0,1,0.9|column 'event': is '1_0'; expected a whole number",
                "a,1,0_1,0.9|column 'label': is '0_1'; expected 0 or 1",
                "a,1,1,1e-0_1|column 'c1': is '1e-0_1'",
                "a,1,1,0x1p-3|column 'c1': is '0x1p-3'",
                "a,1,1,0.5f|column 'c1': is '0.5f'",
                "a,1,1,\"0,5\"|column 'c1': is '0,5'",
                "a,1,1,inf|column 'c1': is 'inf'",
                "a,1,1,True|column 'c1': is 'True'",
                "a,True,1,0.5|column 'event': is 'True'",
                "a,1,1.5,0.5|column 'label': is '1.5'",
                "a,1e300,1,0.5|column 'event': is '1e300'",
                "a,1,yes,0.5|column 'label': is 'yes'",
            })
    void refusesSiblings(String rows, String expected) throws IOException {
        String text = ("device,event,label,c1;" + rows).replace(';', '\n').replace('!', '\r');
        assertRefused(Files.writeString(directory.resolve("t.csv"), text), expected);
    }

    @Test
    void namesTheLineThatIsNoText() throws IOException {
        Path file = directory.resolve("t.csv");
        Files.write(file, "device,event,label,c1\na,1,1,0.5\n\u00e9,1,1,0.5\n".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(file, "line 3 is no UTF-8 (Unicode) text");
    }

    @Test
    void readsTheWholeFileOfAnOlderBuild() {
        DeviceTrace trace =
                TraceReader.readAll(CASES.resolve("r04-whole.parquet")).get(0);
        assertEquals(12, trace.size());
        assertEquals(4, trace.positives());
        assertEquals(0.956034f, trace.scores()[0][0]);
        assertEquals(0.318465f, trace.scores()[1][11]);
    }

    static void assertRefused(Path file, String expected) {
        UserError error = assertThrows(UserError.class, () -> TraceReader.readAll(file));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
        assertTrue(error.getMessage().startsWith(file.toString()), error.getMessage());
        assertFalse(error.getMessage().chars().anyMatch(Character::isISOControl), error.getMessage());
    }
}
