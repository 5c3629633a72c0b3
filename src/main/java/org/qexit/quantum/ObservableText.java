package org.qexit.quantum;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Observables as text: sums of Pauli strings with factors, "0.5*Z0Z1 - X2 + 0.25"; a factor alone is one of the identity I. */
public final class ObservableText {
    private static final Pattern SIGN = Pattern.compile("\\s*([-+])\\s*");
    private static final Pattern FACTOR = Pattern.compile("((?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)\\s*(\\*?)\\s*");
    private static final Pattern PAULI = Pattern.compile("(?:([XYZ])\\s*(\\d{1,3})|I)\\s*\\*?\\s*");

    private final String text;
    private final List<Observable.Term> terms = new ArrayList<>();
    private int at;

    private ObservableText(String text) {
        this.text = text.strip();
    }

    /** @throws IllegalArgumentException that names the place, for what is no observable */
    public static Observable parse(String text) {
        ObservableText parsed = new ObservableText(text);
        parsed.sum();
        return new Observable(parsed.terms);
    }

    private void sum() {
        boolean first = true;
        while (first || at < text.length()) {
            Matcher sign = match(SIGN);
            if (sign == null && !first) {
                throw wrong("+ or -");
            }
            term(sign != null && sign.group(1).equals("-") ? -1 : 1);
            first = false;
        }
    }

    private void term(int sign) {
        Matcher factor = match(FACTOR);
        double weight = sign * (factor == null ? 1 : Double.parseDouble(factor.group(1)));
        boolean more = factor == null || !factor.group(2).isEmpty();
        PauliString string = new PauliString(0, 0);
        for (Matcher pauli = match(PAULI); pauli != null; pauli = match(PAULI)) {
            more = pauli.group().stripTrailing().endsWith("*");
            if (pauli.group(1) != null) {
                int qubit = Integer.parseInt(pauli.group(2));
                string = string.times(
                        switch (pauli.group(1)) {
                            case "X" -> PauliString.x(qubit);
                            case "Y" -> PauliString.y(qubit);
                            default -> PauliString.z(qubit);
                        });
            }
        }
        if (more) {
            throw wrong("Pauli matrices such as Z0 or X1Y2");
        }
        terms.add(new Observable.Term(weight, string));
    }

    private Matcher match(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return null;
        }
        at = matcher.end();
        return matcher;
    }

    private IllegalArgumentException wrong(String expected) {
        String rest = text.substring(at);
        return new IllegalArgumentException("observable '" + text + "' at character " + (at + 1) + ": "
                + (rest.isEmpty() ? "ends" : "'" + rest + "'") + "; expected " + expected);
    }
}
