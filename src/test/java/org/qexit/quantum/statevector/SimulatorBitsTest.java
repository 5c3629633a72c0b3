package org.qexit.quantum.statevector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.OtherJvm;
import org.qexit.quantum.statevector.SimulatorOptions.Kernel;

/** The same bits whatever the processor, the kernels and the number of threads: the frozen hash is that of all of them. */
class SimulatorBitsTest {
    private static final String FROZEN = "ea4e1eea6f552dcb5c8847bbb077389c0fe247c056bf7f56aa64e289df9d7c63";

    @ParameterizedTest
    @CsvSource({"PLAIN, 1", "VECTOR, 1", "VECTOR, 3"})
    void kernelsAndThreadsDoNotMatter(Kernel kernel, int threads) {
        assertEquals(FROZEN, SimulatorBits.hash(kernel, threads));
    }

    /** Processors of before, the least that vectors can be, and a JVM without the module. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--add-modules jdk.incubator.vector -XX:UseAVX=2",
                "--add-modules jdk.incubator.vector -XX:MaxVectorSize=16",
                "-XX:TieredStopAtLevel=1"
            })
    void theProcessorDoesNotMatter(String options) throws Exception {
        String said = OtherJvm.said(options, SimulatorBits.class);
        assertEquals(FROZEN + (options.contains("vector") ? " vector" : " plain"), said);
    }
}
