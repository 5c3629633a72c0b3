package org.qexit.tier.scenario;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
        Map<String, Times> times = new TreeMap<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            read(file, reader, times);
        } catch (NoSuchFileException e) {
            throw new UserError(file + ": no such file", e);
        } catch (MalformedInputException e) {
            throw new UserError(file + ": not readable: is not UTF-8 text", e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        List<DeviceTimes> all = new ArrayList<>();
        times.forEach((device, seconds) -> all.add(new DeviceTimes(device, seconds.sorted())));
        return all;
    }

    /** Line by line, so that no more than the times is held of a long file. */
    private static void read(Path file, BufferedReader reader, Map<String, Times> times) throws IOException {
        String line = reader.readLine();
        if (line == null || !line.strip().equals(HEADER)) {
            throw new UserError(file + " line 1: expected the header " + HEADER);
        }
        long number = 1;
        while ((line = reader.readLine()) != null) {
            number++;
            if (!line.isBlank()) {
                add(times, file + " line " + number, line.strip());
            }
        }
    }

    private static void add(Map<String, Times> times, String place, String line) {
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
        times.computeIfAbsent(line.substring(0, comma).strip(), key -> new Times())
                .add(seconds);
    }

    private static final class Times {
        private double[] seconds = new double[16];
        private int count;

        void add(double time) {
            if (count == seconds.length) {
                seconds = Arrays.copyOf(seconds, 2 * count);
            }
            seconds[count++] = time;
        }

        double[] sorted() {
            double[] all = Arrays.copyOf(seconds, count);
            Arrays.sort(all);
            return all;
        }
    }
}
