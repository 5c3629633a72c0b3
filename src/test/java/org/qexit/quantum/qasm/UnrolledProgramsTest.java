package org.qexit.quantum.qasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Classical variables, loops, ranges and the like: the same circuit as when they are written out by hand. */
class UnrolledProgramsTest {
    record Pair(String name, String program, String writtenOut) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Pair> pairs() throws IOException {
        return Arrays.stream(
                        OpenQasmCasesTest.resource("/quantum/qasm-unrolled.txt").split("(?m)^## "))
                .skip(1)
                .map(block -> {
                    String[] programs = block.substring(block.indexOf('\n') + 1).split("(?m)^--\n");
                    return new Pair(block.substring(0, block.indexOf('\n')), programs[0], programs[1]);
                });
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void isTheProgramWrittenOut(Pair pair) {
        OpenQasmProgram read = OpenQasmReader.read("loops", pair.program());
        OpenQasmProgram plain = OpenQasmReader.read("plain", pair.writtenOut());
        assertEquals(plain.circuit(), read.circuit());
        assertEquals(plain.legend(), read.legend());
        if (!pair.writtenOut().contains("rccx") && !pair.writtenOut().contains("ctrl(4)")) {
            assertArrayEquals(
                    DenseProgram.evaluate(pair.writtenOut(), OpenQasmCasesTest::input)
                            .orElseThrow(),
                    OpenQasmCasesTest.values(pair.program()),
                    1e-12);
        }
        assertTrue(read.circuit().gates().size() > 0);
    }
}
