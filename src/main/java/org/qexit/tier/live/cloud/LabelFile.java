package org.qexit.tier.live.cloud;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.EventRecord;

/**
 * Labels from a CSV file with the header {@code event,class}: {@code ue1/0123456789abcdef-7,5}. Looked at again when it changes; a file
 * that is not there yet holds none.
 */
public final class LabelFile implements LabelSource {
    private static final String HEADER = "event,class";
    private static final long MAX_BYTES = 1L << 28;
    private static final int MAX_LINE = 200;
    /** Events without a label that are remembered; the oldest go. */
    private static final int MOST_WAITING = 1 << 18;

    private final Path file;
    private final int classes;
    private final Map<String, Integer> labels = new HashMap<>();
    private final Set<String> waiting = new LinkedHashSet<>();
    private Object stamp = "";

    /** @param classes class ids are below this */
    public LabelFile(Path file, int classes) {
        this.file = file;
        this.classes = classes;
    }

    @Override
    public synchronized void came(EventRecord event, double nowSeconds) {
        waiting.add(event.id());
        if (waiting.size() > MOST_WAITING) {
            waiting.remove(waiting.iterator().next());
        }
    }

    @Override
    public synchronized List<Label> due(double nowSeconds) {
        read();
        List<Label> known = new ArrayList<>();
        waiting.removeIf(event -> {
            Integer label = labels.get(event);
            if (label != null) {
                known.add(new Label(event, label));
            }
            return label != null;
        });
        return known;
    }

    /** @throws UserError if the file is not as described: what was read before stays */
    private void read() {
        try {
            Object now = List.of(Files.getLastModifiedTime(file), Files.size(file));
            if (now.equals(stamp)) {
                return;
            }
            stamp = now;
            if (Files.size(file) > MAX_BYTES) {
                throw new UserError(file + ": is longer than " + MAX_BYTES + " bytes");
            }
            labels.putAll(parse());
        } catch (NoSuchFileException e) {
            stamp = "";
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private Map<String, Integer> parse() throws IOException {
        Map<String, Integer> read = new HashMap<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            if (!HEADER.equals(in.readLine())) {
                throw new UserError(file + " line 1: expected '" + HEADER + "'");
            }
            int number = 1;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                int comma = line.lastIndexOf(',');
                String id = comma < 0 ? "" : line.substring(comma + 1);
                if (comma < 1
                        || line.length() > MAX_LINE
                        || !id.matches("[0-9]{1,5}")
                        || Integer.parseInt(id) >= classes) {
                    throw new UserError(file + " line " + number + ": is '" + UserError.shown(line)
                            + "'; expected DEVICE/EPOCH-SEQ and a class id below " + classes);
                }
                read.put(line.substring(0, comma), Integer.valueOf(id));
            }
        }
        return read;
    }
}
