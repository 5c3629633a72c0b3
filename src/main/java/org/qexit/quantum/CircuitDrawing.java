package org.qexit.quantum;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A circuit as text or as SVG: time runs to the right, qubit 0 on top, gates as early as their qubits allow. */
public final class CircuitDrawing {
    private static final int CELL_HEIGHT = 40;
    private static final int CHAR_WIDTH = 8;
    private static final int BOX_HEIGHT = 26;
    private static final int GAP = 14;

    private final Circuit circuit;
    private final List<List<Gate>> columns = new ArrayList<>();

    private CircuitDrawing(Circuit circuit) {
        this.circuit = circuit;
        int[] next = new int[circuit.qubits()];
        for (Gate gate : circuit.gates()) {
            int low = lowest(gate);
            int high = highest(gate);
            int column = 0;
            for (int q = low; q <= high; q++) {
                column = Math.max(column, next[q]);
            }
            for (int q = low; q <= high; q++) {
                next[q] = column + 1;
            }
            while (columns.size() <= column) {
                columns.add(new ArrayList<>());
            }
            columns.get(column).add(gate);
        }
    }

    public static CircuitDrawing of(Circuit circuit) {
        return new CircuitDrawing(circuit);
    }

    /** Lines of characters, one per qubit and one between neighbours. */
    public String text() {
        int rows = 2 * circuit.qubits() - 1;
        StringBuilder[] lines = new StringBuilder[rows];
        int name = ("q" + (circuit.qubits() - 1) + ": ").length();
        for (int r = 0; r < rows; r++) {
            String label = r % 2 == 0 ? "q" + r / 2 + ": " : "";
            lines[r] = new StringBuilder(label).append(" ".repeat(name - label.length()));
        }
        for (List<Gate> column : columns) {
            appendColumn(lines, column);
        }
        StringBuilder text = new StringBuilder();
        for (StringBuilder line : lines) {
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static void appendColumn(StringBuilder[] lines, List<Gate> column) {
        String[] cells = new String[lines.length];
        int width = 1;
        for (Gate gate : column) {
            for (int q = lowest(gate); q <= highest(gate); q++) {
                cells[2 * q] = gate.qubits().contains(q) ? symbol(gate, q) : "│";
                width = Math.max(width, cells[2 * q].length());
                if (q < highest(gate)) {
                    cells[2 * q + 1] = "│";
                }
            }
        }
        for (int r = 0; r < lines.length; r++) {
            String fill = r % 2 == 0 ? "─" : " ";
            String cell = cells[r] == null ? fill : cells[r];
            int left = (width - cell.length()) / 2;
            lines[r].append(fill)
                    .append(fill.repeat(left))
                    .append(cell)
                    .append(fill.repeat(width - cell.length() - left))
                    .append(fill);
        }
    }

    /** A picture that scales; fonts are those of the viewer. */
    public String svg() {
        int left = 50;
        StringBuilder shapes = new StringBuilder();
        int x = left + GAP;
        for (List<Gate> column : columns) {
            int width = BOX_HEIGHT;
            for (Gate gate : column) {
                for (int q : gate.qubits()) {
                    width = Math.max(width, CHAR_WIDTH * symbol(gate, q).length() + 10);
                }
            }
            for (Gate gate : column) {
                draw(shapes, gate, x + width / 2);
            }
            x += width + GAP;
        }
        int height = CELL_HEIGHT * circuit.qubits();
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"monospace\" font-size=\"13\" text-anchor=\"middle\">%n",
                x + GAP,
                height,
                x + GAP,
                height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (int q = 0; q < circuit.qubits(); q++) {
            svg.append(String.format(Locale.ROOT, "<text x=\"24\" y=\"%d\">q%d</text>%n", y(q) + 5, q));
            svg.append(line(left, y(q), x, y(q)));
        }
        return svg.append(shapes).append("</svg>\n").toString();
    }

    private static void draw(StringBuilder out, Gate gate, int x) {
        if (gate.qubits().size() > 1) {
            out.append(line(x, y(lowest(gate)), x, y(highest(gate))));
        }
        for (int q : gate.qubits()) {
            String symbol = symbol(gate, q);
            if (symbol.equals("●")) {
                out.append(String.format(Locale.ROOT, "<circle cx=\"%d\" cy=\"%d\" r=\"5\"/>%n", x, y(q)));
                continue;
            }
            int width = Math.max(BOX_HEIGHT, CHAR_WIDTH * symbol.length() + 10);
            out.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"white\" stroke=\"black\"/>%n",
                    x - width / 2,
                    y(q) - BOX_HEIGHT / 2,
                    width,
                    BOX_HEIGHT));
            out.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">%s</text>%n", x, y(q) + 5, symbol));
        }
    }

    private static String line(int x1, int y1, int x2, int y2) {
        return String.format(
                Locale.ROOT, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"black\"/>%n", x1, y1, x2, y2);
    }

    private static int y(int qubit) {
        return CELL_HEIGHT * qubit + CELL_HEIGHT / 2;
    }

    /** What stands on one qubit of a gate: a dot for a control, × for a swap, else name and angle. */
    private static String symbol(Gate gate, int qubit) {
        int place = gate.qubits().indexOf(qubit);
        String angle = gate.angle().map(a -> "(" + angle(a) + ")").orElse("");
        return switch (gate.name()) {
            case "CNOT", "CCX" -> place < gate.qubits().size() - 1 ? "●" : "X";
            case "CY" -> place == 0 ? "●" : "Y";
            case "CZ" -> place == 0 ? "●" : "Z";
            case "CSWAP" -> place == 0 ? "●" : "×";
            case "SWAP" -> "×";
            case "CRX", "CRY", "CRZ", "CP" -> place == 0 ? "●" : gate.name().substring(1) + angle;
            default -> gate.name() + angle;
        };
    }

    private static String angle(Angle angle) {
        if (angle instanceof Angle.Input in) {
            return factor(in.factor()) + "x" + in.index();
        }
        if (angle instanceof Angle.Parameter p) {
            return factor(p.factor()) + "θ" + p.index();
        }
        return number(((Angle.Constant) angle).radians());
    }

    private static String factor(double factor) {
        return factor == 1 ? "" : factor == -1 ? "-" : number(factor) + "·";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    private static int lowest(Gate gate) {
        return gate.qubits().stream().mapToInt(Integer::intValue).min().orElseThrow();
    }

    private static int highest(Gate gate) {
        return gate.qubits().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }
}
