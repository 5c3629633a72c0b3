package org.qexit.quantum;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.qexit.common.Checks;

/**
 * A real-weighted sum of Pauli strings, O = Σ_t c_t P_t; its expectation value is ⟨ψ|O|ψ⟩.
 *
 * @param terms the weighted strings
 */
public record Observable(List<Term> terms) {
    public Observable {
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("observable has no terms; expected at least one");
        }
    }

    public static Observable x(int qubit) {
        return of(PauliString.x(qubit));
    }

    public static Observable y(int qubit) {
        return of(PauliString.y(qubit));
    }

    public static Observable z(int qubit) {
        return of(PauliString.z(qubit));
    }

    /** Z on both qubits. */
    public static Observable zz(int first, int second) {
        return of(PauliString.z(first).times(PauliString.z(second)));
    }

    public static Observable of(PauliString string) {
        return new Observable(List.of(new Term(1, string)));
    }

    /** ⟨Z_0⟩ … ⟨Z_{n-1}⟩. */
    public static List<Observable> allZ(int qubits) {
        List<Observable> all = new ArrayList<>();
        for (int q = 0; q < qubits; q++) {
            all.add(z(q));
        }
        return all;
    }

    public Observable plus(Observable other) {
        List<Term> sum = new ArrayList<>(terms);
        sum.addAll(other.terms);
        return new Observable(sum);
    }

    public Observable times(double factor) {
        return new Observable(terms.stream()
                .map(t -> new Term(factor * t.weight(), t.string()))
                .collect(Collectors.toList()));
    }

    /** The highest qubit it looks at, or -1 for a constant. */
    int highestQubit() {
        return terms.stream().mapToInt(t -> t.string().highestQubit()).max().orElse(-1);
    }

    /** For example "Z0", "0.5 X0 Z2 + -1.0 Y1". */
    @Override
    public String toString() {
        return terms.stream()
                .map(t -> (t.weight() == 1 ? "" : t.weight() + " ") + t.string())
                .collect(Collectors.joining(" + "));
    }

    /**
     * c · P.
     *
     * @param weight c
     * @param string P
     */
    public record Term(double weight, PauliString string) {
        public Term {
            Checks.present("Pauli string", string);
            if (!Double.isFinite(weight)) {
                throw new IllegalArgumentException(
                        "weight of " + string + " is " + weight + "; expected a finite number");
            }
        }
    }
}
