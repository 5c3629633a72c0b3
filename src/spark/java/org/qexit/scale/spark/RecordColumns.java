package org.qexit.scale.spark;

import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.qexit.scale.ThresholdsJob;
import org.qexit.threshold.exits.DeviceExitThresholds;
import org.qexit.threshold.exits.SideBySide;
import org.qexit.trace.UpperThreshold;

/**
 * Answers as rows: the columns of their JSON, from the records themselves, so that a new field is a new column. Thresholds are floats:
 * "never" of an upper one and "always" of a lower one are infinity, "always" of an upper one and "never" of a lower one minus infinity, so
 * that {@code c <= lower} and {@code c >= upper} say what they say.
 */
final class RecordColumns implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String BESIDE = "beside";
    private static final String LOWER = "lower";
    private static final String UPPER = "upper";

    private final Class<? extends Record> type;
    private final boolean perExit;

    RecordColumns(Class<? extends Record> type) {
        this.type = type;
        this.perExit = type == DeviceExitThresholds.class;
    }

    /** Whether the record tells thresholds by methods of its own, which stand first in JSON. */
    private boolean tellsThresholds() {
        return perExit || type == org.qexit.threshold.DeviceThresholds.class;
    }

    StructType schema() {
        StructType schema = struct(type);
        if (!tellsThresholds()) {
            return schema;
        }
        DataType threshold = perExit ? DataTypes.createArrayType(DataTypes.FloatType) : DataTypes.FloatType;
        StructType all = new StructType().add(schema.fields()[0]);
        int rest = 1;
        if (perExit) {
            all = all.add(schema.fields()[rest++]);
        }
        all = all.add(LOWER, threshold).add(UPPER, threshold);
        for (; rest < schema.fields().length; rest++) {
            all = all.add(schema.fields()[rest]);
        }
        return all.add(BESIDE, DataTypes.createArrayType(struct(SideBySide.class)));
    }

    Row row(ThresholdsJob.Answer answer) {
        List<Object> cells = new ArrayList<>(cells(answer.entry()));
        if (tellsThresholds()) {
            int at = perExit ? 2 : 1;
            cells.add(at, cell(LOWER, invoke(method(LOWER), answer.entry())));
            cells.add(at + 1, cell(UPPER, invoke(method(UPPER), answer.entry())));
            cells.add(answer.beside() == null ? null : cell(BESIDE, answer.beside()));
        }
        return RowFactory.create(cells.toArray());
    }

    private Method method(String name) {
        try {
            return type.getMethod(name);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type + " has no " + name, e);
        }
    }

    private static StructType struct(Class<?> record) {
        StructType fields = new StructType();
        for (RecordComponent component : record.getRecordComponents()) {
            fields = fields.add(component.getName(), dataType(component.getName(), component.getGenericType()), true);
        }
        return fields;
    }

    private static DataType dataType(String name, Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return DataTypes.createArrayType(dataType(name, list.getActualTypeArguments()[0]));
        }
        if (type == int.class || type == Integer.class) {
            return DataTypes.IntegerType;
        }
        if (type == long.class || type == Long.class) {
            return DataTypes.LongType;
        }
        if (type == double.class || type == Double.class) {
            return DataTypes.DoubleType;
        }
        // Of thresholds, which are numbers, "never" or "always".
        if (type == float.class || type == Float.class || type == UpperThreshold.class || type == Object.class) {
            return DataTypes.FloatType;
        }
        if (type == boolean.class || type == Boolean.class) {
            return DataTypes.BooleanType;
        }
        if (type == String.class) {
            return DataTypes.StringType;
        }
        if (type instanceof Class<?> record && record.isRecord()) {
            return struct(record);
        }
        throw new IllegalStateException("no column type for " + name + " of " + type);
    }

    private static List<Object> cells(Record record) {
        List<Object> cells = new ArrayList<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            cells.add(cell(component.getName(), invoke(component.getAccessor(), record)));
        }
        return cells;
    }

    private static Object cell(String name, Object value) {
        if (value instanceof UpperThreshold upper) {
            return upper.value();
        }
        if (value instanceof List<?> list) {
            List<Object> cells = new ArrayList<>();
            for (Object element : list) {
                cells.add(
                        element instanceof String text && isThreshold(name)
                                ? (Object) infinity(name, text)
                                : cell(name, element));
            }
            return cells.toArray();
        }
        if (value instanceof Record record) {
            return RowFactory.create(cells(record).toArray());
        }
        return value;
    }

    private static boolean isThreshold(String name) {
        return name.equals(LOWER) || name.equals(UPPER);
    }

    private static float infinity(String name, String word) {
        boolean positive = name.equals(UPPER) == word.equals("never");
        return positive ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
    }

    private static Object invoke(Method accessor, Object record) {
        try {
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + accessor, e);
        }
    }
}
