package org.qexit.trace;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.Provenance;

/**
 * What a trace file says of itself: {@code qexit.trace} in a Parquet file's key-value metadata, {@code FILE.meta.json}
 * beside a CSV file. See docs/trace-format.md.
 *
 * @param version of the format; {@link #VERSION}
 * @param modelId the model that gave the scores, or null
 * @param modelSha256 SHA-256 of its parameters, or null
 * @param exits cost up to and including each exit, {@code [exit]}, or null if not known
 * @param split which part of the data the events are, such as "validation", or null
 * @param provenance of the file, or null
 * @param classes what a multi-class trace tells apart, else null
 */
public record TraceMetadata(
        int version,
        String modelId,
        String modelSha256,
        List<CumulativeCost> exits,
        String split,
        Provenance provenance,
        Classes classes) {
    public static final int VERSION = 1;

    /** @throws IllegalArgumentException for another version */
    public TraceMetadata {
        if (version != VERSION) {
            throw new IllegalArgumentException("trace format version is " + version + "; expected " + VERSION);
        }
        exits = exits == null ? null : List.copyOf(exits);
    }

    public static TraceMetadata of(
            String modelId, String modelSha256, List<CumulativeCost> exits, String split, Provenance provenance) {
        return new TraceMetadata(VERSION, modelId, modelSha256, exits, split, provenance, null);
    }

    /** The same of a multi-class trace. */
    public TraceMetadata withClasses(Classes told) {
        return new TraceMetadata(version, modelId, modelSha256, exits, split, provenance, told);
    }

    /**
     * What an edge node's model tells apart.
     *
     * @param names of the classes, {@code [class]}
     * @param critical ids of those that are critical, ascending
     * @param payload what devices send, in words, or null
     */
    public record Classes(List<String> names, List<Integer> critical, String payload) {
        public Classes {
            names = List.copyOf(Checks.present("names", names));
            critical = List.copyOf(Checks.present("critical", critical));
            int before = -1;
            for (int id : critical) {
                Checks.within("critical class", id, 0, names.size() - 1);
                if (id <= before) {
                    throw new IllegalArgumentException(
                            "critical classes are " + critical + "; expected ascending ids, each once");
                }
                before = id;
            }
        }
    }

    /**
     * Cumulative cost of one event that goes as far as an exit.
     *
     * @param macs multiply-accumulate operations
     * @param memoryAccesses weights read, activations read, activations written
     * @param parameters trained parameters
     */
    public record CumulativeCost(long macs, long memoryAccesses, long parameters) {
        public CumulativeCost {
            Checks.nonNegative("macs", macs);
            Checks.nonNegative("memoryAccesses", memoryAccesses);
            Checks.nonNegative("parameters", parameters);
        }
    }
}
