package org.qexit.cli.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Stack;
import java.util.function.Function;
import org.qexit.common.UserError;
import org.qexit.common.task.TaskRunner;
import org.qexit.scale.Engine;
import org.qexit.scale.Session;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where independent tasks of a command are run: the threads of this process, or Apache Spark. */
public final class RunnerOptions {
    @Option(
            names = {"--spark", "--master"},
            paramLabel = "MASTER",
            arity = "0..1",
            preprocessor = Master.class,
            description =
                    "Spread the work over Apache Spark: local[N] for N cores of this machine, spark://HOST:PORT, yarn; without"
                            + " MASTER what spark-submit says, else all cores of this machine. The same bytes come of it"
                            + " (docs/scale.md).")
    private String master;

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "With --spark: a setting of Spark's own, such as spark.executor.memory=8g; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** What follows is the master where it looks like one; else it is an argument of its own. */
    static final class Master implements IParameterPreprocessor {
        @Override
        public boolean preprocess(Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            boolean follows = !words.isEmpty()
                    && words.peek().matches("local|local\\[.*|(spark|k8s)://.*|yarn|mesos://.*|local-cluster.*");
            if (!follows) {
                option.setValue("");
            }
            return !follows;
        }
    }

    /** Whether Spark is asked for. */
    public boolean onSpark(CommandSpec command) {
        boolean asked = master != null
                || command.parent() != null && command.parent().name().equals("spark");
        if (!asked && !settings.isEmpty()) {
            throw new UserError("--conf stands without --spark; expected both");
        }
        return asked;
    }

    /**
     * Does work with what runs its tasks.
     *
     * @param threads of this process as given, or null; not with Spark
     * @param usually threads where none are given
     */
    public <R> R with(CommandSpec command, Integer threads, int usually, Function<TaskRunner, R> work) {
        if (!onSpark(command)) {
            return work.apply(TaskRunner.here(threads == null ? usually : threads));
        }
        if (threads != null) {
            throw new UserError("--threads stands beside --spark, which has cores of its own; expected one of the two."
                    + " Maybe --spark local[" + threads + "]");
        }
        try (Session session = Engine.connect(master == null || master.isEmpty() ? null : master, settings)) {
            return work.apply(session.tasks());
        }
    }
}
