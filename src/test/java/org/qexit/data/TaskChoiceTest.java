package org.qexit.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.UserError;

class TaskChoiceTest {
    private static final Dataset DATA = Dataset.ofBytes(
            "x",
            new int[] {1, 1, 1},
            new byte[4][1],
            new int[] {0, 1, 2, 3},
            List.of("3", "Coat", "coat", "Ankle boot"));

    private static TaskChoice read(String yaml) {
        return Json.parseYaml("task", yaml, TaskChoice.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "critical: [3]|3",
                "critical: ['3', 1]|0 1",
                "critical: [ankle boot]|3",
                "critical: [coat, Coat]|1 2",
                "{critical: [1], normal: ['3']}|1",
            })
    void namesAreIds(String yaml, String ids) {
        Task task = read(yaml).on(DATA);
        assertEquals(
                ids,
                String.join(" ", task.critical().stream().map(String::valueOf).toList()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"critical: []", "critical: [1.5]", "critical: [1, 1]", "critical: [a]\ncriticalFraction: 2"})
    void whatNoDataCouldMendIsRefusedAtOnce(String yaml) {
        assertThrows(UserError.class, () -> read(yaml));
    }

    @ParameterizedTest
    @CsvSource({"[COAT], no class 'COAT'", "[ankel boot], did you mean 'Ankle boot'", "'[coat, 2]', different class ids"
    })
    void whatTheDataDoNotHaveIsTold(String critical, String reason) {
        TaskChoice task = read("critical: " + critical);
        UserError error = assertThrows(UserError.class, () -> task.on(DATA));
        assertTrue(error.getMessage().contains(reason), error.getMessage());
    }

    @Test
    void choicesWriteAsTheyRead() {
        assertEquals(
                "{\"critical\":[2,\"coat\"],\"criticalFraction\":0.2,\"keepAll\":false}",
                Json.compact(read("{critical: [2, coat], criticalFraction: 0.2}")));
    }
}
