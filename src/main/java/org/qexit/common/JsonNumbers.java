package org.qexit.common;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.Arrays;

/**
 * Decimal numbers as JSON has them: Jackson alone takes the texts "NaN" and "INF" for numbers, a text for an array, and what is beyond a
 * double's ends for infinity or zero. All of that is refused here.
 */
final class JsonNumbers {
    private JsonNumbers() {}

    static SimpleModule module() {
        SimpleModule module = new SimpleModule("numbers");
        module.addDeserializer(double.class, new Doubles(double.class, 0.0));
        module.addDeserializer(Double.class, new Doubles(Double.class, null));
        module.addDeserializer(float.class, new Floats(float.class, 0.0f));
        module.addDeserializer(Float.class, new Floats(Float.class, null));
        module.addDeserializer(double[].class, new DoubleArrays());
        module.addDeserializer(float[].class, new FloatArrays());
        module.addDeserializer(NumberArray.class, new NumberArray.Reader());
        return module;
    }

    static double number(JsonParser parser, DeserializationContext context, Class<?> type) throws IOException {
        if (!isNumber(parser)) {
            context.handleUnexpectedToken(type, parser);
        }
        double value = parser.getDoubleValue();
        if (Double.isInfinite(value) || value == 0 && isNotZero(parser.getText())) {
            throw context.weirdStringException(parser.getText(), type, "beyond a double");
        }
        return value;
    }

    private static float decimal(JsonParser parser, DeserializationContext context, Class<?> type) throws IOException {
        // Rounding a small confidence to 0 is what a float is for.
        if (!isNumber(parser)) {
            context.handleUnexpectedToken(type, parser);
        }
        float value = parser.getFloatValue();
        if (Float.isInfinite(value)) {
            throw context.weirdStringException(parser.getText(), type, "beyond a float");
        }
        return value;
    }

    private static boolean isNumber(JsonParser parser) {
        return parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT) || parser.hasToken(JsonToken.VALUE_NUMBER_INT);
    }

    private static boolean isNotZero(String text) {
        for (int i = 0; i < text.length() && text.charAt(i) != 'e' && text.charAt(i) != 'E'; i++) {
            if (text.charAt(i) >= '1' && text.charAt(i) <= '9') {
                return true;
            }
        }
        return false;
    }

    private static final class Doubles extends NumberDeserializers.DoubleDeserializer {
        private static final long serialVersionUID = 1L;

        Doubles(Class<Double> type, Double absent) {
            super(type, absent);
        }

        @Override
        public Double deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return number(parser, context, handledType());
        }
    }

    private static final class Floats extends NumberDeserializers.FloatDeserializer {
        private static final long serialVersionUID = 1L;

        Floats(Class<Float> type, Float absent) {
            super(type, absent);
        }

        @Override
        public Float deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return decimal(parser, context, handledType());
        }
    }

    private static final class DoubleArrays extends StdDeserializer<double[]> {
        private static final long serialVersionUID = 1L;

        DoubleArrays() {
            super(double[].class);
        }

        @Override
        public double[] deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            double[] values = new double[16];
            int size = 0;
            if (!parser.isExpectedStartArrayToken()) {
                context.handleUnexpectedToken(double[].class, parser);
            }
            try {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    values = size == values.length ? Arrays.copyOf(values, 2 * size) : values;
                    values[size] = number(parser, context, double.class);
                    size++;
                }
            } catch (IOException e) {
                throw JsonMappingException.wrapWithPath(e, values, size);
            }
            return Arrays.copyOf(values, size);
        }
    }

    private static final class FloatArrays extends StdDeserializer<float[]> {
        private static final long serialVersionUID = 1L;

        FloatArrays() {
            super(float[].class);
        }

        @Override
        public float[] deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            // One score per exit: few.
            float[] values = new float[4];
            int size = 0;
            if (!parser.isExpectedStartArrayToken()) {
                context.handleUnexpectedToken(float[].class, parser);
            }
            try {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    values = size == values.length ? Arrays.copyOf(values, 2 * size) : values;
                    values[size] = decimal(parser, context, float.class);
                    size++;
                }
            } catch (IOException e) {
                throw JsonMappingException.wrapWithPath(e, values, size);
            }
            return Arrays.copyOf(values, size);
        }
    }
}
