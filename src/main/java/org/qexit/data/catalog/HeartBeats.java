package org.qexit.data.catalog;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Checks;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.catalog.DatasetDescriptor.Format;
import org.qexit.data.catalog.DatasetDescriptor.Made;
import org.qexit.data.catalog.DatasetDescriptor.Role;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxType;
import org.qexit.data.formats.WfdbAnnotations;
import org.qexit.data.formats.WfdbAnnotations.Beat;
import org.qexit.data.formats.WfdbRecord;

/**
 * Makes a data set of heart beats from the records of the MIT-BIH Arrhythmia Database: for every annotated beat the {@value #WIDTH}
 * samples of lead MLII (or the first signal) from {@value #BEFORE} before it, as levels round(128 + 50 x) of x millivolts, cut to 0 to
 * 255. Beats whose window leaves the record, or holds a sample that is marked as not valid, are left out; the latter are told. Classes are those of the AAMI standard EC57.
 */
public final class HeartBeats {
    static final int WIDTH = 256;
    static final int BEFORE = 99;
    private static final double SAMPLES_PER_SECOND = 360;
    private static final String LEAD = "MLII";
    private static final double LEVELS_PER_MILLIVOLT = 50;

    private static final List<String> CLASSES =
            List.of("normal", "supraventricular", "ventricular", "fusion", "unknown");
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

    /** Patients that models learn from, and those that they are tested on: de Chazal et al., IEEE TBME 51 (2004), 1196-1206, Table I. */
    public static final List<String> TRAIN = List.of(
            "101", "106", "108", "109", "112", "114", "115", "116", "118", "119", "122", "124", "201", "203", "205",
            "207", "208", "209", "215", "220", "223", "230");

    public static final List<String> TEST = List.of(
            "100", "103", "105", "111", "113", "117", "121", "123", "200", "202", "210", "212", "213", "214", "219",
            "221", "222", "228", "231", "232", "233", "234");

    private HeartBeats() {}

    /**
     * Writes six gzipped files into a directory, and their descriptor beside it as {@code <directory>.json}.
     *
     * @param records directory of {@code NAME.hea}, {@code .dat} and {@code .atr} of every record
     */
    public static DatasetDescriptor write(Path records, List<String> train, List<String> test, Path directory) {
        Path last = Checks.present(
                "name of " + directory, directory.toAbsolutePath().normalize().getFileName());
        List<DataFile> files = new ArrayList<>();
        Map<String, String> sources = new java.util.TreeMap<>();
        int beats = 0;
        for (Split split : Split.values()) {
            beats += writeSplit(records, split == Split.TRAIN ? train : test, split, directory, files, sources);
        }
        DatasetDescriptor descriptor = new DatasetDescriptor(
                last.toString(),
                beats + " heart beats of " + (train.size() + test.size()) + " patients, 1 x " + WIDTH + " samples",
                "https://physionet.org/content/mitdb/1.0.0/",
                "Open Data Commons Attribution License 1.0; Moody and Mark, MIT-BIH Arrhythmia Database",
                null,
                Format.IDX,
                CLASSES,
                List.of(last.toString()),
                files,
                null,
                null,
                "record",
                new Made("qexit data beats RECORDS --out datasets/" + last, "mitdb", sources));
        Json.write(directory.resolveSibling(last + ".json"), descriptor);
        return descriptor;
    }

    private static int writeSplit(
            Path records,
            List<String> names,
            Split split,
            Path directory,
            List<DataFile> files,
            Map<String, String> sources) {
        List<byte[]> windows = new ArrayList<>();
        List<Byte> classes = new ArrayList<>();
        StringBuilder table = new StringBuilder("record,sample,symbol,aami\n");
        for (String name : names) {
            WfdbRecord record = WfdbRecord.read(records, name, LEAD);
            if (record.samplesPerSecond() != SAMPLES_PER_SECOND) {
                throw new UserError(records.resolve(name + ".hea") + ": sampled at " + record.samplesPerSecond()
                        + " Hz; expected " + SAMPLES_PER_SECOND + " (windows count samples of this rate)");
            }
            int invalid = 0;
            for (String end : List.of(".hea", ".dat", ".atr")) {
                sources.put(name + end, Hashing.sha256Hex(WfdbRecord.bytes(records.resolve(name + end))));
            }
            for (Beat beat : WfdbAnnotations.beats(records.resolve(name + ".atr"), record.samplesPerSecond())) {
                int from = beat.sample() - BEFORE;
                if (from < 0 || from + (long) WIDTH > record.millivolts().length) {
                    continue;
                }
                if (!isValid(record.millivolts(), from)) {
                    invalid++;
                } else {
                    windows.add(levels(record.millivolts(), from));
                    int aami = AAMI.get(beat.symbol());
                    classes.add((byte) aami);
                    table.append(name + "," + beat.sample() + "," + beat.symbol() + "," + aami + "\n");
                }
            }
            if (invalid > 0) {
                Progress.say("record " + name + ": " + invalid
                        + " beats left out, as their windows hold samples that the record marks as not valid");
            }
        }
        byte[] labels = new byte[classes.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = classes.get(i);
        }
        boolean train = split == Split.TRAIN;
        String stem = split.word();
        files.add(idx(
                train ? Role.TRAIN_IMAGES : Role.TEST_IMAGES,
                directory.resolve(stem + "-beats-idx3-ubyte.gz"),
                new int[] {windows.size(), 1, WIDTH},
                windows));
        files.add(idx(
                train ? Role.TRAIN_LABELS : Role.TEST_LABELS,
                directory.resolve(stem + "-labels-idx1-ubyte.gz"),
                new int[] {labels.length},
                List.of(labels)));
        AtomicFiles.writeString(directory.resolve(stem + "-meta.csv"), table.toString());
        files.add(new DataFile(
                Role.groups(split),
                stem + "-meta.csv",
                null,
                Hashing.sha256Hex(table.toString().getBytes(StandardCharsets.UTF_8))));
        return labels.length;
    }

    private static DataFile idx(Role role, Path file, int[] dims, List<byte[]> rows) {
        return new DataFile(role, file.getFileName().toString(), null, Idx.write(file, IdxType.UBYTE, dims, rows));
    }

    private static boolean isValid(float[] millivolts, int from) {
        for (int i = 0; i < WIDTH; i++) {
            if (Float.isNaN(millivolts[from + i])) {
                return false;
            }
        }
        return true;
    }

    private static byte[] levels(float[] millivolts, int from) {
        byte[] levels = new byte[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            long level = Math.round(128 + LEVELS_PER_MILLIVOLT * millivolts[from + i]);
            levels[i] = (byte) Math.max(0, Math.min(255, level));
        }
        return levels;
    }
}
