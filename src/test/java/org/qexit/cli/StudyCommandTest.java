package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Json;

class StudyCommandTest {
    private static final String STUDY = "experiments/surrogate/study.yaml";
    private static final String HEADER = "data,head,loss,budget,seed,settings,best_epoch,lower,upper,validation_events,"
            + "validation_critical,validation_tp,validation_fp,test_events,test_critical,test_tp,test_fp,test_tpr,test_ofr,"
            + "test_frontier_tp,test_frontier_tpr,test_cross_entropy,test_calibration_error,cpu_seconds\n";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @Test
    void helpHasExamples() {
        assertEquals(0, run("study", "--help"));
        assertTrue(out.toString().contains("qexit study experiments/surrogate/study.yaml --report"));
    }

    /** Two seeds of which one loss finds 6 and 7 of 10 and the other 5 and 4: +10 and +30 points. */
    @Test
    void reportComparesWhatIsThereWithoutTraining() throws Exception {
        Files.writeString(
                folder.resolve("results.csv"),
                HEADER
                        + "fashion,hybrid,path,0.1,1,a,4,0.1,0.5,20,10,7,3,30,10,6,1,0.60000,0.23333,7,0.70000,0.1,0.2,1.0\n"
                        + "fashion,hybrid,cross-entropy,0.1,1,b,4,0.1,0.5,20,10,7,3,30,10,5,1,0.50000,0.20000,6,0.60000,0.1,0.2,1.0\n"
                        + "fashion,hybrid,path,0.1,2,a,4,0.1,0.5,20,10,7,3,30,10,7,1,0.70000,0.26667,8,0.80000,0.1,0.2,1.0\n"
                        + "fashion,hybrid,cross-entropy,0.1,2,b,4,0.1,0.5,20,10,7,3,30,10,4,1,0.40000,0.16667,8,0.80000,0.1,0.2,1.0\n");
        assertEquals(0, run("study", STUDY, "--out", folder.toString(), "--report", "--json"));
        Map<?, ?> summary = Json.parse("summary", out.toString(), Map.class);
        Map<?, ?> path = (Map<?, ?>) ((List<?>) summary.get("losses")).get(0);
        Map<?, ?> tpr = (Map<?, ?>) path.get("tpr");
        assertEquals(0.2, (Double) tpr.get("mean"), 1e-12);
        // t of one degree of freedom is 12.7062; s / sqrt 2 is half the spread.
        assertEquals(0.2 - 12.7062047 * 0.1, (Double) tpr.get("low"), 1e-6);
        assertEquals(0.05, (Double) ((Map<?, ?>) path.get("frontierTpr")).get("mean"), 1e-12);
        assertTrue(Files.exists(folder.resolve("losses.svg")));
        assertEquals(0, run("study", STUDY, "--out", folder.toString(), "--report"));
        assertTrue(out.toString().contains("+20.00 [-107.06, +147.06] (2 seeds)"), out.toString());
    }

    @Test
    void mistakesEndInOneLine() {
        assertEquals(2, run("study", STUDY, "--out", folder.toString(), "--report"));
        assertTrue(err.toString().contains("results.csv: no rows yet"), err.toString());
        assertEquals(2, run("study", STUDY, "--threads", "0", "--out", folder.toString()));
        assertTrue(err.toString().contains("--threads is 0; expected 1 to 1024"), err.toString());
        assertEquals(2, run("study", "experiments/quickstart.yaml"));
        assertTrue(err.toString().contains("quickstart.yaml"), err.toString());
    }
}
