package org.qexit.tier.live.up;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.device.Latencies;

/** What has become of a device's events, counted from its log, which grows. Not for several threads. */
final class DeviceTally {
    private static final double NANOS = 1e9;
    private static final int MOST = 1 << 20;

    private final LiveFleet.Device device;
    private final Path log;
    private final Map<String, Long> ends = new TreeMap<>();
    /** By node, then by class; -1 is a false alarm. */
    private final Map<String, Map<Integer, Long>> classes = new TreeMap<>();

    private final Latencies answers = new Latencies();
    private long position;
    private long critical;
    private long found;

    DeviceTally(LiveFleet.Device device, Path log) {
        this.device = device;
        this.log = log;
    }

    /** Reads the lines that have come. */
    void read() {
        if (!Files.exists(log)) {
            return;
        }
        try (RandomAccessFile in = new RandomAccessFile(log.toFile(), "r")) {
            for (long left = in.length() - position; left > 0; left = in.length() - position) {
                byte[] bytes = new byte[(int) Math.min(left, MOST)];
                in.seek(position);
                in.readFully(bytes);
                int whole = take(bytes);
                if (whole == 0) {
                    return;
                }
                position += whole;
            }
        } catch (IOException e) {
            throw new UserError(log + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Bytes of whole lines. */
    private int take(byte[] bytes) {
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                take(Json.parse(
                        log.toString(), new String(bytes, begin, i - begin, StandardCharsets.UTF_8), Map.class));
                begin = i + 1;
            }
        }
        return begin;
    }

    private void take(Map<?, ?> line) {
        String end = (String) line.get("end");
        int number = ((Number) line.get("event")).intValue();
        ends.merge(end, 1L, Long::sum);
        boolean inTime = end.equals("classified") || end.equals("rejected");
        if (number <= device.events().size() && device.events().labels()[number - 1] == 1) {
            critical++;
            found += inTime ? 1 : 0;
        }
        if (line.get("class") instanceof Number classId) {
            classes.computeIfAbsent((String) line.get("node"), node -> new TreeMap<>())
                    .merge(classId.intValue(), 1L, Long::sum);
        }
        if (inTime && line.get("delaySeconds") instanceof Number seconds) {
            answers.add((long) (NANOS * seconds.doubleValue()));
        }
    }

    private long ended(String... words) {
        long sum = 0;
        for (String word : words) {
            sum += ends.getOrDefault(word, 0L);
        }
        return sum;
    }

    /** U so far, or null before the first critical event. */
    Double utility() {
        return critical == 0 ? null : found / (double) critical;
    }

    /** What a node has told this device, by class; -1 is a false alarm. */
    Map<Integer, Long> classes(String node) {
        return classes.getOrDefault(node, Map.of());
    }

    Figures.Device figures() {
        long offloaded = ended("classified", "rejected", "missed", "late", "refused");
        return new Figures.Device(
                device.id(),
                device.node(),
                device.level(),
                offloaded + ended("dropped"),
                device.events().size(),
                ended("dropped"),
                offloaded,
                ended("classified"),
                ended("rejected"),
                ended("missed", "late", "refused"),
                seconds(0.5),
                seconds(0.95),
                device.promised(),
                utility());
    }

    private Double seconds(double share) {
        Double micros = answers.quantileMicros(share);
        return micros == null ? null : micros / 1e6;
    }
}
