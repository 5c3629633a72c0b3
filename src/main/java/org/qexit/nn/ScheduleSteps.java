package org.qexit.nn;

import org.nd4j.linalg.schedule.ISchedule;

/**
 * A learning-rate schedule as DL4J asks for it.
 *
 * @param schedule its course
 * @param highest its highest rate
 * @param stepsPerEpoch steps of an epoch
 * @param epochs of the whole training
 */
record ScheduleSteps(Schedule schedule, double highest, int stepsPerEpoch, int epochs) implements ISchedule {
    @Override
    public double valueAt(int iteration, int epoch) {
        return schedule.rate(highest, iteration, stepsPerEpoch, epochs);
    }

    @Override
    public ISchedule clone() {
        return this;
    }
}
