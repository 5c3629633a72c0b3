package org.qexit.threshold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.UserError;

class BudgetTest {
    @ParameterizedTest
    @CsvSource({
        "0.29, 100, 29",
        "29%, 100, 29",
        "29 %, 100, 29",
        "120, 50, 120",
        "120 events, 50, 120",
        "1, 50, 1",
        "1.0, 50, 50",
        "0, 50, 0",
        "0.01, 99, 0",
        "1 event, 7, 1"
    })
    void countsWhatIsAllowed(String text, long events, long expected) {
        assertEquals(expected, Budget.parse(text).of(events));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "-0.1", "1.01", "101%", "NaN", "1e400", "99999999999999999999"})
    void refusesOthers(String text) {
        assertTrue(assertThrows(UserError.class, () -> Budget.parse(text))
                .getMessage()
                .contains("'" + text + "'"));
    }
}
