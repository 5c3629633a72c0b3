package org.qexit.experiment.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.qexit.common.statistics.MeanInterval;

/** A sweep's tables in Markdown: means, and in brackets the difference to the reference with its 95 % interval. */
final class SweepTables {
    private SweepTables() {}

    static String markdown(SweepSummary summary) {
        StringBuilder text = new StringBuilder(
                "# " + summary.name() + "\n\nWritten by `qexit study`. Means over replications; in brackets"
                        + " the difference to the row marked \\* of the same step, with its 95 % interval of Student's t over pairs of replications.\n");
        for (SweepSummary.Part part : summary.parts()) {
            text.append("\n## ").append(part.title()).append("\n\n").append(table(part));
        }
        return text.toString();
    }

    private record Column(String name, Function<SweepSummary.Row, String> of) {}

    private static String table(SweepSummary.Part part) {
        List<Column> columns = new ArrayList<>();
        add(columns, part, new Column("", SweepSummary.Row::series));
        add(columns, part, new Column(part.axis(), SweepSummary.Row::step));
        add(columns, part, new Column("plan", SweepSummary.Row::plan));
        add(columns, part, new Column("policy", SweepSummary.Row::policy));
        StringBuilder text = new StringBuilder("|");
        columns.forEach(column -> text.append(' ').append(column.name()).append(" |"));
        part.measures()
                .forEach(measure -> text.append(' ').append(measure.label()).append(" |"));
        text.append("\n|")
                .append("---|".repeat(columns.size()))
                .append("---:|".repeat(part.measures().size()));
        for (SweepSummary.Row row : part.rows()) {
            text.append("\n|");
            for (int c = 0; c < columns.size(); c++) {
                boolean last = c == columns.size() - 1;
                text.append(' ').append(columns.get(c).of().apply(row)).append(last && row.reference() ? " \\*" : "");
                text.append(" |");
            }
            for (int m = 0; m < part.measures().size(); m++) {
                text.append(' ').append(cell(part.measures().get(m), row, m)).append(" |");
            }
        }
        return text.append('\n').toString();
    }

    /** Columns that say the same in every row are left out. */
    private static void add(List<Column> columns, SweepSummary.Part part, Column column) {
        if (part.rows().stream().map(column.of()).distinct().count() > 1) {
            columns.add(column);
        }
    }

    private static String cell(Measure measure, SweepSummary.Row row, int m) {
        if (!row.planned()) {
            return m == 0 ? "no plan" : "";
        }
        MeanInterval figure = row.figures().get(m);
        if (figure == null) {
            return "-";
        }
        MeanInterval difference =
                row.differences() == null ? null : row.differences().get(m);
        return measure.text(figure.mean())
                + (difference == null
                        ? ""
                        : " (" + measure.signed(difference.mean())
                                + (difference.low() == null
                                        ? ""
                                        : " [" + measure.signed(difference.low()) + ", "
                                                + measure.signed(difference.high()) + "]")
                                + ")");
    }
}
