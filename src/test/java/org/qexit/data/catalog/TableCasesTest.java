package org.qexit.data.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.UserError;
import org.qexit.common.Warning;
import org.qexit.data.Dataset;
import org.qexit.data.DatasetWarnings;
import org.qexit.data.Split;
import org.qexit.data.Task;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxType;

/** Tables of images with known answers: samples by class and mean of the pixels, or the words of a refusal. */
class TableCasesTest {
    private static final Path CASES = Path.of("src/test/resources/cases");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c01-label-and-numbered-columns | [2, 2] 0.3127",
                "c02-named-label-numbered-columns.yaml | [2, 2] 0.3127",
                "c04-first-row-blank-pixel | line 1, column 2: pixel ''",
                "c06-numbered-header | [2, 2] 0.3127",
                "c07-label-as-decimal | [2, 2] 0.3127",
                "c08-label-scientific.yaml | [1, 1] 0.3875",
                "c10-java-number-suffix | line 1, column 2: pixel '1f'; expected a whole number 0 to 255",
                "g01-patient-as-decimal.yaml | patient 1 is in both splits",
            })
    void caseIsReadRightlyOrRefused(String name, String expected) {
        for (Split split : Split.values()) {
            assertEquals(expected, answer(CASES.resolve(name), split, expected));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "label,1x1,1x2;1,51,0;0,0,0 | | [1, 1] 0.0500",
                "Class,0,1,2;1,0,0,153;0,0,0,0 | | [1, 1] 0.1000",
                "p1,p2,label;0,0,1;102,0,0 | | [1, 1] 0.1000",
                "0,1,2,label;0,0,0,1;153,0,0,0 | | [1, 1] 0.1000",
                "x1,x2,y;0,0,1;102,0,0 | | [1, 1] 0.1000",
                "digit,a,b;1,102,0;0,0,0 | | [1, 1] 0.1000",
                "what,1,2,3;1,153,0,0;0,0,0,0 | | [1, 1] 0.1000",
                "0,1,2;1,48,0;0,0,0 | | [2, 1] 0.0333",
                "1,2,3,4;1,0,0,0 | | line 1: counts 1 to 4",
                "0,1,2,3;1,0,0,153;0,1,2,3 | | line 3: the header again",
                "label,a,b;1,0,0;label,a,b | | line 3: the header again",
                "label,class,p;1,1,0 | | columns 'label' and 'class' may both be the label. Maybe set csv.label",
                ",label,a,b;0,1,2,3 | | line 1: column 1 has no name",
                "Unnamed: 0,label,a;0,1,2 | | line 1: column 1 has no name",
                "label,a,;1,2, | | line 1: column 3 has no name",
                "label,a,label;1,2,3 | label | 2 columns 'label' in the header",
                "label,0,1,2;1,153,0,0;0,0,0,0 | 0 | [1, 1] 0.1000",
                "a,0,1,2;1,0,0,153;0,0,0,0 | 0 | csv.label 0 is the number of column 'a' and the name of column 1",
                "0,nan,nan;0,1,2 | | line 1, column 2: pixel 'nan'",
                "nan,nan,nan;0,1,2 | | line 1, column 1: label 'nan'",
                "x,nan,1;0,1,2 | | line 1, column 1: label 'x'",
                "0,x,y2;0,1,2 | | line 1, column 2: pixel 'x'",
                "0,12,1_0 | | column 3: pixel '1_0'",
                "0,12,1L | | column 3: pixel '1L'",
                "0,12,Infinity | | column 3: pixel 'Infinity'",
                "0,12,0x10 | | column 3: pixel '0x10'",
                "0,12,٣ | | column 3: pixel '٣'",
                "0,12,1e | | column 3: pixel '1e'",
                "0,12,True | | column 3: pixel 'True'",
                "0x1,12,3 | | label '0x1'",
                "0.5,12,3 | | label '0.5'",
                "1_0,12,3 | | label '1_0'",
                "True,102,0;False,0,0 | | [1, 1] 0.1000",
                "1e0,1.02e2,0.;+0,.0,-0 | | [1, 1] 0.1000",
                "01,102,0;00,0,000 | | [1, 1] 0.1000",
                "0,\"1,2\",3 | | line 1, column 2: a quote or comma within a field",
                "0,1,2;;1,3,4; | | [1, 1] 0.0098",
            })
    void siblingIsReadRightlyOrRefused(String lines, String label, String expected) throws IOException {
        Path descriptor = table(lines, label == null ? "" : "csv: {label: '" + label + "'}\n");
        assertEquals(expected, answer(descriptor, Split.TRAIN, expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[cat, dog] | cat,102,0;1.0,0,0 | [1, 1] 0.1000",
                "[cat, dog] | bird,102,0;1.0,0,0 | label 'bird'",
                "[cat, dog] | True,102,0;1.0,0,0 | label 'True'; expected a class id 0 to 1 or one of: cat, dog",
                "['1', '0'] | 1.0,102,0;0.0,0,0;1,0,0 | [2, 1] 0.0667",
                "['7', '3'] | 7.0,102,0;3,0,0;0,0,0 | label '0'",
                "[label, other] | label,102,0;other,0,0 | [1, 1] 0.1000",
            })
    void namesOfClassesComeBeforeNumbers(String names, String lines, String expected) throws IOException {
        Path descriptor = table(lines, "classNames: " + names + "\n");
        assertEquals(expected, answer(descriptor, Split.TRAIN, expected));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, true",
        "1, 1.0, true",
        "007, 7, true",
        "1e1, 10, true",
        "+3, 3, true",
        "-0, 0.00, true",
        "'\"p 1\"', p 1, true",
        "0.1, 0.10, true",
        "1e999999999, 10e999999998, true",
        "p1, p01, false",
        "p1, P1, false",
        "1, 10, false",
        "1, -1, false",
        "1, 1f, false",
    })
    void groupsAreSharedHoweverTheirNumberIsSpelt(String train, String test, boolean shared) throws IOException {
        Path descriptor = table("0,1,2", "groups: patient\n");
        Files.writeString(folder.resolve("gtr.csv"), "patient\n" + train + "\n");
        Files.writeString(folder.resolve("gte.csv"), "\ufeffpatient\n" + test + "\n\n");
        for (Split split : Split.values()) {
            String expected = shared ? "is in both splits" : "[1] 0.0059";
            assertEquals(expected, answer(descriptor, split, expected));
        }
    }

    @Test
    void tablesOfGroupsHaveOneSpellingAndNoGaps() throws IOException {
        Path descriptor = table("0,1,2;0,3,4", "groups: patient\n");
        Files.writeString(folder.resolve("gte.csv"), "patient\n8\n9\n");
        Files.writeString(folder.resolve("gtr.csv"), "patient\n1\n1.0\n");
        assertTrue(refusal(descriptor, Split.TRAIN).contains("patient 1 is also written 1.0; expected one spelling"));
        Files.writeString(folder.resolve("gtr.csv"), "patient\n1\n\n2\n");
        assertTrue(refusal(descriptor, Split.TRAIN).contains("gtr.csv line 3: empty"));
        Files.writeString(folder.resolve("gtr.csv"), "patient,patient\n1,2\n1,2\n");
        assertTrue(refusal(descriptor, Split.TRAIN).contains("two columns 'patient'"));
    }

    private Path table(String lines, String more) throws IOException {
        String text = lines.replace(';', '\n') + "\n";
        Files.writeString(folder.resolve("train.csv"), text);
        Files.writeString(folder.resolve("test.csv"), text);
        StringBuilder yaml = new StringBuilder("name: t\nformat: csv\ndirectories: [.]\n").append(more);
        yaml.append("files:\n  - {role: train_table, name: train.csv}\n  - {role: test_table, name: test.csv}\n");
        if (more.contains("groups")) {
            yaml.append("  - {role: train_groups, name: gtr.csv}\n  - {role: test_groups, name: gte.csv}\n");
        }
        return Files.writeString(folder.resolve("t.yaml"), yaml);
    }

    /** What {@code data show} says of a split; a refusal gives the expected words if it holds them. */
    private static String answer(Path file, Split split, String expected) {
        try {
            Dataset data = DatasetCatalog.of(List.of()).load(file.toString(), split);
            return String.format(
                    Locale.ROOT,
                    "%s %.4f",
                    Arrays.toString(data.classCounts()),
                    DatasetSummary.of(data, split).pixelMean());
        } catch (UserError e) {
            return e.getMessage().contains(expected) ? expected : e.getMessage();
        }
    }

    private static String refusal(Path file, Split split) {
        return assertThrows(UserError.class, () -> DatasetCatalog.of(List.of()).load(file.toString(), split))
                .getMessage();
    }

    /** Labels of the two splits, and what is said of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 1 2 | 1 2 3 | class 0 is only in train, class 3 only in test",
                "0 1 9 | 1 2 3 4 5 | class 0, 9 is only in train, class 2, 3, 4 (and 1 more) only in test",
                "0 1 2 | 0 2 | ''",
                "0 1 | 0 1 2 | ''",
                "0 1 | 1.0 0e0 | ''",
            })
    void bareClassIdsMeanTheSameInBothSplits(String train, String test, String message) throws IOException {
        Path tables = Files.createDirectories(folder.resolve("tables"));
        Path arrays = Files.createDirectories(folder.resolve("arrays"));
        for (Split split : Split.values()) {
            String[] labels = (split == Split.TRAIN ? train : test).split(" ");
            byte[] bytes = new byte[labels.length];
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < labels.length; i++) {
                rows.append(labels[i]).append(",0,9,200,4\n");
                bytes[i] = (byte) Double.parseDouble(labels[i]);
            }
            Files.writeString(tables.resolve(split.word() + ".csv"), rows);
            String stem = split == Split.TRAIN ? "train" : "t10k";
            Idx.write(
                    arrays.resolve(stem + "-images-idx3-ubyte"),
                    IdxType.UBYTE,
                    new int[] {bytes.length, 2, 2},
                    Collections.nCopies(bytes.length, new byte[] {0, 9, 100, 4}));
            Idx.write(
                    arrays.resolve(stem + "-labels-idx1-ubyte"),
                    IdxType.UBYTE,
                    new int[] {bytes.length},
                    List.of(bytes));
        }
        for (Path place : List.of(tables, arrays)) {
            DatasetCatalog catalog = DatasetCatalog.of(List.of());
            if (message.isEmpty()) {
                assertEquals(
                        train.split(" ").length,
                        catalog.load(place.toString(), Split.TRAIN).size());
            } else {
                String found = assertThrows(UserError.class, () -> catalog.load(place.toString(), Split.TRAIN))
                        .getMessage();
                assertTrue(found.contains(message), found);
                assertThrows(UserError.class, () -> catalog.load(place.toString(), Split.TEST));
            }
        }
    }

    @Test
    void scaledValuesReadAsLevelsAndUnseenClassesAreWarnedOf() throws IOException {
        Files.writeString(folder.resolve("train.csv"), "0,0,1,1,0\n1,0,0,0,1\n");
        Files.writeString(folder.resolve("test.csv"), "0,0,1,1,0\n1,0,0,0,200\n2,9,9,9,9\n");
        DatasetCatalog catalog = DatasetCatalog.of(List.of());
        Dataset train = catalog.load(folder.toString(), Split.TRAIN);
        Dataset test = catalog.load(folder.toString(), Split.TEST);
        assertEquals(
                List.of("values-0-to-1", "class-without-training-samples"),
                DatasetWarnings.of(train, test).stream().map(Warning::id).toList());
        assertTrue(DatasetWarnings.of(test, test).isEmpty());
        Task task = new Task(List.of(1), List.of(0), 0.5, null);
        assertEquals(1, DatasetWarnings.of(train, test, task).size());
    }
}
