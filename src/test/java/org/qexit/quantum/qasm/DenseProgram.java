package org.qexit.quantum.qasm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A second, slow reading of OpenQASM for tests: statements as patterns over the program's text, gates as whole complex matrices. It shares
 * nothing with the reader. What it does not know, it does not evaluate.
 */
final class DenseProgram {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s+|[\\p{L}_][\\p{L}\\p{N}_]*|(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?(?![\\p{L}\\p{N}_.])|\"[^\"\\n]*\"|'[^'\\n]*'|->|\\*\\*|[;,(){}@\\[\\]=+*/^-]");
    private static final Pattern CALL = Pattern.compile("([\\p{L}_][\\p{L}\\p{N}_]*)(?: \\((.*)\\))?((?: [^()]*)?)");

    private final ToDoubleFunction<String> inputs;
    private final Set<String> inputNames = new HashSet<>();
    private final Map<String, int[]> qubits = new LinkedHashMap<>();
    private final Map<String, Integer> bits = new HashMap<>();
    private final Set<String> single = new HashSet<>();
    private final Set<Integer> measured = new HashSet<>();
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Value> constants = new HashMap<>();
    private final Map<String, Defined> defined = new HashMap<>();
    private final Set<Integer> used = new HashSet<>();
    private int version;
    private int size;

    /** A gate of the program's own: names of its angles and qubits, and the statements between its braces. */
    private record Defined(List<String> angles, List<String> qubits, List<String> body) {}

    /** A matrix [row][column][re, im] on qubits, the first of them the highest bit of its index. */
    private record Step(double[][][] matrix, List<Integer> on) {}

    private record Value(double number, boolean whole) {}

    private DenseProgram(ToDoubleFunction<String> inputs) {
        this.inputs = inputs;
    }

    /** ⟨Z⟩ of every qubit; empty if the program is not understood. */
    static Optional<double[]> evaluate(String text, ToDoubleFunction<String> inputs) {
        try {
            return Optional.of(new DenseProgram(inputs).run(text));
        } catch (UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private double[] run(String text) {
        String plain = text.replaceAll("//[^\\r\\n]*|(?s:/\\*.*?\\*/)", " ");
        List<String> tokens = new ArrayList<>();
        Matcher m = TOKEN.matcher(plain);
        int at = 0;
        while (at < plain.length()) {
            require(m.region(at, plain.length()).lookingAt());
            if (!m.group().isBlank()) {
                tokens.add(m.group());
            }
            at = m.end();
        }
        require(tokens.isEmpty() || tokens.get(tokens.size() - 1).matches("[;}]"));
        List<String> words = new ArrayList<>();
        boolean first = true;
        for (String token : tokens) {
            boolean definition = !words.isEmpty()
                    && words.get(0).equals("gate")
                    && !(words.size() > 1 ? words.get(1) : token).startsWith("qexit_");
            if (definition && token.equals("}")) {
                define(String.join(" ", words));
                first = false;
                words.clear();
            } else if (definition || !token.equals(";")) {
                words.add(token);
            } else if (!words.isEmpty()) {
                statement(String.join(" ", words), first);
                first = false;
                words.clear();
            }
        }
        require(size > 0 && size <= 24);
        return expectations();
    }

    private void statement(String s, boolean first) {
        Matcher m;
        if ((m = match("OPENQASM (\\d(?:\\.\\d)?)", s)) != null) {
            require(first && List.of("2", "2.0", "3", "3.0", "3.1").contains(m.group(1)));
            version = m.group(1).charAt(0) - '0';
        } else if (match("include [\"'](?:qelib1|stdgates)\\.inc[\"']", s) != null) {
            require(s.charAt(8) == s.charAt(s.length() - 1));
        } else if ((m = match("qreg (\\S+) \\[ (\\d+) ]", s)) != null) {
            qubits(m.group(1), m.group(2));
        } else if ((m = match("qubit(?: \\[ (\\d+) ])? (\\S+)", s)) != null) {
            qubits(m.group(2), m.group(1));
        } else if ((m = match("creg (\\S+) \\[ (\\d+) ]", s)) != null) {
            bits(m.group(1), m.group(2));
        } else if ((m = match("bit(?: \\[ (\\d+) ])? (\\S+)", s)) != null) {
            bits(m.group(2), m.group(1));
        } else if ((m = match("bit(?: \\[ (\\d+) ])? (\\S+) = measure (.+)", s)) != null) {
            bits(m.group(2), m.group(1));
            measure(m.group(3), m.group(2));
        } else if ((m = match("input (?:float|angle)(?: \\[ \\d+ ])? (\\S+)", s)) != null) {
            name(m.group(1));
            require(!(version != 2 && List.of("tau", "euler").contains(m.group(1)))
                    && !m.group(1).equals("pi"));
            inputNames.add(m.group(1));
        } else if ((m = match("const (float|angle|u?int)(?: \\[ \\d+ ])? (\\S+) = (.+)", s)) != null) {
            name(m.group(2));
            double number = value(List.of(m.group(3).split(" "))).number();
            require(!m.group(1).endsWith("int") || number == Math.rint(number));
            constants.put(m.group(2), new Value(number, m.group(1).endsWith("int")));
        } else if ((m = match("(float|angle|u?int)(?: \\[ \\d+ ])? (\\S+) = (.+)", s)) != null) {
            // A variable that is set once.
            name(m.group(2));
            double number = value(List.of(m.group(3).split(" "))).number();
            require(!m.group(1).endsWith("int") || number == Math.rint(number));
            constants.put(m.group(2), new Value(number, m.group(1).endsWith("int")));
        } else if ((m = match("(float|angle)(?: \\[ \\d+ ])? (\\S+)", s)) != null) {
            // One that is never set, so never used.
            name(m.group(2));
        } else if ((m = match("reset (.+)", s)) != null) {
            require(Arrays.stream(resolve(m.group(1))).noneMatch(q -> used.contains(q) || measured.contains(q)));
        } else if (s.equals("barrier") || s.startsWith("barrier ")) {
            if (s.length() > 7) {
                Arrays.stream(s.substring(8).split(" , ", -1)).forEach(this::resolve);
            }
        } else if ((m = match("measure (.+) -> (.+)", s)) != null) {
            measure(m.group(1), m.group(2));
        } else if ((m = match("measure (.+)", s)) != null) {
            measure(m.group(1), null);
        } else if ((m = match("(.+) = measure (.+)", s)) != null) {
            measure(m.group(2), m.group(1));
        } else {
            Turned call = turned(s);
            if (call.matrix().length > 1 || !call.operands().isEmpty()) {
                call(call.matrix(), call.operands());
            }
        }
    }

    private void define(String s) {
        Matcher m = match("gate (\\S+)(?: \\( (.*?) ?\\))? ([^{]*) \\{(.*)", s);
        require(m != null && !defined.containsKey(m.group(1)));
        List<String> angles = m.group(2) == null || m.group(2).isBlank()
                ? List.of()
                : List.of(m.group(2).split(" , "));
        List<String> body = new ArrayList<>();
        for (String statement : m.group(4).split(";")) {
            String plain = statement.strip();
            if (!plain.isEmpty() && !plain.startsWith("barrier")) {
                body.add(plain);
            }
        }
        defined.put(m.group(1), new Defined(angles, List.of(m.group(3).split(" , ")), body));
    }

    /** A call's whole matrix, modifiers applied, and its operands. */
    private record Turned(double[][][] matrix, String operands) {}

    private Turned turned(String s) {
        String[] parts = s.split(" @ ");
        Matcher m = CALL.matcher(parts[parts.length - 1]);
        require(m.matches());
        List<Double> a = new ArrayList<>();
        String angles = m.group(2) == null ? "" : m.group(2).strip();
        for (String angle : angles.isEmpty() ? List.<String>of() : topLevel(angles)) {
            a.add(value(List.of(angle.split(" "))).number());
        }
        require(a.stream().allMatch(Double::isFinite));
        double[][][] matrix = matrix(m.group(1), a);
        for (int i = parts.length - 2; i >= 0; i--) {
            Matcher modifier = match("(ctrl|negctrl|inv|pow)(?: \\( (.+) \\))?", parts[i].strip());
            require(modifier != null);
            int before = version;
            version = 2;
            double by = modifier.group(2) == null
                    ? 1
                    : value(List.of(modifier.group(2).split(" "))).number();
            version = before;
            switch (modifier.group(1)) {
                case "inv" -> matrix = adjoint(matrix);
                case "pow" -> matrix = power(matrix, by);
                default -> {
                    for (int k = 0; k < by; k++) {
                        matrix = controlled(matrix, modifier.group(1).equals("ctrl"));
                    }
                }
            }
        }
        return new Turned(matrix, m.group(3).strip());
    }

    /** By its effect on every basis state. */
    private double[][][] matrix(Defined gate, List<Double> a) {
        require(a.size() == gate.angles().size());
        Map<String, Value> outer = new HashMap<>(constants);
        for (int i = 0; i < a.size(); i++) {
            constants.put(gate.angles().get(i), new Value(a.get(i), false));
        }
        int n = gate.qubits().size();
        double[][][] whole = new double[1 << n][1 << n][2];
        List<Step> body = new ArrayList<>();
        for (String statement : gate.body()) {
            Turned call = turned(statement);
            List<Integer> on = new ArrayList<>();
            for (String name :
                    call.operands().isEmpty() ? new String[0] : call.operands().split(" , ")) {
                require(gate.qubits().contains(name));
                on.add(n - 1 - gate.qubits().indexOf(name));
            }
            require(call.matrix().length == 1 << on.size() && new HashSet<>(on).size() == on.size());
            body.add(new Step(call.matrix(), on));
        }
        constants.clear();
        constants.putAll(outer);
        for (int column = 0; column < 1 << n; column++) {
            double[][] state = new double[1 << n][2];
            state[column][0] = 1;
            for (Step step : body) {
                state = applied(step, state);
            }
            for (int row = 0; row < 1 << n; row++) {
                whole[row][column] = state[row];
            }
        }
        return whole;
    }

    private static double[][][] adjoint(double[][][] m) {
        double[][][] turned = new double[m.length][m.length][2];
        for (int r = 0; r < m.length; r++) {
            for (int c = 0; c < m.length; c++) {
                turned[c][r] = new double[] {m[r][c][0], -m[r][c][1]};
            }
        }
        return turned;
    }

    /** Whole powers by products; roots of 2 x 2 by their eigenvalues e^{ia}, e^{ib}: (e^{ira} (U - e^{ib}) - e^{irb} (U - e^{ia})) / (e^{ia} - e^{ib}). */
    private static double[][][] power(double[][][] m, double by) {
        double[][][] product = new double[m.length][m.length][2];
        for (int r = 0; r < m.length; r++) {
            product[r][r][0] = 1;
        }
        if (by == Math.rint(by)) {
            for (int k = 0; k < Math.abs(by); k++) {
                product = product(by < 0 ? adjoint(m) : m, product);
            }
            return product;
        }
        require(m.length == 2);
        double[] trace = {m[0][0][0] + m[1][1][0], m[0][0][1] + m[1][1][1]};
        double[] det = minus(times(m[0][0], m[1][1]), times(m[0][1], m[1][0]));
        double[] inside = minus(times(trace, trace), times(new double[] {4, 0}, det));
        double size = Math.sqrt(Math.hypot(inside[0], inside[1]));
        double turn = Math.atan2(inside[1], inside[0]) / 2;
        double[] root = {size * Math.cos(turn), size * Math.sin(turn)};
        double a = Math.atan2(trace[1] + root[1], trace[0] + root[0]);
        double b = Math.atan2(trace[1] - root[1], trace[0] - root[0]);
        a = a < -Math.PI + 1e-9 ? a + 2 * Math.PI : a;
        b = b < -Math.PI + 1e-9 ? b + 2 * Math.PI : b;
        double[] ea = {Math.cos(a), Math.sin(a)};
        double[] eb = {Math.cos(b), Math.sin(b)};
        double[] gap = minus(ea, eb);
        double length = gap[0] * gap[0] + gap[1] * gap[1];
        require(length > 1e-12);
        double[] one = {gap[0] / length, -gap[1] / length};
        double[][][] power = new double[2][2][2];
        for (int r = 0; r < 2; r++) {
            for (int c = 0; c < 2; c++) {
                double[] none = {0, 0};
                double[] first =
                        times(new double[] {Math.cos(by * a), Math.sin(by * a)}, minus(m[r][c], r == c ? eb : none));
                double[] second =
                        times(new double[] {Math.cos(by * b), Math.sin(by * b)}, minus(m[r][c], r == c ? ea : none));
                power[r][c] = times(one, minus(first, second));
            }
        }
        return power;
    }

    private static double[] times(double[] x, double[] y) {
        return new double[] {x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]};
    }

    private static double[] minus(double[] x, double[] y) {
        return new double[] {x[0] - y[0], x[1] - y[1]};
    }

    private static double[][][] product(double[][][] left, double[][][] right) {
        int n = left.length;
        double[][][] product = new double[n][n][2];
        for (int r = 0; r < n; r++) {
            for (int c = 0; c < n; c++) {
                for (int k = 0; k < n; k++) {
                    double[] term = times(left[r][k], right[k][c]);
                    product[r][c][0] += term[0];
                    product[r][c][1] += term[1];
                }
            }
        }
        return product;
    }

    private void call(double[][][] matrix, String operands) {
        String[] names = operands.split(" , ", -1);
        require(matrix.length == 1 << names.length);
        int times = -1;
        List<int[]> resolved = new ArrayList<>();
        for (String name : names) {
            int[] q = resolve(name);
            boolean whole = !name.contains("[") && !single.contains(name);
            require(!whole || times < 0 || times == q.length);
            times = whole ? q.length : times;
            resolved.add(whole ? q : new int[] {q[0]});
        }
        boolean broadcast = times >= 0;
        for (int i = 0; i < Math.abs(times); i++) {
            List<Integer> on = new ArrayList<>();
            for (int k = 0; k < names.length; k++) {
                boolean whole = !names[k].contains("[") && !single.contains(names[k]);
                on.add(resolved.get(k)[broadcast && whole ? i : 0]);
            }
            require(new HashSet<>(on).size() == on.size() && on.stream().noneMatch(measured::contains));
            used.addAll(on);
            steps.add(new Step(matrix, on));
        }
    }

    private void measure(String from, String to) {
        int[] q = resolve(from);
        if (to != null) {
            Matcher m = match("(\\S+) \\[ (\\d+) ]", to);
            String name = m == null ? to : m.group(1);
            require(bits.containsKey(name));
            require(m == null || !single.contains(name) && Integer.parseInt(m.group(2)) < bits.get(name));
            require(q.length == (m == null ? bits.get(name) : 1));
        }
        Arrays.stream(q).forEach(measured::add);
    }

    private int[] resolve(String operand) {
        Matcher m = match("(\\S+) \\[ (\\d+) ]", operand);
        if (m == null) {
            require(qubits.containsKey(operand));
            return qubits.get(operand);
        }
        require(qubits.containsKey(m.group(1)) && !single.contains(m.group(1)));
        int[] all = qubits.get(m.group(1));
        require(m.group(2).length() < 9 && Integer.parseInt(m.group(2)) < all.length);
        return new int[] {all[Integer.parseInt(m.group(2))]};
    }

    private void qubits(String name, String count) {
        int n = declare(name, count);
        require(n <= 24);
        int[] all = new int[n];
        Arrays.setAll(all, i -> size + i);
        size += n;
        qubits.put(name, all);
    }

    private void bits(String name, String count) {
        bits.put(name, declare(name, count));
    }

    private int declare(String name, String count) {
        name(name);
        if (count == null) {
            single.add(name);
            return 1;
        }
        require(count.length() < 9 && Integer.parseInt(count) > 0);
        return Integer.parseInt(count);
    }

    private void name(String name) {
        require(name.matches("[\\p{L}_][\\p{L}\\p{N}_]*"));
        require(!qubits.containsKey(name)
                && !bits.containsKey(name)
                && !inputNames.contains(name)
                && !constants.containsKey(name));
        require(!List.of(
                        "OPENQASM",
                        "include",
                        "qreg",
                        "creg",
                        "qubit",
                        "bit",
                        "input",
                        "gate",
                        "barrier",
                        "measure",
                        "const",
                        "reset")
                .contains(name));
    }

    // Expressions: cut at the operator that is applied last.

    private Value value(List<String> t) {
        require(!t.isEmpty());
        for (String operators : List.of("+-", "*/")) {
            for (int i = t.size() - 1; i > 0; i--) {
                String op = t.get(i);
                if (op.length() == 1 && operators.contains(op) && depth(t, i) == 0 && endsOperand(t.get(i - 1))) {
                    return applied(op, value(t.subList(0, i)), value(t.subList(i + 1, t.size())));
                }
            }
        }
        if (t.get(0).equals("-")) {
            Value v = value(t.subList(1, t.size()));
            return new Value(-v.number(), v.whole());
        }
        for (int i = 0; i < t.size(); i++) {
            if (t.get(i).matches("\\^|\\*\\*") && depth(t, i) == 0) {
                require(version == 2 || !t.get(i).equals("^"));
                return applied("^", value(t.subList(0, i)), value(t.subList(i + 1, t.size())));
            }
        }
        if (t.size() > 2 && t.get(t.size() - 1).equals(")") && depth(t, t.size() - 1) == 1) {
            int open = t.get(0).equals("(") ? 0 : 1;
            require(t.get(open).equals("("));
            Value inner = value(t.subList(open + 1, t.size() - 1));
            return open == 0 ? inner : new Value(function(t.get(0), inner.number()), false);
        }
        require(t.size() == 1);
        String word = t.get(0);
        if (word.matches("[.\\d].*")) {
            return new Value(Double.parseDouble(word), word.matches("\\d+"));
        }
        if (word.equals("pi") || version != 2 && word.equals("π")) {
            return new Value(Math.PI, false);
        }
        if (version != 2 && List.of("tau", "τ").contains(word)) {
            return new Value(2 * Math.PI, false);
        }
        if (version != 2 && List.of("euler", "ℇ").contains(word)) {
            return new Value(Math.E, false);
        }
        if (constants.containsKey(word)) {
            return constants.get(word);
        }
        require(inputNames.contains(word));
        return new Value(inputs.applyAsDouble(word), false);
    }

    private Value applied(String op, Value a, Value b) {
        boolean whole = a.whole() && b.whole();
        double r = switch (op) {
            case "+" -> a.number() + b.number();
            case "-" -> a.number() - b.number();
            case "*" -> a.number() * b.number();
            case "/" -> a.number() / b.number();
            default -> Math.pow(a.number(), b.number());
        };
        require(Double.isFinite(r));
        require(!whole || version == 2 || "+-*".contains(op) || r == Math.rint(r));
        return new Value(r, whole);
    }

    private double function(String name, double x) {
        boolean two = version != 3;
        boolean three = version != 2;
        double r = switch (name) {
            case "sin" -> Math.sin(x);
            case "cos" -> Math.cos(x);
            case "tan" -> Math.tan(x);
            case "exp" -> Math.exp(x);
            case "sqrt" -> Math.sqrt(x);
            case "ln" -> two ? Math.log(x) : Double.NaN;
            case "log" -> three ? Math.log(x) : Double.NaN;
            case "asin" -> two ? Math.asin(x) : Double.NaN;
            case "acos" -> two ? Math.acos(x) : Double.NaN;
            case "atan" -> two ? Math.atan(x) : Double.NaN;
            case "arcsin" -> three ? Math.asin(x) : Double.NaN;
            case "arccos" -> three ? Math.acos(x) : Double.NaN;
            case "arctan" -> three ? Math.atan(x) : Double.NaN;
            default -> Double.NaN;
        };
        require(Double.isFinite(r));
        return r;
    }

    private static boolean endsOperand(String token) {
        return token.equals(")") || token.matches("[\\p{L}_\\d.].*");
    }

    /** How many parentheses are open before token i. */
    private static int depth(List<String> t, int i) {
        int depth = 0;
        for (String token : t.subList(0, i)) {
            depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
            require(depth >= 0);
        }
        return depth;
    }

    private static List<String> topLevel(String list) {
        List<String> t = List.of(list.split(" "));
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= t.size(); i++) {
            if (i == t.size() || t.get(i).equals(",") && depth(t, i) == 0) {
                parts.add(String.join(" ", t.subList(from, i)));
                from = i + 1;
            }
        }
        return parts;
    }

    // Gates.

    private double[][][] matrix(String gate, List<Double> a) {
        if (defined.containsKey(gate)) {
            return matrix(defined.get(gate), a);
        }
        String key = gate + "/" + a.size();
        double r = Math.sqrt(0.5);
        return switch (key) {
            case "gphase/1" -> new double[][][] {{{Math.cos(a.get(0)), Math.sin(a.get(0))}}};
            case "id/0", "u0/1" -> u(0, 0, 0, 0);
            case "x/0" -> of(0, 0, 1, 0, 1, 0, 0, 0);
            case "y/0" -> of(0, 0, 0, -1, 0, 1, 0, 0);
            case "z/0" -> phase(Math.PI);
            case "h/0" -> of(r, 0, r, 0, r, 0, -r, 0);
            case "s/0" -> phase(Math.PI / 2);
            case "sdg/0" -> phase(-Math.PI / 2);
            case "t/0" -> phase(Math.PI / 4);
            case "tdg/0" -> phase(-Math.PI / 4);
            case "sx/0" -> of(0.5, 0.5, 0.5, -0.5, 0.5, -0.5, 0.5, 0.5);
            case "sxdg/0" -> of(0.5, -0.5, 0.5, 0.5, 0.5, 0.5, 0.5, -0.5);
            case "p/1", "u1/1", "phase/1" -> phase(a.get(0));
            case "rx/1" -> rx(a.get(0));
            case "ry/1" -> u(a.get(0), 0, 0, 0);
            case "rz/1" -> u(0, 0, a.get(0), -a.get(0) / 2);
            case "u2/2" -> u(Math.PI / 2, a.get(0), a.get(1), -(a.get(0) + a.get(1)) / 2);
            case "u/3", "u3/3" -> u(a.get(0), a.get(1), a.get(2), -(a.get(1) + a.get(2)) / 2);
            case "U/3" -> u(a.get(0), a.get(1), a.get(2), a.get(0) / 2);
            case "cx/0", "CX/0" -> controlled(matrix("x", a));
            case "cy/0", "cz/0", "ch/0", "csx/0", "crx/1", "cry/1", "crz/1", "cp/1", "cswap/0" ->
                controlled(matrix(gate.substring(1), a));
            case "cu1/1", "cphase/1" -> controlled(phase(a.get(0)));
            case "cu/4" -> controlled(u(a.get(0), a.get(1), a.get(2), a.get(3)));
            case "ccx/0" -> controlled(controlled(matrix("x", a)));
            case "swap/0" -> {
                double[][][] m = new double[4][4][2];
                m[0][0][0] = 1;
                m[1][2][0] = 1;
                m[2][1][0] = 1;
                m[3][3][0] = 1;
                yield m;
            }
            case "rxx/1", "rzz/1" -> {
                double[][][] m = new double[4][4][2];
                for (int k = 0; k < 4; k++) {
                    m[k][k][0] = Math.cos(a.get(0) / 2);
                    boolean x = gate.equals("rxx");
                    m[k][x ? 3 - k : k][1] += Math.sin(a.get(0) / 2) * (!x && (k == 1 || k == 2) ? 1 : -1);
                }
                yield m;
            }
            default -> throw new UnsupportedOperationException(key);
        };
    }

    private static double[][][] of(double... e) {
        return new double[][][] {{{e[0], e[1]}, {e[2], e[3]}}, {{e[4], e[5]}, {e[6], e[7]}}};
    }

    private static double[][][] phase(double angle) {
        return of(1, 0, 0, 0, 0, 0, Math.cos(angle), Math.sin(angle));
    }

    private static double[][][] rx(double angle) {
        double c = Math.cos(angle / 2);
        double s = -Math.sin(angle / 2);
        return of(c, 0, 0, s, 0, s, c, 0);
    }

    /** e^{iγ} [[cos, -e^{iλ} sin], [e^{iφ} sin, e^{i(φ+λ)} cos]] of θ/2. */
    private static double[][][] u(double theta, double phi, double lambda, double gamma) {
        double c = Math.cos(theta / 2);
        double s = Math.sin(theta / 2);
        double[] at = {gamma, gamma + lambda, gamma + phi, gamma + phi + lambda};
        double[] size = {c, -s, s, c};
        double[] e = new double[8];
        for (int k = 0; k < 4; k++) {
            e[2 * k] = size[k] * Math.cos(at[k]);
            e[2 * k + 1] = size[k] * Math.sin(at[k]);
        }
        return of(e);
    }

    private static double[][][] controlled(double[][][] m) {
        return controlled(m, true);
    }

    private static double[][][] controlled(double[][][] m, boolean byOne) {
        int n = m.length;
        double[][][] all = new double[2 * n][2 * n][2];
        for (int r = 0; r < n; r++) {
            int same = byOne ? r : n + r;
            all[same][same][0] = 1;
            System.arraycopy(m[r], 0, all[byOne ? n + r : r], byOne ? n : 0, n);
        }
        return all;
    }

    private double[] expectations() {
        double[][] state = new double[1 << size][2];
        state[0][0] = 1;
        for (Step step : steps) {
            state = applied(step, state);
        }
        double[] z = new double[size];
        for (int k = 0; k < state.length; k++) {
            double p = state[k][0] * state[k][0] + state[k][1] * state[k][1];
            for (int q = 0; q < size; q++) {
                z[q] += (k >> q & 1) == 0 ? p : -p;
            }
        }
        return z;
    }

    private static double[][] applied(Step step, double[][] state) {
        double[][] next = new double[state.length][2];
        for (int k = 0; k < state.length; k++) {
            int column = 0;
            for (int q : step.on()) {
                column = 2 * column + (k >> q & 1);
            }
            for (int row = 0; row < step.matrix().length; row++) {
                double[] e = step.matrix()[row][column];
                int target = k;
                for (int j = 0; j < step.on().size(); j++) {
                    int bit = row >> step.on().size() - 1 - j & 1;
                    target =
                            target & ~(1 << step.on().get(j)) | bit << step.on().get(j);
                }
                next[target][0] += e[0] * state[k][0] - e[1] * state[k][1];
                next[target][1] += e[0] * state[k][1] + e[1] * state[k][0];
            }
        }
        return next;
    }

    private static Matcher match(String pattern, String text) {
        Matcher m = Pattern.compile(pattern).matcher(text);
        return m.matches() ? m : null;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new UnsupportedOperationException();
        }
    }
}
