package org.qexit.quantum;

/**
 * A product of Pauli matrices on different qubits, as two bit masks: a qubit with X or Y has its bit in {@code xMask}, one with
 * Z or Y has it in {@code zMask}. On a basis state
 *
 * <pre>P|k⟩ = i^{#Y} (-1)^{popcount(k &amp; zMask)} |k ^ xMask⟩.</pre>
 *
 * @param xMask qubits with X or Y
 * @param zMask qubits with Z or Y
 */
public record PauliString(int xMask, int zMask) {
    public PauliString {
        if (xMask < 0 || zMask < 0 || (xMask | zMask) >>> Circuit.MAX_QUBITS != 0) {
            throw new IllegalArgumentException(
                    "Pauli masks " + xMask + ", " + zMask + "; expected qubits below " + Circuit.MAX_QUBITS);
        }
    }

    public static PauliString x(int qubit) {
        return new PauliString(bit(qubit), 0);
    }

    public static PauliString y(int qubit) {
        return new PauliString(bit(qubit), bit(qubit));
    }

    public static PauliString z(int qubit) {
        return new PauliString(0, bit(qubit));
    }

    /** The product with a string on other qubits. */
    public PauliString times(PauliString other) {
        if (((xMask | zMask) & (other.xMask | other.zMask)) != 0) {
            throw new IllegalArgumentException(this + " times " + other + "; expected different qubits");
        }
        return new PauliString(xMask | other.xMask, zMask | other.zMask);
    }

    /** How many Y it has. */
    public int yCount() {
        return Integer.bitCount(xMask & zMask);
    }

    /** The highest qubit it acts on, or -1 for the identity. */
    int highestQubit() {
        return 31 - Integer.numberOfLeadingZeros(xMask | zMask);
    }

    /** For example "X0 Z2"; the identity is "I". */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int q = 0; q <= highestQubit(); q++) {
            int x = xMask >> q & 1;
            int z = zMask >> q & 1;
            if ((x | z) != 0) {
                text.append(text.isEmpty() ? "" : " ")
                        .append("IXZY".charAt(x + 2 * z))
                        .append(q);
            }
        }
        return text.isEmpty() ? "I" : text.toString();
    }

    private static int bit(int qubit) {
        if (qubit < 0 || qubit >= Circuit.MAX_QUBITS) {
            throw new IllegalArgumentException("qubit " + qubit + "; expected 0 to " + (Circuit.MAX_QUBITS - 1));
        }
        return 1 << qubit;
    }
}
