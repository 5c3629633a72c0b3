package org.qexit.quantum.statevector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernels for float are those for double, word by word: who mends one must mend the other. */
class TwinTextTest {
    private static final Path HOME = Path.of("src/main/java/org/qexit/quantum/statevector");

    @ParameterizedTest
    @CsvSource({
        "DoubleKernels.java, FloatKernels.java",
        "vector/DoubleVectorKernels.java, vector/FloatVectorKernels.java"
    })
    void areOneText(String first, String second) throws IOException {
        assertEquals(neutral(first), neutral(second));
    }

    private static String neutral(String file) throws IOException {
        return Files.readString(HOME.resolve(file))
                .replace("return (float) value;", "return value;")
                .replace("Double", "Float")
                .replace("double", "float")
                .replaceAll("\\s+", " ")
                // The formatter may break lines elsewhere.
                .replaceAll("\\s*([(){}.,;=+*-])\\s*", "$1");
    }
}
