package org.qexit.scale.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.qexit.allocation.fleet.Placed;
import org.qexit.edge.EdgeNode;

/** Devices of a plan as rows, docs/scale.md: the fields of a plan's device. */
final class PlanRows {
    static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("node", DataTypes.StringType)
            .add("lower", DataTypes.FloatType)
            .add("upper", DataTypes.FloatType)
            .add("bandwidthHz", DataTypes.DoubleType)
            .add("powerWatts", DataTypes.DoubleType)
            .add("computeUnits", DataTypes.DoubleType)
            .add("truePositives", DataTypes.IntegerType)
            .add("falsePositives", DataTypes.IntegerType)
            .add("utility", DataTypes.DoubleType)
            .add("value", DataTypes.DoubleType);

    private PlanRows() {}

    static Row row(Placed device, int step, EdgeNode node) {
        return RowFactory.create(
                device.id(),
                node.id(),
                device.lower()[step],
                device.upper()[step],
                device.hertz(),
                device.watts(),
                node.unitsOf(device.load()[step]),
                device.truePositives()[step],
                device.falsePositives()[step],
                (double) device.truePositives()[step] / device.positives(),
                device.value()[step]);
    }
}
