package org.qexit.quantum.qasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.qexit.common.UserError;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Observable;
import org.qexit.quantum.RandomCircuits;

/**
 * Valid programs with one token lost, doubled, exchanged or replaced: refused by line and column, or what {@link DenseProgram} makes of it.
 */
class OpenQasmMutationTest {
    private static final Pattern PIECE =
            Pattern.compile("[\\p{L}\\p{N}_.]+|\"[^\"]*\"|->|\\*\\*|//[^\\n]*|\\s+|[^\\s\\p{L}\\p{N}_.]");
    private static final List<String> OTHERS = List.of(
            ";",
            ",",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "->",
            "=",
            "+",
            "-",
            "*",
            "/",
            "^",
            "**",
            "@",
            "//",
            "\n",
            "q",
            "c",
            "r",
            "x_0",
            "0",
            "1",
            "2",
            "7",
            "0.5",
            "1e400",
            "pi",
            "nan",
            "h",
            "cx",
            "rx",
            "u3",
            "gate",
            "if",
            "reset",
            "measure",
            "barrier",
            "qreg",
            "creg",
            "bit",
            "qubit",
            "input",
            "float",
            "include",
            "OPENQASM",
            "2.0",
            "3.0",
            "gphase",
            "sin",
            "\"qelib1.inc\"",
            "$",
            "\u00e9");
    private static final Pattern PLACED = Pattern.compile("f\\.qasm line \\d+ column \\d+: .+");

    @Test
    void oneChangedTokenIsReadRightlyOrRefused() throws IOException {
        List<String> programs = new ArrayList<>(OpenQasmCasesTest.cases()
                .filter(c -> c.expected().startsWith("=> read"))
                .map(OpenQasmCasesTest.Case::program)
                .toList());
        SplittableRandom random = new SplittableRandom(13);
        int read = 0;
        int refused = 0;
        int otherwiseThanIntact = 0;
        for (int i = 0; i < 20_000; i++) {
            String intact = programs.get(random.nextInt(programs.size()));
            String changed = changed(intact, random);
            double[] values;
            try {
                values = OpenQasmCasesTest.values(changed);
            } catch (UserError e) {
                assertTrue(PLACED.matcher(e.getMessage()).matches(), () -> e.getMessage() + " for\n" + changed);
                refused++;
                continue;
            }
            read++;
            Optional<double[]> expected = DenseProgram.evaluate(changed, OpenQasmCasesTest::input);
            assertTrue(expected.isPresent(), () -> "read, though the evaluation does not know it:\n" + changed);
            assertArrayEquals(expected.get(), values, 1e-9, () -> changed);
            otherwiseThanIntact += java.util.Arrays.equals(values, OpenQasmCasesTest.values(intact)) ? 0 : 1;
        }
        assertTrue(
                read > 1_000 && refused > 10_000 && otherwiseThanIntact > 200,
                read + " " + refused + " " + otherwiseThanIntact);
    }

    /** In our own definitions nothing may change but blanks. */
    @Test
    void definitionsOfOursMustBeAsWritten() {
        SplittableRandom random = new SplittableRandom(5);
        Circuit circuit = PlainGates.careful(RandomCircuits.of(3, 60, random).withObservables(Observable.allZ(3)), 3);
        String text = OpenQasm.write(circuit, 3);
        int from = text.indexOf("gate ");
        int to = text.indexOf("input ");
        assertTrue(from > 0 && to > from, text);
        int read = 0;
        for (int i = 0; i < 2_000; i++) {
            String changed = text.substring(0, from) + changed(text.substring(from, to), random) + text.substring(to);
            try {
                assertEquals(circuit, OpenQasmReader.read("f.qasm", changed).circuit(), changed);
                read++;
            } catch (UserError e) {
                assertTrue(PLACED.matcher(e.getMessage()).matches(), () -> e.getMessage() + " for\n" + changed);
            }
        }
        assertTrue(read < 100, read + " of 2000 changes of a definition were taken");
    }

    private static String changed(String program, SplittableRandom random) {
        List<String> pieces = new ArrayList<>();
        Matcher m = PIECE.matcher(program);
        while (m.find()) {
            pieces.add(m.group());
        }
        int at;
        do {
            at = random.nextInt(pieces.size());
        } while (pieces.get(at).isBlank());
        switch (random.nextInt(4)) {
            case 0 -> pieces.remove(at);
            case 1 -> pieces.add(at, pieces.get(at) + " ");
            case 2 -> java.util.Collections.swap(pieces, at, random.nextInt(pieces.size()));
            default -> pieces.set(at, OTHERS.get(random.nextInt(OTHERS.size())));
        }
        return String.join("", pieces);
    }
}
