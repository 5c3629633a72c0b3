package org.qexit.scale.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftleft;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The rows of a trace's files: device, tag, place, event, label, c1 .. cL, and where they stand. */
final class TraceTable {
    static final String DEVICE = "device";
    /** 0 for the trace, 1 for the one that it is compared with. */
    static final String TAG = "tag";
    /** Number of the file, then of the row in it. */
    static final String PLACE = "place";

    static final String EVENT = "event";
    static final String LABEL = "label";
    /** Columns before the scores. */
    static final int FIRST_SCORE = 5;

    private static final int ROW_BITS = 40;

    private TraceTable() {}

    static Dataset<Row> read(SparkSession spark, List<Footer> footers, int tag) {
        Map<String, Integer> numbers = new HashMap<>();
        Map<String, String> devices = new HashMap<>();
        Map<StructType, List<String>> groups = new LinkedHashMap<>();
        for (Footer footer : footers) {
            String path = footer.file().toUri().getPath();
            numbers.put(path, numbers.size());
            if (footer.device() != null) {
                devices.put(path, footer.device());
            }
            groups.computeIfAbsent(footer.columns(), columns -> new ArrayList<>())
                    .add(footer.file().toString());
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<Map<String, Integer>> shared = context.broadcast(numbers);
        Broadcast<Map<String, String>> partitions = context.broadcast(devices);
        UDF1<String, Integer> number =
                path -> shared.value().get(URI.create(path).getPath());
        Column file = udf(number, DataTypes.IntegerType).asNondeterministic().apply(col("_metadata.file_path"));
        UDF1<String, String> device =
                path -> partitions.value().get(URI.create(path).getPath());
        Column partition =
                udf(device, DataTypes.StringType).asNondeterministic().apply(col("_metadata.file_path"));
        Dataset<Row> all = null;
        for (Map.Entry<StructType, List<String>> group : groups.entrySet()) {
            boolean own = List.of(group.getKey().fieldNames()).contains(DEVICE);
            List<Column> columns = new ArrayList<>(List.of(
                    coalesce(own ? col(DEVICE) : partition, lit("")).as(DEVICE),
                    lit((byte) tag).as(TAG),
                    shiftleft(file.cast("long"), ROW_BITS)
                            .plus(col("_metadata.row_index"))
                            .as(PLACE),
                    col(EVENT).cast("long").as(EVENT),
                    col(LABEL).cast("long").as(LABEL)));
            for (int q = 1; q <= footers.get(0).exits(); q++) {
                columns.add(col("c" + q).cast("float").as("c" + q));
            }
            Dataset<Row> part = spark.read()
                    .schema(group.getKey())
                    // A file's name is its name, whatever characters it has.
                    .option("__globPaths__", "false")
                    .option("recursiveFileLookup", "true")
                    .parquet(group.getValue().toArray(String[]::new))
                    .select(columns.toArray(Column[]::new));
            all = all == null ? part : all.unionByName(part);
        }
        return all;
    }

    static Path file(List<Footer> footers, long place) {
        return footers.get((int) (place >>> ROW_BITS)).file();
    }

    /** Whether a row cannot be used. */
    static Column bad(int exits) {
        Column good = trim(col(DEVICE))
                .notEqual("")
                .and(col(EVENT).isNotNull())
                .and(coalesce(col(LABEL).isin(0, 1), lit(false)));
        for (int q = 1; q <= exits; q++) {
            good = good.and(coalesce(col("c" + q).between(0f, 1f), lit(false)));
        }
        return good.unary_$bang();
    }
}
