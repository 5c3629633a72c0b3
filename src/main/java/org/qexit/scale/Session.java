package org.qexit.scale;

import java.util.List;
import java.util.Optional;
import org.qexit.common.task.TaskRunner;
import org.qexit.trace.TraceMetadata;

/** A connection to an engine; paths are of any file system that the engine knows. */
public interface Session extends AutoCloseable {
    /**
     * A trace in one or many files, whose columns have been checked.
     *
     * @param exits L
     * @param metadata of the first file that has any
     * @param files that are read
     * @param skipped damaged ones that are left out
     */
    record Traces(String path, int exits, Optional<TraceMetadata> metadata, List<String> files, List<String> skipped) {}

    /**
     * Answers of a fleet.
     *
     * @param devices answered
     * @param bad devices left out, for a row of theirs is bad
     * @param events of all devices
     * @param files read
     * @param skippedFiles damaged ones that were left out
     * @param seconds the whole took
     */
    record Summary(long devices, long bad, long events, int files, List<String> skippedFiles, double seconds) {}

    /**
     * Looks at a trace: a file, a directory with all below it, or a pattern of either.
     *
     * @param skipBad whether files that are damaged are left out, else they are an error
     * @throws org.qexit.common.UserError if there is none, a file is damaged, or files disagree on their columns
     */
    Traces traces(String path, boolean skipBad);

    /**
     * Checks that a result can be put there, before the work.
     *
     * @throws org.qexit.common.UserError if something else is there
     */
    void checkOutput(String directory);

    /**
     * Answers for every device; the result appears whole or not at all.
     *
     * @param other the trace that the job compares with, or null
     * @param directory for the Parquet files
     */
    Summary thresholds(Traces traces, Traces other, ThresholdsJob job, String directory);

    /**
     * Makes a fleet over a city ({@link org.qexit.allocation.CityGenerator}).
     *
     * @param directory for {@code fleet.json} and the Parquet files of the devices
     */
    void makeFleet(int devices, int nodes, long seed, String directory);

    /**
     * Makes synthetic traces.
     *
     * @param files how many, made side by side
     * @param directory for the Parquet files
     */
    void makeTraces(SyntheticTraces traces, int files, String directory);

    /**
     * A plan of a large fleet.
     *
     * @param objective Σ ρ_n ln U_n
     * @param bound no plan has a larger one
     */
    record Planned(double objective, double bound, double gapPercent, long devices, double seconds) {}

    /**
     * Plans a fleet.
     *
     * @param path of its directory
     * @param directory for {@code plan.json} and the Parquet files of the devices' parts
     */
    Planned optimize(String path, String directory);

    /** Runs independent tasks on the engine's machines; the same as long as the session is open. */
    TaskRunner tasks();

    @Override
    void close();
}
