package org.qexit.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the program runs on, for provenance and {@code qexit doctor}. */
public final class Machine {
    private static final Set<String> TELLING_FLAGS =
            Set.of("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512dq", "avx512_vnni", "asimd", "sve");

    private Machine() {}

    /** Facts by name, in a fixed order. */
    public static Map<String, Object> describe() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("qexit", Version.current());
        facts.put("jvm", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        facts.put("cpu", cpuField("model name").orElse("unknown"));
        facts.put("cpuFlags", cpuFlags());
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("heapMaxMiB", Runtime.getRuntime().maxMemory() >> 20);
        facts.put("vectorModule", vectorModule());
        facts.put(
                "ompNumThreads",
                Optional.ofNullable(System.getenv("OMP_NUM_THREADS")).orElse("not set"));
        return facts;
    }

    /** Whether the incubating Vector API is among the modules of this JVM. */
    public static boolean vectorModule() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    private static List<String> cpuFlags() {
        return cpuField("flags")
                .or(() -> cpuField("Features"))
                .map(flags -> List.of(flags.split(" ")).stream()
                        .filter(TELLING_FLAGS::contains)
                        .sorted()
                        .collect(Collectors.toList()))
                .orElse(List.of());
    }

    private static Optional<String> cpuField(String name) {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpuinfo)) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(cpuinfo).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
