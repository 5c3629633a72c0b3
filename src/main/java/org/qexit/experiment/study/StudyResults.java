package org.qexit.experiment.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;

/** The rows of a study in a CSV file that is whole at every moment. Safe for several threads. */
final class StudyResults {
    private final Path file;
    private final Map<String, StudyRow> rows = new LinkedHashMap<>();
    private final Map<String, Integer> places = new HashMap<>();

    private StudyResults(Path file) {
        this.file = file;
    }

    /** The rows of a file; none if there is no such file. */
    static StudyResults read(Path file) {
        StudyResults results = new StudyResults(file);
        if (!Files.exists(file)) {
            return results;
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        boolean bare = !lines.isEmpty() && lines.get(0).equals(StudyRow.BARE_HEADER);
        if (lines.isEmpty() || !bare && !lines.get(0).equals(StudyRow.HEADER)) {
            throw new UserError(file + " line 1: not the header of study results. Maybe choose another --out");
        }
        for (int i = 1; i < lines.size(); i++) {
            String place = file + " line " + (i + 1);
            StudyRow row = bare ? StudyRow.parseBare(place, lines.get(i)) : StudyRow.parse(place, lines.get(i));
            if (results.rows.put(row.key(), row) != null) {
                throw new UserError(file + " line " + (i + 1) + ": " + row.key() + " a second time");
            }
        }
        return results;
    }

    /** Whether a row is there. */
    synchronized boolean has(String key, String settings) {
        StudyRow row = rows.get(key);
        if (row != null && !row.settings().equals(settings)) {
            throw new UserError(file + ": the row " + key + " is of other settings (" + row.settings() + "); expected "
                    + settings + ". Maybe choose another --out");
        }
        return row != null;
    }

    /** Keeps rows in the order of these keys, behind those that are not among them, whatever the order in which they come. */
    synchronized void order(List<String> keys) {
        keys.forEach(key -> places.put(key, places.size()));
    }

    /** Adds rows: either all of them are in the file afterwards, or none. Rows that are there stay as they are. */
    synchronized void add(Collection<StudyRow> more) {
        if (more.stream().allMatch(row -> rows.containsKey(row.key()))) {
            return;
        }
        List<StudyRow> all = rows();
        more.stream().filter(row -> !rows.containsKey(row.key())).forEach(all::add);
        all.sort(Comparator.comparingInt(row -> places.getOrDefault(row.key(), -1)));
        rows.clear();
        all.forEach(row -> rows.put(row.key(), row));
        StringBuilder text = new StringBuilder(StudyRow.HEADER).append('\n');
        rows.values().forEach(row -> text.append(row.line()).append('\n'));
        AtomicFiles.writeString(file, text.toString());
    }

    /** Of the rows that are there. */
    synchronized Set<String> keys() {
        return new HashSet<>(rows.keySet());
    }

    synchronized List<StudyRow> rows() {
        return new ArrayList<>(rows.values());
    }
}
