package org.qexit.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.qexit.common.UserError;

/**
 * What an ONNX file holds, found by walking its protobuf without believing it, before a runtime written in C++ does. Refuses what
 * no bundle needs and an attacker would like: tensors kept in other files, operators of other domains, functions, training graphs,
 * loops, sparse tensors, groups, claimed shapes that the file cannot hold, deep nesting. Field numbers are those of onnx.proto.
 *
 * <p>A graph that passes may still ask for much memory or time at run time (a shape is a value in ONNX); who does not trust a
 * bundle's maker checks its signature.
 */
public final class OnnxScan {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_NODES = 100_000;
    private static final int MAX_RANK = 16;
    private static final int MAX_OPERATOR_NAME = 64;
    /** Operators that run a graph again and again. */
    private static final Set<String> LOOPS = Set.of("Loop", "Scan", "SequenceMap");

    private static final int EXTERNAL = 1;

    private final String name;
    private final CodedInputStream in;
    private final long length;
    private final SortedMap<String, Integer> operators = new TreeMap<>();
    private long opset;
    private int nodes;
    private long initialiserValues;
    private boolean graphSeen;
    /** Whether domains may be named of which no operator is used, as converters do. */
    private final boolean idleDomains;

    private OnnxScan(String name, byte[] bytes, boolean idleDomains) {
        this.name = name;
        this.idleDomains = idleDomains;
        this.in = CodedInputStream.newInstance(bytes);
        this.length = bytes.length;
    }

    /**
     * Scans a whole ONNX file.
     *
     * @param name stands for the file in messages
     * @throws UserError if it is not an ONNX file that a bundle may hold
     */
    public static OnnxScan of(String name, byte[] bytes) {
        return scanned(new OnnxScan(name, bytes, false));
    }

    /**
     * As {@link #of}, for a file of another exporter, which may name domains that it uses no operator of.
     *
     * @throws UserError as there
     */
    public static OnnxScan ofForeign(String name, byte[] bytes) {
        return scanned(new OnnxScan(name, bytes, true));
    }

    private static OnnxScan scanned(OnnxScan scan) {
        try {
            scan.model();
        } catch (InvalidProtocolBufferException e) {
            throw new UserError(
                    scan.name + " at byte " + scan.in.getTotalBytesRead() + ": not an ONNX file: "
                            + UserError.shown(String.valueOf(e.getMessage())),
                    e);
        } catch (IOException e) {
            throw new UserError(scan.name + ": cannot be read: " + e.getMessage(), e);
        }
        return scan;
    }

    /** Version of the standard operator set. */
    public long opset() {
        return opset;
    }

    /** How often each operator stands in the graph and the graphs within it. */
    public SortedMap<String, Integer> operators() {
        return java.util.Collections.unmodifiableSortedMap(operators);
    }

    /** Number of nodes, those of graphs within the graph included. */
    int nodes() {
        return nodes;
    }

    /** Number of values in all tensors that the file holds. */
    long tensorValues() {
        return initialiserValues;
    }

    private UserError refused(String why) {
        return new UserError(name + ": " + why);
    }

    private void model() throws IOException {
        for (int tag = next(); tag != 0; tag = next()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 7 -> {
                    graphSeen = true;
                    inside(tag, () -> graph(1));
                }
                case 8 -> inside(tag, this::opsetImport);
                case 20 -> throw refused("holds a training graph; expected one for inference only");
                case 25 -> throw refused("holds functions of its own; expected standard operators only");
                default -> in.skipField(tag);
            }
        }
        if (!graphSeen) {
            throw refused("holds no graph; expected an ONNX file");
        }
        if (opset == 0) {
            throw refused("names no version of the standard operators");
        }
    }

    private void opsetImport() throws IOException {
        String domain = "";
        long version = 0;
        for (int tag = next(); tag != 0; tag = next()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> domain = text(tag);
                case 2 -> version = number(tag);
                default -> in.skipField(tag);
            }
        }
        if (idleDomains && !isStandard(domain)) {
            return;
        }
        checkDomain(domain);
        if (version < 1 || version > 1000 || opset != 0 && opset != version) {
            throw refused("operator set version is " + version + "; expected one version, 1 to 1000");
        }
        opset = version;
    }

    private void graph(int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw refused("graphs are nested deeper than " + MAX_DEPTH);
        }
        for (int tag = next(); tag != 0; tag = next()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> inside(tag, () -> node(depth));
                case 5 -> inside(tag, this::tensor);
                case 15 -> throw refused("holds a sparse tensor; expected dense ones only");
                default -> in.skipField(tag);
            }
        }
    }

    private void node(int depth) throws IOException {
        if (++nodes > MAX_NODES) {
            throw refused("has more than " + MAX_NODES + " nodes");
        }
        String operator = "";
        for (int tag = next(); tag != 0; tag = next()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 4 -> operator = text(tag);
                case 5 -> inside(tag, () -> attribute(depth));
                case 7 -> checkDomain(text(tag));
                default -> in.skipField(tag);
            }
        }
        if (operator.isEmpty() || operator.length() > MAX_OPERATOR_NAME) {
            throw refused("a node's operator is '" + UserError.shown(operator) + "'; expected a name");
        }
        if (LOOPS.contains(operator)) {
            throw refused("uses the operator " + operator + ", which may never end; bundles need none");
        }
        operators.merge(operator, 1, Integer::sum);
    }

    private void attribute(int depth) throws IOException {
        for (int tag = next(); tag != 0; tag = next()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 5, 10 -> inside(tag, this::tensor);
                case 6, 11 -> inside(tag, () -> graph(depth + 1));
                case 22, 23 -> throw refused("holds a sparse tensor; expected dense ones only");
                default -> in.skipField(tag);
            }
        }
    }

    private void tensor() throws IOException {
        double values = 1;
        int rank = 0;
        for (int tag = next(); tag != 0; tag = next()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> {
                    if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                        int outer = in.pushLimit(in.readRawVarint32());
                        while (!in.isAtEnd()) {
                            values *= size(in.readInt64(), ++rank);
                        }
                        in.popLimit(outer);
                    } else {
                        values *= size(number(tag), ++rank);
                    }
                }
                case 13 -> throw refused("keeps a tensor in another file; expected all tensors inside");
                case 14 -> {
                    if (number(tag) == EXTERNAL) {
                        throw refused("keeps a tensor in another file; expected all tensors inside");
                    }
                }
                default -> in.skipField(tag);
            }
        }
        // The smallest types take half a byte per value.
        if (values > 2.0 * length) {
            throw refused("a tensor claims " + String.format(java.util.Locale.ROOT, "%.0f", values)
                    + " values; a file of " + length + " bytes cannot hold them");
        }
        initialiserValues += (long) values;
    }

    private long size(long dimension, int rank) {
        if (dimension < 0 || rank > MAX_RANK) {
            throw refused(
                    rank > MAX_RANK
                            ? "a tensor has more than " + MAX_RANK + " dimensions"
                            : "a tensor has a dimension of size " + dimension);
        }
        return dimension;
    }

    private static boolean isStandard(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    private void checkDomain(String domain) {
        if (!isStandard(domain)) {
            throw refused(
                    "uses operators of the domain '" + UserError.shown(domain) + "'; expected standard ones only");
        }
    }

    /** The next tag, 0 at the end of the message; groups, which ONNX has none of, are refused before they recurse. */
    private int next() throws IOException {
        int tag = in.readTag();
        int type = WireFormat.getTagWireType(tag);
        if (tag != 0 && (type == WireFormat.WIRETYPE_START_GROUP || type == WireFormat.WIRETYPE_END_GROUP)) {
            throw refused("at byte " + in.getTotalBytesRead() + ": a protobuf group; not an ONNX file");
        }
        return tag;
    }

    private void require(int tag, int type) {
        if (WireFormat.getTagWireType(tag) != type) {
            throw refused("at byte " + in.getTotalBytesRead() + ": field " + WireFormat.getTagFieldNumber(tag)
                    + " is of the wrong wire type; not an ONNX file");
        }
    }

    private String text(int tag) throws IOException {
        require(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        return in.readStringRequireUtf8();
    }

    private long number(int tag) throws IOException {
        require(tag, WireFormat.WIRETYPE_VARINT);
        return in.readInt64();
    }

    private void inside(int tag, Reading message) throws IOException {
        require(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int outer = in.pushLimit(in.readRawVarint32());
        message.read();
        in.popLimit(outer);
    }

    /** Reads fields up to the end of a message. */
    @FunctionalInterface
    private interface Reading {
        void read() throws IOException;
    }
}
