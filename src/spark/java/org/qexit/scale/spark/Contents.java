package org.qexit.scale.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.qexit.trace.TraceDigest;

/**
 * Whether files that carry a digest of their rows hold those that were written: pages have no checksums there, so that a damaged bit would
 * be read as another score. A task per file.
 */
final class Contents {
    private Contents() {}

    /** A file, and what its digest is checked with. */
    private record Checked(String file, int exits, boolean origins, String device, String metadata, String digest)
            implements Serializable {}

    /** A damaged file, and why. */
    record Damage(String file, String reason) implements Serializable {}

    static List<Damage> check(JavaSparkContext spark, List<Footer> footers) {
        List<Checked> files = new ArrayList<>();
        for (Footer footer : footers) {
            if (footer.digest() != null) {
                files.add(new Checked(
                        footer.file().toString(),
                        footer.exits(),
                        footer.origins(),
                        footer.device(),
                        footer.metadata(),
                        footer.digest()));
            }
        }
        if (files.isEmpty()) {
            return List.of();
        }
        var hadoop = spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
        return spark.parallelize(files, files.size())
                .map(file ->
                        new Damage(file.file(), difference(file, hadoop.value().value())))
                .filter(found -> found.reason() != null)
                .collect();
    }

    private static String difference(Checked file, Configuration hadoop) {
        TraceDigest digest =
                TraceDigest.of(file.metadata() == null ? "" : file.metadata(), file.exits(), file.origins());
        float[] scores = new float[file.exits()];
        try (ParquetReader<Group> rows = ParquetReader.builder(new GroupReadSupport(), new Path(file.file()))
                .withConf(hadoop)
                .build()) {
            for (Group row = rows.read(); row != null; row = rows.read()) {
                for (int q = 0; q < scores.length; q++) {
                    scores[q] = score(row, "c" + (q + 1)) + 0f;
                }
                digest.row(
                        file.device() == null ? row.getString(TraceTable.DEVICE, 0) : file.device(),
                        whole(row, TraceTable.EVENT),
                        (int) whole(row, TraceTable.LABEL),
                        scores,
                        file.origins() ? (int) whole(row, Footer.CLASS) : 0,
                        file.origins() ? row.getString(Footer.SOURCE, 0) : "");
            }
            return digest.difference(file.file(), file.digest());
        } catch (IOException | RuntimeException e) {
            // Whatever a reader says of bytes that nobody has written.
            return "cannot be read as the Parquet file that its footer speaks of";
        }
    }

    private static float score(Group row, String column) {
        boolean wide =
                row.getType().getType(column).asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.DOUBLE;
        return wide ? (float) row.getDouble(column, 0) : row.getFloat(column, 0);
    }

    private static long whole(Group row, String column) {
        boolean wide =
                row.getType().getType(column).asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64;
        return wide ? row.getLong(column, 0) : row.getInteger(column, 0);
    }
}
