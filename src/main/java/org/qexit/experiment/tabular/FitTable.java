package org.qexit.experiment.tabular;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;

/**
 * One model's fits on the sets of one family, a row each, in a CSV file that is whole and in the same order at every moment: whatever was
 * interrupted or ran side by side, the same rows are the same bytes. Safe for several threads.
 */
final class FitTable {
    private static final String HEADER = "dataset,dataSeed,stage,point,part,converged,train,test,steps,parameters";

    /** A key has this many of the columns. */
    private static final int KEYS = 5;

    private final Path file;
    private final TreeMap<String, Row> rows = new TreeMap<>();

    private FitTable(Path file) {
        this.file = file;
    }

    /** What a fit was for. */
    enum Stage {
        /** Of the grid search: on four folds, tested on the fifth. */
        SEARCH,
        /** The best point on all training samples. */
        REFIT,
        /** The same on a machine with shots or noise, which stands behind the point. */
        MEASURED
    }

    /**
     * One fit.
     *
     * @param part fold or refit, from 0
     */
    record Key(String dataset, int dataSeed, Stage stage, String point, int part) implements Serializable {
        private String text() {
            return String.join(
                    ",",
                    dataset,
                    String.valueOf(dataSeed),
                    stage.name().toLowerCase(java.util.Locale.ROOT),
                    point,
                    String.valueOf(part));
        }
    }

    /** A fit and what it was for. */
    record Row(Key key, Fit fit) implements Serializable {}

    /** @throws UserError if the file holds something else */
    static FitTable read(Path file) {
        FitTable table = new FitTable(file);
        if (!Files.exists(file)) {
            return table;
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
            throw new UserError(file + " line 1: not the header of these results. Maybe choose another --out");
        }
        for (int i = 1; i < lines.size(); i++) {
            try {
                Row row = row(lines.get(i).split(",", -1));
                table.rows.put(row.key().text(), row);
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw new UserError(file + " line " + (i + 1) + ": is no fit: " + UserError.shown(lines.get(i)), e);
            }
        }
        return table;
    }

    private static Row row(String[] cells) {
        Stage stage = Stage.valueOf(cells[2].toUpperCase(java.util.Locale.ROOT));
        Key key = new Key(cells[0], Integer.parseInt(cells[1]), stage, cells[3], Integer.parseInt(cells[4]));
        return new Row(
                key,
                new Fit(
                        truth(cells[KEYS]),
                        share(cells[KEYS + 1]),
                        share(cells[KEYS + 2]),
                        Integer.parseInt(cells[KEYS + 3]),
                        Integer.parseInt(cells[KEYS + 4])));
    }

    private static boolean truth(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("converged is '" + text + "'; expected true or false");
        }
        return text.equals("true");
    }

    private static double share(String text) {
        double value = Double.parseDouble(text);
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("accuracy is " + text + "; expected 0 to 1");
        }
        return value;
    }

    synchronized Fit get(Key key) {
        Row row = rows.get(key.text());
        return row == null ? null : row.fit();
    }

    /** Adds fits: either all of them are in the file afterwards, or none. */
    synchronized void add(List<Row> more) {
        more.forEach(row -> rows.put(row.key().text(), row));
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        rows.forEach((key, row) -> {
            Fit fit = row.fit();
            text.append(key)
                    .append(',')
                    .append(fit.converged())
                    .append(',')
                    .append(fit.train())
                    .append(',')
                    .append(fit.test())
                    .append(',')
                    .append(fit.steps())
                    .append(',')
                    .append(fit.parameters())
                    .append('\n');
        });
        AtomicFiles.writeString(file, text.toString());
    }

    synchronized List<Row> rows() {
        return new ArrayList<>(rows.values());
    }
}
