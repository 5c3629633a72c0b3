package org.qexit.tier.scenario;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.UserError;

/** Recorded times of arrivals: lines {@code device,seconds} under that header, in any order. */
public final class ArrivalFile {
    private static final String HEADER = "device,seconds";

    private ArrivalFile() {}

    /**
     * The arrivals of one device.
     *
     * @param seconds ascending; not copied
     */
    public record DeviceTimes(String device, double[] seconds) {}

    /** @throws UserError for whatever is no such file, with its line */
    public static List<DeviceTimes> read(Path file) {
        Map<String, List<Double>> times = new TreeMap<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new UserError(file + ": no such file", e);
        } catch (MalformedInputException e) {
            throw new UserError(file + ": not readable: is not UTF-8 text", e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        if (lines.isEmpty() || !lines.get(0).strip().equals(HEADER)) {
            throw new UserError(file + " line 1: expected the header " + HEADER);
        }
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty()) {
                add(times, file + " line " + (i + 1), line);
            }
        }
        List<DeviceTimes> all = new ArrayList<>();
        times.forEach((device, seconds) -> all.add(new DeviceTimes(
                device,
                seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray())));
        return all;
    }

    private static void add(Map<String, List<Double>> times, String place, String line) {
        int comma = line.lastIndexOf(',');
        double seconds;
        try {
            seconds = comma < 1 ? Double.NaN : Double.parseDouble(line.substring(comma + 1));
        } catch (NumberFormatException e) {
            seconds = Double.NaN;
        }
        if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
            throw new UserError(
                    place + ": '" + UserError.shown(line) + "'; expected a device's id, a comma and a time >= 0 [s]");
        }
        times.computeIfAbsent(line.substring(0, comma).strip(), key -> new ArrayList<>())
                .add(seconds);
    }
}
