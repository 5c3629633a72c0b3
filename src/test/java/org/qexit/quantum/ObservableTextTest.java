package org.qexit.quantum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObservableTextTest {
    @ParameterizedTest
    @CsvSource({
        "Z0, Z0",
        "0.5*Z0Z1 - X2, 0.5 Z0 Z1 + -1.0 X2",
        "-Y1 X3+.25, -1.0 Y1 X3 + 0.25 I",
        "2e-1 X0*Y1, 0.2 X0 Y1",
        "'  + I - 3 * Z2 ', 'I + -3.0 Z2'",
    })
    void readsSumsOfPauliStrings(String text, String same) {
        assertEquals(same, ObservableText.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "Z", "Z0 +", "0.5*", "Z0 *", "A0", "Z0Z0", "Z0 X0", "Z24", "1e999", "Z0 0.5", "--Z0", "Z0; X1",
                "Z-1"
            })
    void refusesWhatIsNone(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> ObservableText.parse(text));
        assertTrue(e.getMessage() != null && !e.getMessage().contains("\n"), e.getMessage());
    }
}
