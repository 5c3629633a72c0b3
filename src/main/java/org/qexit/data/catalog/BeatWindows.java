package org.qexit.data.catalog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qexit.common.Hashing;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.data.formats.WfdbAnnotations;
import org.qexit.data.formats.WfdbAnnotations.Beat;
import org.qexit.data.formats.WfdbRecord;

/** The windows around the beats of some records, as {@link HeartBeats} says; tells what of the records is left out. */
final class BeatWindows {
    private static final double SAMPLES_PER_SECOND = 360;
    private static final String LEAD = "MLII";
    private static final double LEVELS_PER_MILLIVOLT = 50;

    private static final Map<String, Integer> AAMI = Map.ofEntries(
            Map.entry("N", 0),
            Map.entry("L", 0),
            Map.entry("R", 0),
            Map.entry("e", 0),
            Map.entry("j", 0),
            Map.entry("A", 1),
            Map.entry("a", 1),
            Map.entry("J", 1),
            Map.entry("S", 1),
            Map.entry("V", 2),
            Map.entry("E", 2),
            Map.entry("F", 3),
            Map.entry("/", 4),
            Map.entry("f", 4),
            Map.entry("Q", 4));

    private final Path records;
    private final Map<String, String> sources;
    private final List<byte[]> windows = new ArrayList<>();
    private final List<Integer> classes = new ArrayList<>();
    private final StringBuilder table = new StringBuilder("record,sample,symbol,aami\n");
    private int outside;

    private BeatWindows(Path records, Map<String, String> sources) {
        this.records = records;
        this.sources = sources;
    }

    /**
     * Reads records.
     *
     * @param split what they are for, in messages
     * @param sources SHA-256 of every file that was read so far, by its name; those of these records are added
     * @throws UserError for a record that is not read, one whose files are another's, or if there are no beats
     */
    static BeatWindows read(Path records, List<String> names, String split, Map<String, String> sources) {
        BeatWindows beats = new BeatWindows(records, sources);
        names.forEach(beats::add);
        if (beats.outside > 0) {
            Progress.say(split + ": " + beats.outside + " beats left out, as their windows leave the record");
        }
        if (beats.windows.isEmpty()) {
            throw new UserError(records + ": no beats for " + split + " in the records " + String.join(", ", names));
        }
        return beats;
    }

    int size() {
        return windows.size();
    }

    /** Levels, {@code [beat][sample]}. */
    List<byte[]> windows() {
        return windows;
    }

    /** Class ids, {@code [beat]}. */
    byte[] labels() {
        byte[] labels = new byte[classes.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = classes.get(i).byteValue();
        }
        return labels;
    }

    /** Where each beat comes from, as CSV. */
    String table() {
        return table.toString();
    }

    private void add(String name) {
        Path header = records.resolve(name + ".hea");
        WfdbRecord record = WfdbRecord.read(records, name, LEAD);
        if (record.samplesPerSecond() != SAMPLES_PER_SECOND) {
            throw new UserError(header + ": sampled at " + record.samplesPerSecond() + " Hz; expected "
                    + SAMPLES_PER_SECOND + " (windows count samples of this rate; without a rate it is 250)");
        }
        Path file = records.resolve(name + ".atr");
        WfdbAnnotations annotations = WfdbAnnotations.read(file, record.samplesPerSecond());
        addSources(List.of(header, record.file(), file));
        int before = windows.size();
        int invalid = 0;
        for (Beat beat : annotations.beats()) {
            int from = beat.sample() - HeartBeats.BEFORE;
            if (beat.sample() >= record.millivolts().length) {
                throw new UserError(file + ": a beat at sample " + beat.sample() + "; the record has "
                        + record.millivolts().length + " samples");
            }
            if (from < 0 || from + (long) HeartBeats.WIDTH > record.millivolts().length) {
                outside++;
            } else if (!isValid(record.millivolts(), from)) {
                invalid++;
            } else {
                int aami = AAMI.get(beat.symbol());
                windows.add(levels(record.millivolts(), from));
                classes.add(aami);
                table.append(name + "," + beat.sample() + "," + beat.symbol() + "," + aami + "\n");
            }
        }
        tell(record, annotations, invalid, windows.size() - before);
    }

    /** @param files the first of them names the others */
    private void addSources(List<Path> files) {
        for (Path file : files) {
            String sha256 = Hashing.sha256Hex(WfdbRecord.bytes(file));
            if (sources.put(file.getFileName().toString(), sha256) != null) {
                throw new UserError(files.get(0) + ": names " + file.getFileName()
                        + ", which belongs to another record; every patient has files of its own");
            }
        }
    }

    /** What of a record should not pass in silence. */
    private static void tell(WfdbRecord record, WfdbAnnotations annotations, int invalid, int taken) {
        String name = "record " + record.name() + ": ";
        record.remarks().forEach(remark -> Progress.say(name + remark));
        if (annotations.ignoredBytes() > 0) {
            Progress.say(name + annotations.ignoredBytes() + " bytes behind the end of its annotations are ignored");
        }
        if (invalid > 0) {
            Progress.say(name + invalid
                    + " beats left out, as their windows hold samples that the record marks as not valid");
        }
        if (taken == 0) {
            Progress.say(name + "none of its " + annotations.beats().size() + " beats can be used");
        }
    }

    private static boolean isValid(float[] millivolts, int from) {
        for (int i = 0; i < HeartBeats.WIDTH; i++) {
            if (Float.isNaN(millivolts[from + i])) {
                return false;
            }
        }
        return true;
    }

    private static byte[] levels(float[] millivolts, int from) {
        byte[] levels = new byte[HeartBeats.WIDTH];
        for (int i = 0; i < HeartBeats.WIDTH; i++) {
            long level = Math.round(128 + LEVELS_PER_MILLIVOLT * millivolts[from + i]);
            levels[i] = (byte) Math.max(0, Math.min(255, level));
        }
        return levels;
    }
}
