package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.data.Split;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxType;

/** Images of 14 x 56 have as many values as those of 28 x 28, which the model was trained on: no command takes them for such. */
class ShapeDoorsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeData() throws IOException {
        byte[] labels = new byte[6000];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) (i % 10);
        }
        for (Split split : Split.values()) {
            String stem = folder.resolve("data/" + (split == Split.TRAIN ? "train" : "t10k"))
                    .toString();
            Idx.write(
                    Path.of(stem + "-images-idx3-ubyte"),
                    IdxType.UBYTE,
                    new int[] {labels.length, 14, 56},
                    Collections.nCopies(labels.length, new byte[784]));
            Idx.write(Path.of(stem + "-labels-idx1-ubyte"), IdxType.UBYTE, new int[] {labels.length}, List.of(labels));
        }
        Files.writeString(
                folder.resolve("c.yaml"),
                Files.readString(Path.of("experiments/quickstart.yaml"))
                        .replaceFirst("dataset: \\S+", "dataset: " + folder.resolve("data"))
                        .replaceFirst("criticalFraction: \\S+?([,}])", "criticalFraction: 0.3$1")
                        .replaceFirst("\nmodel:", "\nmodel:\n  height: 28\n  width: 28"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trace models/quickstart-hybrid CONFIG --out OUT.csv | 1 x 14 x 56, but model",
                "calibrate models/quickstart-hybrid CONFIG | 1 x 14 x 56, but model",
                "export models/quickstart-hybrid --config CONFIG --out OUT | 1 x 14 x 56, but model",
                "verify models/bundle-hybrid --against models/quickstart-hybrid --config CONFIG | 1 x 14 x 56, but model",
                "train CONFIG --out OUT | height is 28 but the data has 14",
                "run CONFIG --out OUT | height is 28 but the data has 14",
                "infer models/bundle-hybrid --device ue1 --input DATA | 6000 x 14 x 56]; expected events of 1 x 28 x 28",
            })
    void isRefused(String command, String message) {
        StringWriter err = new StringWriter();
        List<String> args = new ArrayList<>();
        for (String word : command.split(" ")) {
            args.add(word.replace("CONFIG", folder.resolve("c.yaml").toString())
                    .replace("OUT", folder.resolve("out").toString())
                    .replace(
                            "DATA",
                            folder.resolve("data/train-images-idx3-ubyte").toString()));
        }
        int code = Main.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err))
                .execute(args.toArray(String[]::new));
        assertEquals(2, code, err.toString());
        assertTrue(err.toString().contains(message), err.toString());
        assertFalse(Files.exists(folder.resolve("out")) || Files.exists(folder.resolve("out.csv")));
    }
}
