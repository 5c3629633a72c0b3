package org.qexit.common;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.util.Arrays;

/**
 * Numbers of a JSON array, flat or nested: arrays of one depth have one length. The arrays are not copied; do not change them.
 *
 * @param values row-major
 * @param shape as it is nested, outermost first; one entry if it is flat
 */
public record NumberArray(double[] values, int[] shape) {
    /** Reads one array, without recursion. */
    static final class Reader extends StdDeserializer<NumberArray> {
        private static final long serialVersionUID = 1L;

        Reader() {
            super(NumberArray.class);
        }

        @Override
        public NumberArray deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.START_ARRAY)) {
                return (NumberArray) context.handleUnexpectedToken(double[].class, parser);
            }
            Nesting nesting = new Nesting();
            double[] values = new double[16];
            int size = 0;
            for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
                boolean fits;
                if (token == JsonToken.START_ARRAY) {
                    fits = nesting.open();
                } else if (token == JsonToken.END_ARRAY) {
                    fits = nesting.close();
                } else if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
                    fits = nesting.number();
                    values = size == values.length ? Arrays.copyOf(values, 2 * size) : values;
                    values[size++] = JsonNumbers.number(parser, context, double.class);
                } else {
                    return (NumberArray) context.handleUnexpectedToken(double.class, parser);
                }
                if (!fits) {
                    throw context.weirdStringException("ragged", double[].class, "arrays of different lengths");
                }
                if (nesting.depth == 0) {
                    return new NumberArray(Arrays.copyOf(values, size), nesting.shape());
                }
            }
        }
    }

    /** Lengths of the arrays at each depth. */
    private static final class Nesting {
        private final int[] counts = new int[Json.MAX_NESTING + 1];
        private final int[] lengths = new int[Json.MAX_NESTING + 1];
        private int depth;
        private int deepest;
        /** Depth of the arrays that hold numbers, 0 until there is one. */
        private int leaf;

        boolean open() {
            if (leaf > 0 && depth >= leaf) {
                return false;
            }
            if (depth > 0) {
                counts[depth - 1]++;
            }
            if (depth == deepest) {
                deepest++;
                lengths[depth] = -1;
            }
            counts[depth++] = 0;
            return true;
        }

        boolean number() {
            leaf = leaf == 0 ? depth : leaf;
            counts[depth - 1]++;
            return leaf == depth && depth == deepest;
        }

        boolean close() {
            depth--;
            if (lengths[depth] < 0) {
                lengths[depth] = counts[depth];
            }
            return lengths[depth] == counts[depth];
        }

        int[] shape() {
            return Arrays.copyOf(lengths, deepest);
        }
    }
}
