package org.qexit.scale.spark;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.qexit.common.Progress;

/** Shows the tasks of each stage as they end. */
final class TaskProgress extends SparkListener {
    private volatile String task = "spark";
    private volatile boolean silent;
    private Progress shown;
    private int stage = -1;

    /** What the stages from now on are for. */
    void now(String name) {
        task = name;
    }

    /** Whether somebody else shows how far the work is. */
    void silent(boolean on) {
        silent = on;
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
        end();
        if (silent) {
            return;
        }
        stage = event.stageInfo().stageId();
        shown = Progress.start(task, event.stageInfo().numTasks());
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
        if (shown != null && event.stageId() == stage && event.taskInfo().successful()) {
            shown.step();
        }
    }

    @Override
    public synchronized void onStageCompleted(SparkListenerStageCompleted event) {
        if (event.stageInfo().stageId() == stage) {
            end();
        }
    }

    private void end() {
        if (shown != null) {
            shown.close();
            shown = null;
        }
    }
}
