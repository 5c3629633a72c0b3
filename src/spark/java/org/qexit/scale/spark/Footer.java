package org.qexit.scale.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.qexit.common.UserError;
import org.qexit.trace.TraceDigest;

/**
 * What a trace file's footer says.
 *
 * @param file which
 * @param exits L
 * @param columns device, event, label, c1 .. cL with the types to read them by; without device where the path tells it
 * @param metadata {@code qexit.trace}, or null
 * @param digest {@code qexit.digest}, or null
 * @param origins whether rows tell class and source
 * @param device that all rows are of, where the file has no such column and lies in a directory device=ID, as Hive, Spark and pandas write
 *     partitions; else null
 * @param rows in the file
 * @param problem why the file cannot be read, or null; then the others are empty
 */
record Footer(
        Path file,
        int exits,
        StructType columns,
        String metadata,
        String digest,
        boolean origins,
        String device,
        long rows,
        String problem) {
    private static final String METADATA = "qexit.trace";
    private static final Set<String> KEYS = Set.of("device", "event", "label");
    static final String CLASS = "class";
    static final String SOURCE = "source";

    /** Reads it; a file that is damaged is told as a problem, one of other columns as an error. */
    static Footer read(Path file, Configuration hadoop) {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
            ParquetMetadata footer = reader.getFooter();
            for (BlockMetaData block : footer.getBlocks()) {
                for (ColumnChunkMetaData column : block.getColumns()) {
                    // Of columns without lists, as ours are, there are as many values as rows.
                    if (KEYS.contains(column.getPath().toDotString())
                            && column.getValueCount() != block.getRowCount()) {
                        return new Footer(
                                file,
                                0,
                                null,
                                null,
                                null,
                                false,
                                null,
                                0,
                                "is damaged: its footer speaks of " + column.getValueCount() + " and of "
                                        + block.getRowCount() + " events");
                    }
                }
            }
            Map<String, String> notes = footer.getFileMetaData().getKeyValueMetaData();
            return of(
                    file,
                    footer.getFileMetaData().getSchema(),
                    notes == null ? Map.of() : notes,
                    reader.getRecordCount());
        } catch (UserError e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            return new Footer(file, 0, null, null, null, false, null, 0, reason(e));
        }
    }

    private static String reason(Exception e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("is not a Parquet file")) {
            return message.contains("length is too low") ? "is empty or cut off" : "is not a Parquet file, or cut off";
        }
        return "is damaged: its footer cannot be read";
    }

    private static Footer of(Path file, MessageType schema, Map<String, String> notes, long rows) {
        int exits = 0;
        while (schema.containsField("c" + (exits + 1))) {
            exits++;
        }
        String device = schema.containsField(TraceTable.DEVICE) ? null : Partitions.device(file);
        List<String> names = new ArrayList<>(
                device == null
                        ? List.of(TraceTable.DEVICE, TraceTable.EVENT, TraceTable.LABEL)
                        : List.of(TraceTable.EVENT, TraceTable.LABEL));
        for (int q = 0; q < Math.max(1, exits); q++) {
            names.add("c" + (q + 1));
        }
        StructType columns = new StructType();
        for (String name : names) {
            if (!schema.containsField(name)) {
                throw new UserError(TraceFiles.shown(file) + ": column '" + name
                        + "' is missing; expected device, event, label, c1 ... cL; found "
                        + UserError.shown(String.join(
                                ", ",
                                schema.getFields().stream().map(Type::getName).toList())));
            }
            columns = columns.add(name, type(file, schema.getType(name)), true);
        }
        for (Type field : schema.getFields()) {
            if (field.getName().matches("c[1-9][0-9]{0,5}")
                    && Integer.parseInt(field.getName().substring(1)) > exits) {
                throw new UserError(TraceFiles.shown(file) + ": column 'c" + (exits + 1)
                        + "' is missing, though there is '" + field.getName() + "'");
            }
        }
        boolean origins = schema.containsField(CLASS) && schema.containsField(SOURCE);
        return new Footer(
                file, exits, columns, notes.get(METADATA), notes.get(TraceDigest.KEY), origins, device, rows, null);
    }

    private static DataType type(Path file, Type field) {
        String name = field.getName();
        PrimitiveType primitive =
                field.isPrimitive() && !field.isRepetition(Type.Repetition.REPEATED) ? field.asPrimitiveType() : null;
        PrimitiveTypeName physical = primitive == null ? null : primitive.getPrimitiveTypeName();
        LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
        DataType type = switch (name) {
            case "device" ->
                physical == PrimitiveTypeName.BINARY
                                && (logical instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
                                        || logical instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation)
                        ? DataTypes.StringType
                        : null;
            case "event", "label" -> whole(physical, logical);
            default ->
                physical == PrimitiveTypeName.FLOAT
                        ? DataTypes.FloatType
                        : physical == PrimitiveTypeName.DOUBLE ? DataTypes.DoubleType : null;
        };
        if (type == null) {
            throw new UserError(TraceFiles.shown(file) + ": column '" + name + "' is of type "
                    + UserError.shown(String.valueOf(physical == null ? "group" : physical)
                            + (logical == null ? "" : " " + logical))
                    + "; expected "
                    + (name.equals("device") ? "text" : name.startsWith("c") ? "float" : "a whole number"));
        }
        return type;
    }

    private static DataType whole(PrimitiveTypeName physical, LogicalTypeAnnotation logical) {
        if (logical != null && !(logical instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation)) {
            return null;
        }
        boolean unsigned = logical instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation told && !told.isSigned();
        if (physical == PrimitiveTypeName.INT32) {
            return unsigned ? DataTypes.LongType : DataTypes.IntegerType;
        }
        if (physical == PrimitiveTypeName.INT64) {
            return unsigned ? DataTypes.createDecimalType(20, 0) : DataTypes.LongType;
        }
        return null;
    }
}
