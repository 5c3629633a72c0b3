package org.qexit.nn;

import org.nd4j.linalg.schedule.ISchedule;

/**
 * Learning rate η_i = η_0 (1 + cos(π i / N)) / 2 at step i of N.
 *
 * @param initial η_0
 * @param steps N
 */
record CosineDecay(double initial, int steps) implements ISchedule {
    @Override
    public double valueAt(int iteration, int epoch) {
        return initial * 0.5 * (1 + Math.cos(Math.PI * Math.min(iteration, steps) / steps));
    }

    @Override
    public ISchedule clone() {
        return this;
    }
}
