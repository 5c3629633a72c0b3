package org.qexit.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.deeplearning4j.nn.layers.mkldnn.BaseMKLDNNHelper;
import org.deeplearning4j.util.CrashReportingUtil;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The native library below the networks: how it is set up and what it offers on this machine. */
public final class Backend {
    /** DL4J's switch; it is on unless told otherwise. */
    private static final String HELPERS_OFF = "org.eclipse.deeplearning4j.helpers.disable";

    /**
     * JavaCPP's cap on the process' memory, to heed which it reads /proc before every allocation: a tenth of a training step. Its cap on
     * what it has allocated itself, which costs nothing, stays.
     */
    private static final String PHYSICAL_MEMORY_CAP = "org.bytedeco.javacpp.maxphysicalbytes";

    private static final String ND4J_BANNER = "org.nd4j.log.initialization";

    static {
        // Without these a network trains several times slower and a failure leaves DL4J's dump files behind.
        if (System.getProperty(HELPERS_OFF) == null) {
            System.setProperty(HELPERS_OFF, "false");
        }
        if (System.getProperty(PHYSICAL_MEMORY_CAP) == null) {
            System.setProperty(PHYSICAL_MEMORY_CAP, "0");
        }
        if (System.getProperty(ND4J_BANNER) == null) {
            System.setProperty(ND4J_BANNER, "false");
        }
        CrashReportingUtil.crashDumpsEnabled(false);
    }

    /**
     * Native threads of each of our own. One: how many share a sum decides on its last bits, so that OMP_NUM_THREADS in somebody's
     * environment would decide on a training's bytes; and more made the kernels several times slower on small machines.
     */
    private static final int NATIVE_THREADS = 1;

    private static final ThreadLocal<Boolean> READY = ThreadLocal.withInitial(() -> false);

    private Backend() {}

    /** Makes sure that the set-up above has happened, and on this thread what every thread needs; call before any use of ND4J. */
    static void ensure() {
        if (!READY.get()) {
            loadNative();
            // OpenMP's number of threads is each thread's own.
            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(NATIVE_THREADS);
            READY.set(true);
        }
    }

    private static void loadNative() {
        Nd4j.getEnvironment().setMaxThreads(NATIVE_THREADS);
        Nd4j.getEnvironment().setMaxMasterThreads(NATIVE_THREADS);
        Nd4j.factory().blas().setMaxThreads(NATIVE_THREADS);
    }

    /** Whether convolution and pooling run on oneDNN; else on code several times slower. */
    public static boolean helpersOn() {
        return !Boolean.parseBoolean(System.getProperty(HELPERS_OFF)) && BaseMKLDNNHelper.mklDnnEnabled();
    }

    /** Facts by name, in a fixed order, for {@code qexit doctor}. Loads the native library. */
    public static Map<String, Object> describe() {
        ensure();
        Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("backend", "ND4J " + environment.getProperty("backend", "unknown"));
        facts.put("blasVendor", String.valueOf(environment.get("blas.vendor")));
        facts.put("oneDnnHelpers", helpersOn());
        facts.put("ompThreads", Nd4j.getEnvironment().maxThreads());
        facts.put("blasThreads", Nd4j.getEnvironment().maxMasterThreads());
        return facts;
    }
}
