package org.qexit.quantum;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** Cases computed by another program (see the file's own "generator" and "conventions"). */
public final class GoldenCircuits {
    private GoldenCircuits() {}

    public static List<CircuitFile.Case> cases() {
        try {
            Path file = Path.of(GoldenCircuits.class
                    .getResource("/quantum/circuits-lightning.json")
                    .toURI());
            return CircuitFile.read(file).cases();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The basis index in which qubit 0 is the least significant bit, for one in which it is the most significant. */
    public static int reversed(int index, int qubits) {
        return Integer.reverse(index) >>> 32 - qubits;
    }
}
