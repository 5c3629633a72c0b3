package org.qexit.scale.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.qexit.allocation.Instance;
import org.qexit.common.UserError;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.Link;

/** Devices of a fleet as rows, docs/scale.md: the fields of an instance's device, its trace as two lists, and its links. */
final class DeviceRows {
    private static final DataType NUMBERS = DataTypes.createArrayType(DataTypes.DoubleType, false);

    static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("weight", DataTypes.DoubleType)
            .add("securityLevel", DataTypes.IntegerType)
            .add("featureBits", DataTypes.DoubleType)
            .add("deadlineSeconds", DataTypes.DoubleType)
            .add("powerMaxWatts", DataTypes.DoubleType)
            .add("bandwidthMaxHz", DataTypes.DoubleType)
            .add("eavesdropperGain", DataTypes.DoubleType)
            .add("eavesdropperNoiseWattsPerHz", DataTypes.DoubleType)
            .add("eventsPerPeriod", DataTypes.DoubleType)
            .add("maxFalsePositiveRate", DataTypes.DoubleType)
            .add("exits", DataTypes.IntegerType)
            .add("labels", DataTypes.createArrayType(DataTypes.IntegerType, false))
            .add("scores", DataTypes.createArrayType(DataTypes.FloatType, false))
            .add("linkNodes", DataTypes.createArrayType(DataTypes.StringType, false))
            .add("linkGains", NUMBERS);

    private DeviceRows() {}

    static Row row(Instance.Device device, List<Link> links) {
        int[] labels = device.trace().labels();
        float[][] scores = device.trace().scores();
        int exits = scores[0].length;
        Integer[] marks = new Integer[labels.length];
        Float[] flat = new Float[labels.length * exits];
        for (int k = 0; k < labels.length; k++) {
            marks[k] = labels[k];
            for (int q = 0; q < exits; q++) {
                flat[k * exits + q] = scores[k][q];
            }
        }
        return RowFactory.create(
                device.id(),
                device.weight(),
                device.securityLevel(),
                device.featureBits(),
                device.deadlineSeconds(),
                device.powerMaxWatts(),
                device.bandwidthMaxHz(),
                device.eavesdropper().gain(),
                device.eavesdropper().noiseWattsPerHz(),
                device.eventsPerPeriod(),
                device.maxFalsePositiveRate(),
                exits,
                marks,
                flat,
                links.stream().map(Link::node).toArray(String[]::new),
                links.stream().map(Link::gain).toArray(Double[]::new));
    }

    static Instance.Device device(Row row) {
        String id = row.getString(0);
        if (id == null) {
            throw new UserError("a device has no id");
        }
        for (String needed : List.of(
                "weight",
                "securityLevel",
                "featureBits",
                "deadlineSeconds",
                "eavesdropperGain",
                "exits",
                "labels",
                "scores",
                "linkNodes",
                "linkGains")) {
            if (row.isNullAt(row.fieldIndex(needed))) {
                throw new UserError("device " + id + ": " + needed + " is missing");
            }
        }
        List<Integer> marks = whole(row, "labels");
        List<Float> flat = whole(row, "scores");
        int exits = row.getInt(11);
        if (exits < 1 || marks.isEmpty() || (long) marks.size() * exits != flat.size()) {
            throw new UserError("device " + id + ": has " + flat.size() + " scores for " + marks.size() + " labels and "
                    + exits + " exits; expected events times exits of them");
        }
        int[] labels = new int[marks.size()];
        float[][] scores = new float[labels.length][exits];
        for (int k = 0; k < labels.length; k++) {
            labels[k] = marks.get(k);
            for (int q = 0; q < exits; q++) {
                scores[k][q] = flat.get(k * exits + q);
            }
        }
        try {
            return new Instance.Device(
                    id,
                    row.getDouble(1),
                    row.getInt(2),
                    row.getDouble(3),
                    row.getDouble(4),
                    number(row, 5),
                    number(row, 6),
                    new Eavesdropper(row.getDouble(7), number(row, 8)),
                    new Instance.Trace(labels, scores, null),
                    number(row, 9),
                    number(row, 10));
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    /** A list, all of whose elements are there. */
    private static <T> List<T> whole(Row row, String field) {
        List<T> list = row.getList(row.fieldIndex(field));
        int missing = list.indexOf(null);
        if (missing >= 0) {
            throw new UserError("device " + row.getString(0) + ": " + field + "[" + missing + "] is missing");
        }
        return list;
    }

    private static Double number(Row row, int at) {
        return row.isNullAt(at) ? null : (Double) row.getDouble(at);
    }

    static List<Link> links(Row row) {
        List<String> nodes = whole(row, "linkNodes");
        List<Double> gains = whole(row, "linkGains");
        if (nodes.size() != gains.size()) {
            throw new UserError("device " + row.getString(0) + ": has " + nodes.size() + " linkNodes and "
                    + gains.size() + " linkGains; expected as many");
        }
        List<Link> links = new ArrayList<>();
        try {
            for (int k = 0; k < nodes.size(); k++) {
                links.add(new Link(row.getString(0), nodes.get(k), gains.get(k)));
            }
        } catch (IllegalArgumentException e) {
            throw new UserError("device " + row.getString(0) + ": " + e.getMessage(), e);
        }
        return links;
    }
}
