package org.qexit.tier.scenario;

import java.io.Serializable;

/** Where a simulation's inputs come from, so that other processes make the same of the same files. */
@FunctionalInterface
public interface InputSource extends Serializable {
    /** @throws org.qexit.common.UserError for whatever cannot be simulated, in one line */
    SimulationInputs inputs();
}
