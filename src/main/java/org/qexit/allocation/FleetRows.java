package org.qexit.allocation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.Link;
import org.qexit.trace.ParquetRows;
import org.qexit.trace.Thresholds;

/** Devices of a large fleet with their parts of a plan, from Parquet files (docs/scale.md), one by one. */
public final class FleetRows implements AutoCloseable {
    private static final Map<String, String> DEVICE = new LinkedHashMap<>();
    private static final Map<String, String> PART = new LinkedHashMap<>();

    static {
        String number = "DOUBLE";
        DEVICE.put("id", "VARCHAR");
        for (String name : List.of(
                "weight",
                "securityLevel",
                "featureBits",
                "deadlineSeconds",
                "powerMaxWatts",
                "bandwidthMaxHz",
                "eavesdropperGain",
                "eavesdropperNoiseWattsPerHz",
                "eventsPerPeriod",
                "maxFalsePositiveRate",
                "exits")) {
            DEVICE.put(name, number);
        }
        DEVICE.put("labels", "INTEGER[]");
        DEVICE.put("scores", "FLOAT[]");
        DEVICE.put("linkNodes", "VARCHAR[]");
        DEVICE.put("linkGains", "DOUBLE[]");
        PART.put("id", "VARCHAR");
        PART.put("node", "VARCHAR");
        for (String name : List.of(
                "lower", "upper", "bandwidthHz", "powerWatts", "computeUnits", "truePositives", "falsePositives")) {
            PART.put(name, number);
        }
    }

    private final ParquetRows rows;

    private FleetRows(ParquetRows rows) {
        this.rows = rows;
    }

    /** Opens the directories of a fleet and of a plan for it. */
    public static FleetRows open(Path fleet, Path plan) {
        return new FleetRows(ParquetRows.joined(fleet, DEVICE, plan, PART, "id"));
    }

    /**
     * A device and its part; either is null where only the other is there.
     *
     * @param links of the device
     */
    public record Entry(Instance.Device device, List<Link> links, Plan.Device part) {}

    /** The next one, or null after the last. */
    public Entry next() {
        if (!rows.next()) {
            return null;
        }
        try {
            Instance.Device device = rows.text(0) == null ? null : device();
            return new Entry(
                    device, device == null ? List.of() : links(), rows.text(DEVICE.size()) == null ? null : part());
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private double needed(int column, String name) {
        Double value = rows.number(column);
        if (value == null) {
            throw new UserError("device " + rows.text(0) + ": " + name + " is missing");
        }
        return value;
    }

    private Object[] list(int column, String name) {
        Object[] list = rows.list(column);
        if (list == null) {
            throw new UserError("device " + rows.text(0) + ": " + name + " is missing");
        }
        return list;
    }

    private Instance.Device device() {
        Object[] marks = list(12, "labels");
        Object[] flat = list(13, "scores");
        int exits = (int) needed(11, "exits");
        if (exits < 1 || marks.length == 0 || (long) marks.length * exits != flat.length) {
            throw new UserError("device " + rows.text(0) + ": has " + flat.length + " scores for " + marks.length
                    + " labels and " + exits + " exits; expected events times exits of them");
        }
        int[] labels = new int[marks.length];
        float[][] scores = new float[labels.length][exits];
        for (int k = 0; k < labels.length; k++) {
            labels[k] = ((Number) marks[k]).intValue();
            for (int q = 0; q < exits; q++) {
                scores[k][q] = ((Number) flat[k * exits + q]).floatValue();
            }
        }
        return new Instance.Device(
                rows.text(0),
                needed(1, "weight"),
                (int) needed(2, "securityLevel"),
                needed(3, "featureBits"),
                needed(4, "deadlineSeconds"),
                rows.number(5),
                rows.number(6),
                new Eavesdropper(needed(7, "eavesdropperGain"), rows.number(8)),
                new Instance.Trace(labels, scores, null),
                rows.number(9),
                rows.number(10));
    }

    private List<Link> links() {
        Object[] nodes = list(14, "linkNodes");
        Object[] gains = list(15, "linkGains");
        if (nodes.length != gains.length) {
            throw new UserError("device " + rows.text(0) + ": has " + nodes.length + " linkNodes and " + gains.length
                    + " linkGains; expected as many");
        }
        List<Link> links = new ArrayList<>();
        for (int k = 0; k < nodes.length; k++) {
            links.add(new Link(rows.text(0), String.valueOf(nodes[k]), ((Number) gains[k]).doubleValue()));
        }
        return links;
    }

    private Plan.Device part() {
        int at = DEVICE.size();
        String id = rows.text(at);
        double[] cells = new double[7];
        for (int i = 0; i < cells.length; i++) {
            Double value = rows.number(at + 2 + i);
            if (value == null) {
                throw new UserError("plan, device " + id + ": a value is missing");
            }
            cells[i] = value;
        }
        return new Plan.Device(
                id,
                rows.text(at + 1),
                new Thresholds((float) cells[0], (float) cells[1]),
                cells[2],
                cells[3],
                cells[4],
                (int) cells[5],
                (int) cells[6],
                null,
                null,
                null,
                null);
    }

    @Override
    public void close() {
        rows.close();
    }
}
