package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Json;

class ControlCommandTest {
    private static final String PLAN =
            "{\"format\":\"qexit.plan/1\",\"instance\":\"i\",\"method\":\"m\",\"status\":\"feasible\",\"devices\":[],\"foreign\":1}";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.replace("IN/", folder + "/").split(" "));
    }

    private void refused(int code, String line, String part) {
        assertEquals(code, run(line), out.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(part), err.toString());
    }

    @BeforeEach
    void files() throws IOException {
        assertEquals(0, run("export --new-key IN/a"));
        assertEquals(0, run("export --new-key IN/b"));
        Files.writeString(folder.resolve("plan.json"), PLAN);
        Files.writeString(folder.resolve("none.json"), PLAN.replace("feasible", "unknown"));
    }

    @Test
    void publishedDocumentsAreShownAndVerified() throws IOException {
        String publish = "control publish IN/c --kind plan --file IN/plan.json --key IN/a.key.pem";
        refused(2, publish, "expected --fleet");
        assertEquals(0, run(publish + " --fleet north"), err.toString());
        assertEquals(0, run(publish + " --json"), err.toString());
        Map<?, ?> said =
                (Map<?, ?>) Json.parse("said", out.toString(), List.class).get(0);
        assertEquals("2", said.get("version"));
        assertEquals("*", said.get("subject"));
        assertEquals(0, run(publish + " --subject ue1"), err.toString());
        refused(2, publish + " --fleet south", "of the fleet north");
        refused(2, publish + " --subject a/b", "subject is 'a/b'");
        refused(2, publish.replace("--kind plan", "--kind king"), "expected plan, thresholds or model");
        refused(2, publish.replace("--kind plan", "--kind thresholds"), "plan.json");
        refused(2, publish.replace("--kind plan", "--kind model"), "plan.json");
        refused(2, publish.replace("plan.json", "none.json"), "expected status optimal or feasible");
        refused(2, publish.replace("a.key", "b.key"), "signed by another key");
        refused(2, publish.replace("a.key", "a.pub"), "PRIVATE KEY");

        assertEquals(0, run("control show IN/c"));
        assertEquals(2, out.toString().lines().count(), out.toString());
        assertEquals(0, run("control show IN/c --kind plan"));
        assertEquals(Json.parse("plan", PLAN, Map.class), Json.parse("shown", out.toString(), Map.class));
        refused(2, "control show IN/c --kind model", "holds no model for '*'");
        refused(2, "control show IN/none", "no such directory");

        assertEquals(0, run("control verify IN/c --key IN/a.pub.pem"), err.toString());
        assertEquals(2, out.toString().lines().count(), out.toString());
        refused(1, "control verify IN/c --key IN/b.pub.pem", "the signature does not fit");
        refused(1, "control verify IN/c --key IN/a.pub.pem --fleet south", "field 'fleet' is 'north'");
        refused(2, "control verify IN/c --key IN/a.key.pem", "PUBLIC KEY");
        Path file = folder.resolve("c/plan-ue1.json");
        Files.writeString(file, Files.readString(file).replace("\"payload\":\"e", "\"payload\":\"f"));
        refused(1, "control verify IN/c --key IN/a.pub.pem", "plan-ue1.json");
    }
}
