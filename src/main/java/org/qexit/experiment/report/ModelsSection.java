package org.qexit.experiment.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.qexit.experiment.report.ModelSection.ExitSection;

/** The models side by side: size per exit, circuits, paired comparisons. */
final class ModelsSection {
    private static final String PARAMETERS = "Parameters";
    private static final String MACS = "Multiply-accumulates";
    private static final String MEMORY = "Memory accesses";

    private ModelsSection() {}

    static void add(Page page, View view) {
        List<ModelSection> models = view.data().models();
        if (models.stream().allMatch(m -> m.exits().isEmpty())) {
            return;
        }
        List<Map<String, Object>> sizes = new ArrayList<>();
        for (ModelSection model : models) {
            addSizes(sizes, model, PARAMETERS, ExitSection::parameters);
            addSizes(sizes, model, MACS, ExitSection::cumulativeMacs);
            addSizes(sizes, model, MEMORY, ExitSection::cumulativeMemoryAccesses);
        }
        page.data("sizes", sizes);
        int exits = models.stream().mapToInt(m -> m.exits().size()).max().orElse(0);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("models", view.models());
        values.put(
                "exits",
                IntStream.rangeClosed(1, exits).mapToObj(q -> "exit " + q).toList());
        List<Markup> figures = List.of(
                size(page, values, "size-parameters", PARAMETERS, "Parameters of block and head"),
                size(page, values, "size-macs", MACS, "Multiply-accumulates to this exit"),
                size(page, values, "size-memory", MEMORY, "Memory accesses to this exit"));
        page.section(
                "models",
                "The models side by side",
                Page.gridOfThree(figures),
                table(view),
                Markup.caption(
                        "Parameters are those of the exit’s own block and head; multiply-accumulates and memory accesses are "
                                + "cumulative: what an event costs that leaves there, as are shots × gates, where heads measure a fixed number "
                                + "of shots (qexit shots says what exact heads would need). Qubits, depth and gates describe the head’s "
                                + "circuit; a dash stands for a classical head."),
                comparisons(view.data().comparisons()));
    }

    private static Markup size(Page page, Map<String, Object> common, String id, String quantity, String axis) {
        Map<String, Object> values = new LinkedHashMap<>(common);
        values.put("quantity", quantity);
        values.put("axis", axis);
        return page.chart(id, "size", quantity, values);
    }

    private static void addSizes(
            List<Map<String, Object>> rows, ModelSection model, String quantity, ToLongFunction<ExitSection> value) {
        for (int q = 0; q < model.exits().size(); q++) {
            ExitSection exit = model.exits().get(q);
            rows.add(Page.row(
                    "model",
                    model.name(),
                    "exit",
                    "exit " + (q + 1),
                    "quantity",
                    quantity,
                    "head",
                    exit.head(),
                    "value",
                    value.applyAsLong(exit),
                    "text",
                    Figures.count(value.applyAsLong(exit))));
        }
    }

    private static Markup table(View view) {
        Table table = new Table("Exits of every model")
                .text("Model", "Exit", "Head")
                .numbers(PARAMETERS, MACS, MEMORY, "Qubits", "Depth", "Gates", "Two-qubit gates", "Shots × gates");
        for (ModelSection model : view.data().models()) {
            for (int q = 0; q < model.exits().size(); q++) {
                ExitSection e = model.exits().get(q);
                boolean quantum = e.qubits() > 0;
                table.row(
                        model.name(),
                        q + 1,
                        e.head(),
                        Figures.count(e.parameters()),
                        Figures.count(e.cumulativeMacs()),
                        Figures.count(e.cumulativeMemoryAccesses()),
                        quantum ? e.qubits() : Figures.NONE,
                        quantum ? e.depth() : Figures.NONE,
                        quantum ? e.gates() : Figures.NONE,
                        quantum ? e.twoQubitGates() : Figures.NONE,
                        e.circuitOperations() > 0 ? Figures.count(e.circuitOperations()) : Figures.NONE);
            }
        }
        List<Markup> notes = new ArrayList<>();
        for (ModelSection model : view.data().models()) {
            String text = Figures.count(model.parameters()) + " parameters in all"
                    + (model.trainingSeconds() == null
                            ? ""
                            : ", trained in " + Figures.decimal(model.trainingSeconds(), 3) + " s")
                    + (model.description() == null ? "" : "; " + model.description());
            notes.add(Markup.tag("li", Markup.tag("b", Markup.text(model.name() + ": ")), Markup.text(text)));
        }
        return Markup.join(table.markup(), Markup.tag("ul", "class=\"notes\"", Markup.join(notes)));
    }

    private static Markup comparisons(List<ReportData.ComparisonRow> rows) {
        if (rows.isEmpty()) {
            return Markup.NOTHING;
        }
        Table table = new Table("Paired comparisons on the same events")
                .text("Quantity", "Difference of")
                .numbers("Points (95 %)", "p")
                .text("Test");
        rows.forEach(c -> table.row(
                c.quantity(),
                c.first() + " − " + c.second(),
                Figures.points(c.difference()),
                Figures.pValue(c.pValue()),
                c.test() == null ? Figures.NONE : c.test()));
        return Markup.join(
                Markup.tag("h3", Markup.text("Paired comparisons")),
                table.markup(),
                Markup.caption(
                        "Differences in percentage points on the same events. An interval that holds 0 says that this run "
                                + "could not tell the two apart, not that they are equal; one seed is one draw of the training."));
    }
}
