package org.qexit.common;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * One YAML 1.2 document, by the core schema, as a tree of JSON, and the line of every value.
 *
 * <p>An alias stands for the value of its anchor, a merge key {@code <<} for the fields of the objects it names. {@code 010} is ten, {@code
 * 0o10} eight, {@code yes} and {@code on} are text. What JSON cannot say is refused with its line: numbers that are not finite, keys that
 * are no scalars, values that hold themselves; so are a second document, duplicate keys and tags of one's own.
 */
final class YamlTree implements JsonPlaces {
    /** Aliases may repeat a value, but not blow a small file up to more values than any configuration has. */
    private static final int MOST_VALUES = 1 << 18;

    private static final int MOST_CHARACTERS = 1 << 26;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String name;
    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, JsonNode> scalars = new HashMap<>();
    private final Map<String, List<String>> fields = new HashMap<>();
    private int values;
    private JsonNode root;

    private YamlTree(String name) {
        this.name = name;
    }

    /**
     * Reads {@code text}; {@code name} stands for the file in messages.
     *
     * @throws UserError if the text is no YAML, or YAML that the class comment rules out: one line with file, line and reason
     */
    static YamlTree parse(String name, String text) {
        YamlTree tree = new YamlTree(name);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(false)
                .setAllowNonScalarKeys(true)
                .setMaxAliasesForCollections(Integer.MAX_VALUE)
                .setCodePointLimit(MOST_CHARACTERS)
                .build();
        try {
            Iterator<Node> documents =
                    new Compose(settings).composeAllFromString(text).iterator();
            tree.root = documents.hasNext() ? tree.value(documents.next(), "", 0) : NODES.nullNode();
            if (documents.hasNext()) {
                throw new UserError(name + line(secondDocument(settings, text))
                        + ": not readable: a second document begins here; expected one");
            }
        } catch (MarkedYamlEngineException e) {
            throw new UserError(
                    name + line(e.getProblemMark().or(e::getContextMark)) + ": not readable: " + reason(e), e);
        } catch (YamlEngineException e) {
            throw new UserError(name + ": not readable: " + firstLine(e.getMessage()), e);
        }
        return tree;
    }

    private static Optional<Mark> secondDocument(LoadSettings settings, String text) {
        int documents = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            if (event instanceof DocumentStartEvent && ++documents == 2) {
                return event.getStartMark();
            }
        }
        throw new IllegalStateException("one document only");
    }

    /** The document, or JSON's null if there is none. */
    JsonNode root() {
        return root;
    }

    @Override
    public Integer line(String path) {
        for (String at = path; !at.isEmpty(); at = JsonPlaces.around(at)) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
        }
        return null;
    }

    @Override
    public List<String> fields(String path) {
        return fields.getOrDefault(path, List.of());
    }

    @Override
    public JsonNode scalar(String path) {
        return scalars.get(path);
    }

    private JsonNode value(Node node, String path, int depth) {
        if (node.isRecursive()) {
            throw refused(node, "an alias stands for a value that it is part of");
        }
        if (depth > Json.MAX_NESTING) {
            throw refused(node, "nested more than " + Json.MAX_NESTING + " deep");
        }
        if (++values > MOST_VALUES) {
            throw refused(node, "more than " + MOST_VALUES + " values, those of aliases counted");
        }
        node.getStartMark().ifPresent(mark -> lines.putIfAbsent(path, mark.getLine() + 1));
        if (node instanceof MappingNode mapping) {
            expectTag(node, Tag.MAP);
            ObjectNode object = NODES.objectNode();
            for (NodeTuple tuple : mapping.getValue()) {
                String key = key(tuple.getKeyNode());
                String below = path.isEmpty() ? key : path + "." + key;
                tuple.getKeyNode().getStartMark().ifPresent(mark -> lines.put(below, mark.getLine() + 1));
                if (object.has(key)) {
                    throw refused(tuple.getKeyNode(), "the key '" + key + "' stands twice");
                }
                object.set(key, value(tuple.getValueNode(), below, depth + 1));
            }
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            fields.put(path, names);
            return object;
        }
        if (node instanceof SequenceNode sequence) {
            expectTag(node, Tag.SEQ);
            ArrayNode array = NODES.arrayNode();
            for (Node element : sequence.getValue()) {
                array.add(value(element, path + "[" + array.size() + "]", depth + 1));
            }
            return array;
        }
        JsonNode scalar = scalar((ScalarNode) node);
        scalars.put(path, scalar);
        return scalar;
    }

    private void expectTag(Node node, Tag tag) {
        if (!node.getTag().equals(tag)) {
            throw refused(node, "the tag " + node.getTag().getValue() + " means nothing here");
        }
    }

    private String key(Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw refused(node, "a key is a list or an object; expected text");
        }
        // A key is its text, but its tag must fit that.
        scalar(scalar);
        return scalar.getValue();
    }

    private JsonNode scalar(ScalarNode node) {
        Tag tag = node.getTag();
        String text = node.getValue();
        if (tag.equals(Tag.STR)) {
            return NODES.textNode(text);
        }
        try {
            if (tag.equals(Tag.INT)) {
                return whole(text);
            }
            if (tag.equals(Tag.FLOAT)) {
                return decimal(node, text);
            }
        } catch (NumberFormatException e) {
            throw refused(node, "'" + text + "' is no number");
        }
        if (tag.equals(Tag.BOOL)) {
            if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                throw refused(node, "'" + text + "' is neither true nor false");
            }
            return NODES.booleanNode(Boolean.parseBoolean(text));
        }
        if (tag.equals(Tag.NULL)) {
            return NODES.nullNode();
        }
        throw refused(node, "the tag " + tag.getValue() + " means nothing here");
    }

    /** Decimal, {@code 0o17} or {@code 0x1F}; a leading zero is just that. */
    private static JsonNode whole(String text) {
        BigInteger value = text.startsWith("0o")
                ? new BigInteger(text.substring(2), 8)
                : text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
        if (value.bitLength() < Integer.SIZE) {
            return NODES.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
    }

    private JsonNode decimal(ScalarNode node, String text) {
        if (text.toLowerCase(Locale.ROOT).matches("[-+]?\\.(inf|nan)")) {
            throw refused(node, "'" + text + "' is not a finite number");
        }
        if (!text.matches("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?")) {
            throw new NumberFormatException(text);
        }
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw refused(node, "'" + text + "' is not a finite number");
        }
        if (value == 0 && text.split("[eE]")[0].matches(".*[1-9].*")) {
            throw refused(node, "'" + text + "' is too near 0 for a number");
        }
        return NODES.numberNode(value);
    }

    private UserError refused(Node node, String reason) {
        return new UserError(name + line(node.getStartMark()) + ": not readable: " + reason);
    }

    private static String line(Optional<Mark> mark) {
        return mark.map(m -> " line " + (m.getLine() + 1)).orElse("");
    }

    /** The scanner's problem in words of its own, those about tabs in ours: it calls one "a character that cannot start any token". */
    private static String reason(MarkedYamlEngineException e) {
        boolean tab = e.getProblemMark().filter(YamlTree::atTab).isPresent();
        return tab || e.getProblem().contains("\\t(TAB)")
                ? "a tab stands where YAML wants spaces"
                : firstLine(e.getProblem());
    }

    private static boolean atTab(Mark mark) {
        int[] buffer = mark.getBuffer();
        int at = mark.getPointer();
        return at >= 0 && at < buffer.length && buffer[at] == '\t';
    }

    private static String firstLine(String message) {
        return message == null ? "" : message.lines().findFirst().orElse("");
    }
}
