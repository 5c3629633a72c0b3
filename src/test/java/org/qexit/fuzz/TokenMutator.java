package org.qexit.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes one token of a valid text, seldom two: what a slip of a hand or another writer of the format would do. */
final class TokenMutator {
    private final SplittableRandom random;
    private final Grammar grammar;

    TokenMutator(SplittableRandom random, Grammar grammar) {
        this.random = random;
        this.grammar = grammar;
    }

    /**
     * What texts of a format are made of.
     *
     * @param token a piece; pieces in a row are the text
     * @param others tokens that may stand in the place of one
     */
    record Grammar(Pattern token, List<String> others) {
        static final Grammar JSON = new Grammar(
                Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|[-+.\\w]+|\\s+|(?s:.)"),
                List.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "null",
                        "true",
                        "false",
                        "0",
                        "-0",
                        "-1",
                        "1",
                        "2",
                        "007",
                        "1.0",
                        "1.50",
                        ".5",
                        "5.",
                        "+1",
                        "1e3",
                        "1E-3",
                        "1e400",
                        "1e-400",
                        "-1e999",
                        "NaN",
                        "Infinity",
                        "2147483648",
                        "9223372036854775808",
                        "0x1F",
                        "0.1",
                        "\"\"",
                        "\"a\"",
                        "'a'",
                        "a",
                        "\"\\u0041\"",
                        "\"\\ud800\"",
                        "\"\\x\"",
                        "\"\\n\"",
                        "\"\t\"",
                        "//",
                        "#",
                        "/**/",
                        "\ufeff",
                        "\u00a0",
                        "\u0000",
                        "1_000",
                        "True",
                        "{}",
                        "[]",
                        "\"1\"",
                        "\"never\"",
                        "\r",
                        "\u2028"));

        static final Grammar YAML = new Grammar(
                Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.)*\"|[-+.\\w]+|\\n *|[ \\t]+|(?s:.)"),
                List.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        ": ",
                        "- ",
                        "-",
                        "? ",
                        "| ",
                        ">\n",
                        "|\n",
                        "#",
                        " #x",
                        "&a ",
                        "*a",
                        "&a 1",
                        "<<: *a",
                        "!!str ",
                        "!!int ",
                        "!!float ",
                        "!x ",
                        "---\n",
                        "...\n",
                        "%YAML 1.1\n",
                        "\t",
                        "\n",
                        "\n  ",
                        "\n\n",
                        "  ",
                        "null",
                        "~",
                        "Null",
                        "true",
                        "TRUE",
                        "yes",
                        "on",
                        "off",
                        "n",
                        "010",
                        "0o10",
                        "0o9",
                        "0x1F",
                        "0b1",
                        "1_000",
                        "1e3",
                        "1e400",
                        ".5",
                        "5.",
                        "+1",
                        "-.5",
                        ".inf",
                        "-.INF",
                        ".nan",
                        "12:30",
                        "2001-01-01",
                        "''",
                        "'a''b'",
                        "\"\\x41\"",
                        "\"\\u263a\"",
                        "\"a\n b\"",
                        "@a",
                        "`a",
                        "\ufeff",
                        "\u0085",
                        "\u2028",
                        "=",
                        "=1",
                        "<<",
                        "a: b",
                        "1",
                        "0",
                        "-0",
                        "007",
                        "08"));

        static final Grammar CSV = new Grammar(
                Pattern.compile("\"(?:[^\"]|\"\")*\"|[-+.\\w]+|\\r?\\n|[ \\t]+|(?s:.)"),
                List.of(
                        ",",
                        ";",
                        "\t",
                        "\n",
                        "\r\n",
                        "\r",
                        "\n\n",
                        "\"",
                        "\"\"",
                        "\"a\"",
                        "\"a,b\"",
                        "\"a\nb\"",
                        "''",
                        "0",
                        "1",
                        "-1",
                        "0.5",
                        ".5",
                        "1.",
                        "+1",
                        "1e0",
                        "1E-1",
                        "1e400",
                        "1_0",
                        "1f",
                        "0x1",
                        "007",
                        "1.0",
                        "True",
                        "false",
                        "nan",
                        "NaN",
                        "inf",
                        "null",
                        "NULL",
                        "NA",
                        "",
                        " ",
                        "\u00a0",
                        "\ufeff",
                        "\u0000",
                        "label",
                        "device",
                        "c1",
                        "c2",
                        "c3",
                        "event",
                        "index",
                        "#",
                        "256",
                        "-0",
                        "2147483648",
                        "9223372036854775808",
                        "0.30000001192092896"));

        static final Grammar QASM = new Grammar(
                Pattern.compile("[\\p{L}\\p{N}_.]+|\"[^\"]*\"|->|\\*\\*|//[^\\n]*|\\s+|(?s:.)"),
                List.of(
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
                        "/*",
                        "*/",
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
                        "1e-400",
                        "pi",
                        "tau",
                        "euler",
                        "nan",
                        "h",
                        "x",
                        "cx",
                        "CX",
                        "U",
                        "rx",
                        "u2",
                        "u3",
                        "swap",
                        "ccx",
                        "ctrl",
                        "inv",
                        "pow",
                        "gate",
                        "opaque",
                        "if",
                        "for",
                        "while",
                        "def",
                        "reset",
                        "measure",
                        "barrier",
                        "qreg",
                        "creg",
                        "bit",
                        "qubit",
                        "input",
                        "output",
                        "const",
                        "float",
                        "angle",
                        "include",
                        "OPENQASM",
                        "2.0",
                        "3.0",
                        "3",
                        "gphase",
                        "sin",
                        "sqrt",
                        "\"qelib1.inc\"",
                        "\"stdgates.inc\"",
                        "$0",
                        "\u00e9",
                        "\u03c0",
                        "#pragma",
                        "==",
                        "true",
                        "q[0]",
                        "q[1]",
                        "q[0:1]",
                        "-1"));

        List<String> pieces(String text) {
            List<String> pieces = new ArrayList<>();
            Matcher matcher = token.matcher(text);
            while (matcher.find()) {
                pieces.add(matcher.group());
            }
            return pieces;
        }
    }

    String mutate(String text) {
        List<String> pieces = grammar.pieces(text);
        int times = random.nextInt(8) == 0 ? 2 : 1;
        for (int i = 0; i < times && !pieces.isEmpty(); i++) {
            change(pieces);
        }
        return String.join("", pieces);
    }

    private void change(List<String> pieces) {
        int at = random.nextInt(pieces.size());
        // White space matters in YAML; elsewhere a token beside it says more.
        if (pieces.get(at).isBlank() && random.nextInt(4) > 0) {
            at = (at + 1) % pieces.size();
        }
        switch (random.nextInt(6)) {
            case 0 -> pieces.remove(at);
            case 1 -> pieces.add(at, pieces.get(at));
            case 2 -> java.util.Collections.swap(pieces, at, random.nextInt(pieces.size()));
            case 3 -> pieces.add(at, other(pieces));
            default -> pieces.set(at, other(pieces));
        }
    }

    private String other(List<String> pieces) {
        return random.nextInt(4) == 0
                ? pieces.get(random.nextInt(pieces.size()))
                : grammar.others().get(random.nextInt(grammar.others().size()));
    }
}
