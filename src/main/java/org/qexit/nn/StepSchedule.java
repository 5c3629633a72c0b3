package org.qexit.nn;

import java.util.function.IntToDoubleFunction;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Learning rates as DL4J asks for them.
 *
 * @param rates of each step of the whole training, from 0
 */
record StepSchedule(IntToDoubleFunction rates) implements ISchedule {
    @Override
    public double valueAt(int iteration, int epoch) {
        return rates.applyAsDouble(iteration);
    }

    @Override
    public ISchedule clone() {
        return this;
    }
}
