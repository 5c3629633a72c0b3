package org.qexit.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.deeplearning4j.nn.layers.mkldnn.BaseMKLDNNHelper;
import org.deeplearning4j.util.CrashReportingUtil;
import org.nd4j.linalg.factory.Nd4j;

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

    private Backend() {}

    /** Makes sure that the set-up above has happened; call before the first use of ND4J. */
    static void ensure() {
        // Loading this class is all it takes.
    }

    /** Whether convolution and pooling run on oneDNN; else on code several times slower. */
    public static boolean helpersOn() {
        return !Boolean.parseBoolean(System.getProperty(HELPERS_OFF)) && BaseMKLDNNHelper.mklDnnEnabled();
    }

    /** Facts by name, in a fixed order, for {@code qexit doctor}. Loads the native library. */
    public static Map<String, Object> describe() {
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
