package org.qexit.scale.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.qexit.common.UserError;
import org.qexit.scale.Session;
import org.qexit.scale.ThresholdsJob;

/** A large device beside small ones: what is said to fit depends on what the search must sort. */
class MemoryTest {
    private static final int EVENTS = 300_000;
    private static final int EXITS = 3;
    /** Bytes by the rule of docs/scale.md where all events are sorted: of the largest device and one of the small. */
    private static final long ALL = (32 + 24L * EXITS) * (EVENTS + 10);

    private static final long UNSORTED = (22 + 4L * EXITS) * (EVENTS + 10);

    private static SparkSession spark;
    private static Dataset<Row> rows;
    private static Dataset<Row> devices;

    @BeforeAll
    static void makeRows() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .getOrCreate();
        rows = spark.range(EVENTS + 1000)
                .select(
                        expr("if(id < " + EVENTS + ", 'large', concat('ue', cast(id % 100 as string)))")
                                .as("device"),
                        expr("cast(rand(7) as float)").as("c1"),
                        expr("cast(0.5 * rand(8) as float)").as("c2"),
                        expr("cast(0.5 * rand(9) as float)").as("c3"))
                .persist();
        devices = rows.groupBy(col("device"))
                .agg(expr("count(*)").as("own"), expr("0L").as("other"));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static ThresholdsJob job(String budget, boolean all, int crossFits, long mostEvents) {
        return new ThresholdsJob(
                budget,
                null,
                null,
                all,
                false,
                0,
                null,
                crossFits,
                0,
                false,
                null,
                null,
                ThresholdsJob.Compare.NOTHING,
                0.01,
                mostEvents,
                false);
    }

    private static void check(long bytes, ThresholdsJob job) {
        Session.Traces traces = new Session.Traces("traces", EXITS, Optional.empty(), List.of(), List.of());
        Memory.check(2 * bytes, 2, job, traces, rows, devices);
    }

    private static String refused(long bytes, ThresholdsJob job) {
        return assertThrows(UserError.class, () -> check(bytes, job)).getMessage();
    }

    @Test
    void whatIsSortedWholeMustFitWhole() {
        ThresholdsJob all = job("0.1", true, 0, 0);
        assertDoesNotThrow(() -> check(ALL, all));
        assertTrue(refused(ALL - 104, all).startsWith("device large: has 300000 events; at most "));
        ThresholdsJob crossFitted = job("0.1", false, 4, 0);
        assertTrue(refused(ALL - 104, crossFitted).startsWith("device large: has 300000 events; at most "));
    }

    @Test
    void aBudgetSortsItsShare() {
        // Only the first exit's scores come near what a tenth admits, so a tenth of the events is sorted, give or take
        // the quantile's error.
        long tenth = UNSORTED + (32 + 24L * EXITS) * EVENTS / 10;
        assertDoesNotThrow(() -> check((long) (1.02 * tenth), job("0.1", false, 0, 0)));
        assertTrue(refused((long) (0.98 * tenth), job("0.1", false, 0, 0)).contains("MiB at this budget"));
        // The small device's share of so many events is none of its own.
        assertDoesNotThrow(() -> check((long) (1.02 * tenth), job("30000 events", false, 0, 0)));
        assertTrue(
                refused(ALL - 104, job("100%", false, 0, 0)).contains("MiB at this budget"),
                "a budget of all events sorts them all");
    }

    @Test
    void aLimitOfTheUsersOwnComesFirst() {
        assertDoesNotThrow(() -> check(1, job("0.1", true, 0, EVENTS)));
        assertTrue(refused(1L << 40, job("0.1", true, 0, EVENTS - 1)).contains("--max-events is 299999"));
    }
}
