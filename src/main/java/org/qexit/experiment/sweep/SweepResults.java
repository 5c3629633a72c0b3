package org.qexit.experiment.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;

/** The rows of all parts in one CSV file. */
final class SweepResults {
    private SweepResults() {}

    /** The rows of a file; none if there is no such file. */
    static List<SweepRow> read(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        if (lines.isEmpty() || !lines.get(0).equals(SweepRow.HEADER)) {
            throw new UserError(file + " line 1: not the header of a sweep's results. Maybe choose another --out");
        }
        List<SweepRow> rows = new ArrayList<>();
        Set<Object> seen = new HashSet<>();
        for (int i = 1; i < lines.size(); i++) {
            String place = file + " line " + (i + 1);
            SweepRow row = SweepRow.parse(place, lines.get(i));
            Integer number = row.replication() == null
                    ? null
                    : (Integer) row.replication().number();
            if (!seen.add(java.util.Arrays.asList(row.cell(), number))) {
                throw new UserError(place + ": this replication stands a second time");
            }
            rows.add(row);
        }
        return rows;
    }

    /** Writes the file, with the parts in the order of the configuration. */
    static void write(Path file, SweepConfig config, List<SweepRow> rows) {
        StringBuilder text = new StringBuilder(SweepRow.HEADER).append('\n');
        for (SweepConfig.Part part : config.parts()) {
            rows.stream()
                    .filter(row -> row.cell().part().equals(part.name()))
                    .forEach(row -> text.append(row.line()).append('\n'));
        }
        AtomicFiles.writeString(file, text.toString());
    }
}
