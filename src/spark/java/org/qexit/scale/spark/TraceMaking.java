package org.qexit.scale.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.qexit.scale.SyntheticTraces;

/** Synthetic traces as Parquet files, as many as there are tasks, which hold the rows in their order. */
final class TraceMaking {
    /** Columns before the scores. */
    private static final int FIRST_SCORE = 3;

    private TraceMaking() {}

    static void make(SparkSession spark, TaskProgress progress, SyntheticTraces traces, int files, Output output) {
        progress.now("making traces");
        StructType schema = new StructType()
                .add(TraceTable.DEVICE, DataTypes.StringType)
                .add(TraceTable.EVENT, DataTypes.LongType)
                .add(TraceTable.LABEL, DataTypes.IntegerType);
        for (int q = 1; q <= traces.exits(); q++) {
            schema = schema.add("c" + q, DataTypes.FloatType);
        }
        int tasks = (int) Math.min(files, traces.chunks());
        JavaRDD<Row> rows = spark.range(0, traces.chunks(), 1, tasks)
                .javaRDD()
                .flatMap(chunk -> chunk(traces, chunk).iterator());
        StructType all = schema;
        output.write(directory -> spark.createDataFrame(rows, all)
                .write()
                .option("compression", "zstd")
                .parquet(directory));
    }

    private static List<Row> chunk(SyntheticTraces traces, long number) {
        List<Row> rows = new ArrayList<>(SyntheticTraces.CHUNK);
        traces.chunk(number, (device, event, label, scores) -> {
            Object[] cells = new Object[FIRST_SCORE + scores.length];
            cells[0] = "ue" + (device + 1);
            cells[1] = event;
            cells[2] = label;
            for (int q = 0; q < scores.length; q++) {
                cells[FIRST_SCORE + q] = scores[q];
            }
            rows.add(RowFactory.create(cells));
        });
        return rows;
    }
}
