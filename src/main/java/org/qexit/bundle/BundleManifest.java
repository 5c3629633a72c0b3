package org.qexit.bundle;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.qexit.common.Checks;
import org.qexit.common.Provenance;
import org.qexit.common.Warning;

/**
 * {@code manifest.json} of a bundle: what is in it, and the hash of every file. The layout is described in docs/bundle-format.md.
 *
 * @param format {@value #FORMAT}; {@value #FORMAT_2} where {@code carries} or {@code batch} is there; {@value #PER_EXIT_FORMAT} where devices
 *     may have thresholds for each exit
 * @param name of the bundle, as devices know it
 * @param created when, as ISO 8601 text, or null where bytes must not differ between runs
 * @param exits L
 * @param input what stage 1 and the whole graph take
 * @param opset version of the standard ONNX operators
 * @param operators names of all operators of all graphs, ascending
 * @param precision of the weights: "float32" or "int8"
 * @param model name of the whole graph's file
 * @param stages names of the stages' files, first stage first
 * @param costs what an event costs that leaves at each exit, first exit first
 * @param files every file of the bundle but {@code manifest.json} and {@code manifest.sig}, by ascending path
 * @param provenance where the model comes from
 * @param kind {@value #EDGE_NODE} for an edge node's bundle, null for a device's
 * @param warnings what will hardly do about the model; null for nothing
 * @param carries version 2: how many tensors every stage but the last hands on; null where each hands on one
 * @param batch version 2: 1 where the graphs take one event at a time; null where their batch size is free
 */
public record BundleManifest(
        String format,
        String name,
        String created,
        int exits,
        Input input,
        int opset,
        List<String> operators,
        String precision,
        String model,
        List<String> stages,
        List<Cost> costs,
        List<FileEntry> files,
        Provenance provenance,
        String kind,
        List<Warning> warnings,
        List<Integer> carries,
        Integer batch) {
    public static final String FORMAT = "qexit.bundle/1";

    /** With several tensors between stages, or graphs of one event. */
    public static final String FORMAT_2 = "qexit.bundle/2";

    /** Where devices may have thresholds for each exit, and the whole graph has. */
    public static final String PER_EXIT_FORMAT = "qexit.bundle/3";

    private static final List<String> FORMATS = List.of(FORMAT, FORMAT_2, PER_EXIT_FORMAT);

    /** Most tensors from stage to stage. */
    private static final int MAX_CARRIED = 256;

    /** The kind of a bundle for an edge node. */
    public static final String EDGE_NODE = "en";

    /** The precision of weights as they were trained. */
    public static final String SINGLE = "float32";

    /** The precision of convolutions in 8-bit integers. */
    public static final String INTEGERS = "int8";

    static final int MAX_EXITS = 64;
    static final long MAX_FILE_BYTES = 1L << 28;
    static final long MAX_TOTAL_BYTES = 1L << 29;
    static final int MAX_FILES = 20_000;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Set<String> UNLISTED = Set.of(Bundle.MANIFEST, Bundle.SIGNATURE);

    public BundleManifest {
        if (!FORMATS.contains(format)) {
            throw new IllegalArgumentException(
                    "format is '" + format + "'; expected one of " + String.join(", ", FORMATS));
        }
        carries = carries == null ? null : List.copyOf(carries);
        checkVersion(format, exits, carries, batch, kind);
        if (kind != null && !kind.equals(EDGE_NODE)) {
            throw new IllegalArgumentException(
                    "kind is '" + kind + "'; expected " + EDGE_NODE + ", or nothing for a device's bundle");
        }
        warnings = warnings == null || warnings.isEmpty() ? null : List.copyOf(warnings);
        Checks.notBlank("name", name);
        Checks.within("exits", exits, 1, MAX_EXITS);
        Checks.present("input", input);
        Checks.within("opset", opset, 1, 1000);
        operators = List.copyOf(Checks.present("operators", operators));
        Checks.notBlank("precision", precision);
        Checks.notBlank("model", model);
        stages = List.copyOf(Checks.present("stages", stages));
        costs = List.copyOf(Checks.present("costs", costs));
        files = List.copyOf(Checks.present("files", files));
        if (stages.size() != exits) {
            throw new IllegalArgumentException(
                    "stages has " + stages.size() + " names; expected " + exits + ", one per exit");
        }
        if (costs.size() != exits) {
            throw new IllegalArgumentException(
                    "costs has " + costs.size() + " entries; expected " + exits + ", one per exit");
        }
        checkFiles(files);
        for (String graph : graphs(model, stages)) {
            if (files.stream().noneMatch(f -> f.path().equals(graph))) {
                throw new IllegalArgumentException("files does not list '" + graph + "', which the bundle needs");
            }
        }
    }

    private static void checkVersion(String format, int exits, List<Integer> carries, Integer batch, String kind) {
        boolean known = !PER_EXIT_FORMAT.equals(format);
        if (known && (carries == null && batch == null) != FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "', carries is " + carries + " and batch "
                    + batch + "; expected neither in " + FORMAT + ", one of them at least in " + FORMAT_2);
        }
        if (batch != null && batch != 1) {
            throw new IllegalArgumentException("batch is " + batch + "; expected 1, or nothing for any size");
        }
        if (carries != null && (carries.size() != exits - 1 || kind != null)) {
            throw new IllegalArgumentException("carries has " + carries.size() + " numbers; expected " + (exits - 1)
                    + ", one for every stage of a device's bundle but the last");
        }
        for (int count : carries == null ? List.<Integer>of() : carries) {
            Checks.within("carries", count, 1, MAX_CARRIED);
        }
    }

    /** Whether devices may have thresholds for each exit, and the whole graph has. */
    public boolean perExit() {
        return PER_EXIT_FORMAT.equals(format);
    }

    /** How many tensors a stage, from 0, hands on; 0 for the last. */
    public int carried(int stage) {
        return stage == exits - 1 ? 0 : carries == null ? 1 : carries.get(stage);
    }

    /** Names of a stage's inputs, from 0. */
    public List<String> inputsOf(int stage) {
        return GraphNames.inputs(stage, stage == 0 ? 1 : carried(stage - 1));
    }

    /** Whether the graphs take one event at a time only. */
    public boolean oneByOne() {
        return batch != null;
    }

    private static void checkFiles(List<FileEntry> files) {
        if (files.size() > MAX_FILES) {
            throw new IllegalArgumentException("files lists " + files.size() + " files; expected at most " + MAX_FILES);
        }
        long total = 0;
        Set<String> folded = new HashSet<>();
        String before = "";
        for (FileEntry file : files) {
            total += file.bytes();
            if (UNLISTED.contains(file.path())) {
                throw new IllegalArgumentException("files lists '" + file.path() + "', which cannot hold its own hash");
            }
            // File systems that ignore case would hold one file for both.
            if (!folded.add(file.path().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("files lists '" + file.path() + "' twice");
            }
            if (file.path().compareTo(before) < 0) {
                throw new IllegalArgumentException(
                        "files lists '" + file.path() + "' after '" + before + "'; expected ascending paths");
            }
            before = file.path();
        }
        if (total > MAX_TOTAL_BYTES) {
            throw new IllegalArgumentException(
                    "files claims " + total + " bytes together; expected at most " + MAX_TOTAL_BYTES);
        }
    }

    private static List<String> graphs(String model, List<String> stages) {
        List<String> graphs = new java.util.ArrayList<>(stages);
        graphs.add(model);
        return graphs;
    }

    /** Whether an edge node runs it. */
    public boolean forEdgeNode() {
        return kind != null;
    }

    /** Names of all ONNX files: the stages, then the whole graph. */
    List<String> graphs() {
        return graphs(model, stages);
    }

    /**
     * What one event looks like: {@code float32 [N, channels, height, width]}, in row-major order.
     *
     * @param channels C
     * @param height H
     * @param width W
     * @param type "float32"
     * @param maximum values are 0 to this: 255 for the levels of 8-bit images, 1 for values that are scaled already
     * @param normalisation what the graph itself does to its input, in words
     */
    public record Input(int channels, int height, int width, String type, float maximum, String normalisation) {
        private static final int MAX_VALUES = 1 << 26;

        public Input {
            Checks.positive("maximum", maximum);
            Checks.within("channels", channels, 1, MAX_VALUES);
            Checks.within("height", height, 1, MAX_VALUES);
            Checks.within("width", width, 1, MAX_VALUES);
            if (!"float32".equals(type)) {
                throw new IllegalArgumentException("type is '" + type + "'; expected float32");
            }
            if ((double) channels * height * width > MAX_VALUES) {
                throw new IllegalArgumentException("an event of " + channels + " x " + height + " x " + width
                        + " values is too large; expected at most " + MAX_VALUES);
            }
        }

        /** Values per event. */
        public int size() {
            return channels * height * width;
        }
    }

    /**
     * What one event costs that leaves at this exit: sums over all stages up to it.
     *
     * @param exit from 1
     * @param macs multiply-accumulate operations
     * @param memoryAccesses weights read, activations read and written [32-bit words]
     * @param parameters trained parameters
     */
    public record Cost(int exit, long macs, long memoryAccesses, long parameters) {
        public Cost {
            Checks.within("exit", exit, 1, MAX_EXITS);
            Checks.nonNegative("macs", macs);
            Checks.nonNegative("memoryAccesses", memoryAccesses);
            Checks.nonNegative("parameters", parameters);
        }
    }

    /**
     * A file of the bundle.
     *
     * @param path with '/' between folders, relative to the bundle
     * @param bytes its length
     * @param sha256 64 lower-case hexadecimal digits
     */
    public record FileEntry(String path, long bytes, String sha256) {
        public FileEntry {
            BundleFiles.checkName(path);
            if (bytes < 0 || bytes > MAX_FILE_BYTES) {
                throw new IllegalArgumentException(
                        "bytes of '" + path + "' is " + bytes + "; expected 0 to " + MAX_FILE_BYTES);
            }
            if (sha256 == null || !SHA256.matcher(sha256).matches()) {
                throw new IllegalArgumentException(
                        "sha256 of '" + path + "' is '" + sha256 + "'; expected 64 lower-case hexadecimal digits");
            }
        }
    }
}
