package org.qexit.simulation.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ClosedFormsTest {
    @Test
    void singleServers() {
        assertEquals(3.2, ClosedForms.waitOfMG1(1, new Durations.Exponential(0.8)), 1e-12);
        assertEquals(1.6, ClosedForms.waitOfMG1(1, new Durations.Constant(0.8)), 1e-12);
        assertEquals(3.2, ClosedForms.waitOfMMc(1, 0.8, 1), 1e-12);
    }

    /** Erlang's C by its definition, (a^c / c!) / ((1 − ρ) Σ a^n / n! + a^c / c!), and a value of the tables: C(5, 4) = 0.5541. */
    @Test
    void erlangC() {
        for (int c = 1; c <= 20; c++) {
            double a = 0.9 * c;
            double term = 1;
            double sum = 0;
            for (int n = 0; n < c; n++) {
                sum += term;
                term *= a / (n + 1);
            }
            assertEquals(term / (0.1 * sum + term), ClosedForms.erlangC(c, a), 1e-12);
        }
        assertEquals(0.5541, ClosedForms.erlangC(5, 4), 5e-5);
        assertEquals(9.0 / 14 * 3, ClosedForms.waitOfMMc(1, 1.5, 2), 1e-12);
    }

    @Test
    void finiteRoom() {
        assertEquals(0.25, ClosedForms.lossOfMM1K(1, 1, 3), 1e-15);
        assertEquals(1, ClosedForms.waitOfMM1K(1, 1, 3), 1e-15);
        assertEquals(2.0 / 3, ClosedForms.lossOfMM1K(2, 1, 1), 1e-15);
        // (1 − ρ) ρ^K / (1 − ρ^(K+1)).
        assertEquals(0.2 * Math.pow(0.8, 10) / (1 - Math.pow(0.8, 11)), ClosedForms.lossOfMM1K(1, 0.8, 10), 1e-15);
        assertEquals(3.2, ClosedForms.waitOfMM1K(1, 0.8, 500), 1e-12);
        assertEquals(0, ClosedForms.lossOfMM1K(0.5, 1, 5000), 0);
        assertEquals(0.5, ClosedForms.lossOfMM1K(2, 1, 5000), 1e-12);
    }

    @Test
    void noEquilibriumNoMean() {
        assertThrows(IllegalArgumentException.class, () -> ClosedForms.waitOfMMc(2, 1, 2));
        assertThrows(IllegalArgumentException.class, () -> ClosedForms.waitOfMG1(1, new Durations.Constant(1)));
        assertThrows(IllegalArgumentException.class, () -> ClosedForms.waitOfMG1(0, new Durations.Constant(1)));
    }
}
