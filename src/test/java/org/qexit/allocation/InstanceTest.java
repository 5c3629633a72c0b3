package org.qexit.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.allocation.method.Planner;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.UserError;

class InstanceTest {
    private static final String GOOD = """
            {"format":"qexit.instance/1","name":"t","radio":{"bandwidthMaxHz":2e7,"powerMaxWatts":0.2,"noiseWattsPerHz":4e-21},
             "devices":[{"id":"a","weight":1.0,"securityLevel":1,"featureBits":100000,"deadlineSeconds":0.1,"eavesdropper":{"gain":0.0},
              "trace":{"labels":[1,0],"scores":[[0.9],[0.1]]}}],
             "nodes":[{"id":"n","bandwidthHz":1e6,"computeUnits":5,"securityLevel":1}],
             "links":[{"device":"a","node":"n","gain":1e-12}]}
            """;

    @TempDir
    private Path folder;

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("fleet.json"), text);
    }

    @Test
    void readsAGoodInstance() throws IOException {
        Plan plan = Planner.of(Instance.read(write(GOOD))).plan("exact", SolveOptions.defaults());
        assertEquals(0, plan.objective(), 1e-12);
    }

    /** One line that names the field, the value and what was expected. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"weight\":1.0|\"weight\":-1.0|weight is -1.0",
                "\"weight\":1.0|\"weight\":1.0,\"wait\":1.0|wait",
                "\"deadlineSeconds\":0.1|\"deadlineSeconds\":0|deadlineSeconds is 0.0",
                "[0.9]|[1.9]|1.9",
                "[0.9]|[NaN]|NaN",
                "[0.9]|[\"x\"]|scores",
                "[0.9]|[0.9,0.2]|exits",
                "[1,0]|[1,2]|labels[1] is 2",
                "[1,0]|[1]|1 labels for 2 scores",
                "\"computeUnits\":5|\"computeUnits\":-5|computeUnits is -5.0",
                "\"node\":\"n\"|\"node\":\"m\"|'m'",
                "qexit.instance/1|qexit.instance/9|qexit.instance/9",
                "\"gain\":1e-12|\"gain\":null|gain",
            })
    void refusesNonsense(String from, String to, String expected) throws IOException {
        assertTrue(GOOD.contains(from));
        Path file = write(GOOD.replace(from, to));
        UserError error = assertThrows(UserError.class, () -> PlanningProblem.of(Instance.read(file)));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    @Test
    void readsTracesFromFilesBesideIt() throws IOException {
        Files.writeString(folder.resolve("a.csv"), "device,event,label,c1\na,0,1,0.9\na,1,0,0.1\n");
        Path file = write(GOOD.replace("{\"labels\":[1,0],\"scores\":[[0.9],[0.1]]}", "{\"file\":\"a.csv\"}"));
        Instance fleet = Instance.read(file);
        assertEquals(0.9f, fleet.devices().get(0).trace().scores()[0][0]);
        Path missing = write(GOOD.replace("{\"labels\":[1,0],\"scores\":[[0.9],[0.1]]}", "{\"file\":\"b.csv\"}"));
        assertTrue(assertThrows(UserError.class, () -> Instance.read(missing))
                .getMessage()
                .contains("b.csv"));
    }

    /** The file says whose events it holds; only who asks for another device's events gets them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "b,0,1,0.9 | - | the trace file t.csv is of device b; expected a. If its events are meant",
                "b,0,1,0.9 | b | -",
                "a,0,1,0.9 | b | the trace file t.csv is of device a; expected b",
                "b,0,1,0.9;c,0,1,0.9 | - | the trace file t.csv is of device b and 1 others; expected a",
                "b,0,1,0.2;a,0,1,0.9 | - | -",
                "b,0,1,0.9;a,0,1,0.2 | b | -",
                "A,0,1,0.9 | - | the trace file t.csv is of device A; expected a",
            })
    void aTraceOfAnotherDeviceIsRefusedUnlessNamed(String rows, String named, String message) throws IOException {
        Files.writeString(folder.resolve("t.csv"), "device,event,label,c1\n" + rows.replace(';', '\n') + "\n");
        String trace = "{\"file\":\"t.csv\"" + (named == null ? "" : ",\"device\":\"" + named + "\"") + "}";
        Path file = write(GOOD.replace("{\"labels\":[1,0],\"scores\":[[0.9],[0.1]]}", trace));
        if (message == null) {
            assertEquals(0.9f, Instance.read(file).devices().get(0).trace().scores()[0][0]);
        } else {
            UserError error = assertThrows(UserError.class, () -> Instance.read(file));
            assertTrue(error.getMessage().startsWith(file + ": device a: " + message), error.getMessage());
            assertEquals(1, error.getMessage().lines().count());
        }
    }

    @Test
    void aDeviceBesideEventsIsRefused() throws IOException {
        Path file = write(GOOD.replace("\"labels\":[1,0]", "\"device\":\"b\",\"labels\":[1,0]"));
        assertTrue(assertThrows(UserError.class, () -> Instance.read(file))
                .getMessage()
                .contains("device is 'b' without a file"));
    }

    @Test
    void loadScalesWithEventsPerPeriod() throws IOException {
        String scaled = GOOD.replace("\"weight\":1.0", "\"weight\":1.0,\"eventsPerPeriod\":20");
        Plan plan = Planner.of(Instance.read(write(scaled))).plan("exact", SolveOptions.defaults());
        // One of two events is offloaded: 10 of 20 per period, and the node has 5.
        assertEquals(Plan.Status.INFEASIBLE, plan.status());
        assertTrue(plan.reasons().get(0).contains("10.0000"), plan.reasons().toString());
    }
}
