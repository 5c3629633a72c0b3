package org.qexit.fuzz;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Values of a YAML document from its events, by the core schema as section 10.3.2 of the specification writes it. Only the scanner is the
 * one that the product uses.
 */
final class PlainYaml {
    private static final String WHOLE = "[-+]?[0-9]+";
    private static final String FLOAT = "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?";

    private final Iterator<Event> events;
    private final Map<Anchor, Object> anchors = new HashMap<>();

    private PlainYaml(String text) {
        this.events =
                new Parse(LoadSettings.builder().build()).parseString(text).iterator();
    }

    /** @throws UnsupportedOperationException if it is no YAML, or more than one document, or not what JSON can say */
    static Object read(String text) {
        try {
            PlainYaml yaml = new PlainYaml(text);
            Event event = yaml.next();
            while (event.getEventId() == Event.ID.StreamStart || event.getEventId() == Event.ID.DocumentStart) {
                event = yaml.next();
            }
            Object value = yaml.value(event);
            yaml.need(Event.ID.DocumentEnd);
            yaml.need(Event.ID.StreamEnd);
            return value;
        } catch (YamlEngineException e) {
            throw new UnsupportedOperationException(e);
        }
    }

    private Event next() {
        Event event = events.next();
        return event.getEventId() == Event.ID.Comment ? next() : event;
    }

    private void need(Event.ID id) {
        if (next().getEventId() != id) {
            throw new UnsupportedOperationException("no " + id);
        }
    }

    private Object value(Event event) {
        if (event instanceof AliasEvent alias) {
            if (!anchors.containsKey(alias.getAlias())) {
                throw new UnsupportedOperationException("no anchor " + alias.getAlias());
            }
            return anchors.get(alias.getAlias());
        }
        if (event instanceof ScalarEvent scalar) {
            Object value = scalar(scalar);
            scalar.getAnchor().ifPresent(anchor -> anchors.put(anchor, value));
            return value;
        }
        if (event instanceof SequenceStartEvent sequence) {
            plainTag(sequence.getTag().orElse("!!seq"), "seq");
            List<Object> list = new ArrayList<>();
            for (Event e = next(); e.getEventId() != Event.ID.SequenceEnd; e = next()) {
                list.add(value(e));
            }
            sequence.getAnchor().ifPresent(anchor -> anchors.put(anchor, list));
            return list;
        }
        if (!(event instanceof MappingStartEvent mapping)) {
            throw new UnsupportedOperationException(event.toString());
        }
        plainTag(mapping.getTag().orElse("!!map"), "map");
        Map<String, Object> own = new LinkedHashMap<>();
        Map<String, Object> merged = new LinkedHashMap<>();
        boolean merges = false;
        for (Event e = next(); e.getEventId() != Event.ID.MappingEnd; e = next()) {
            String key = key(e);
            boolean merge =
                    e instanceof ScalarEvent s && s.isPlain() && s.getTag().isEmpty() && key.equals("<<");
            Object value = value(next());
            if (merge && merges || !merge && own.containsKey(key)) {
                throw new UnsupportedOperationException("twice: " + key);
            }
            merges |= merge;
            if (merge) {
                merge(merged, value);
            } else {
                own.put(key, value);
            }
        }
        merged.putAll(own);
        mapping.getAnchor().ifPresent(anchor -> anchors.put(anchor, merged));
        return merged;
    }

    /** A key is its text, whatever it would be as a value. */
    private String key(Event event) {
        Object value = value(event);
        if (event instanceof ScalarEvent scalar) {
            return scalar.getValue();
        }
        if (value instanceof List || value instanceof Map) {
            throw new UnsupportedOperationException("a key that is no scalar");
        }
        // An alias to a scalar: its own spelling is gone, so that only text is known.
        if (value instanceof String text) {
            return text;
        }
        throw new UnsupportedOperationException("a key that is an alias");
    }

    @SuppressWarnings("unchecked")
    private static void merge(Map<String, Object> into, Object value) {
        List<Object> all = value instanceof List<?> list ? (List<Object>) list : List.of(value == null ? "" : value);
        for (Object one : all) {
            if (!(one instanceof Map<?, ?> map)) {
                throw new UnsupportedOperationException("merges what is no mapping");
            }
            map.forEach((key, v) -> into.putIfAbsent((String) key, v));
        }
    }

    private static void plainTag(String tag, String wanted) {
        if (!tag.endsWith(wanted)) {
            throw new UnsupportedOperationException("tag " + tag);
        }
    }

    private static Object scalar(ScalarEvent event) {
        String text = event.getValue();
        String tag = event.getTag().orElse(null);
        if (tag != null && !tag.equals("!")) {
            return tagged(tag.substring(tag.lastIndexOf(':') + 1), text);
        }
        if (tag != null || event.getScalarStyle() != ScalarStyle.PLAIN) {
            return text;
        }
        if (text.matches("|~|null|Null|NULL")) {
            return null;
        }
        if (text.matches("true|True|TRUE|false|False|FALSE")) {
            return text.equalsIgnoreCase("true");
        }
        Double number = number(text);
        return number == null ? text : number;
    }

    private static Object tagged(String tag, String text) {
        Double number = number(text);
        if (tag.equals("str")) {
            return text;
        }
        if ((tag.equals("int") || tag.equals("float")) && number != null) {
            return number;
        }
        if (tag.equals("bool") && text.matches("(?i)true|false")) {
            return text.equalsIgnoreCase("true");
        }
        if (tag.equals("null")) {
            return null;
        }
        throw new UnsupportedOperationException("tag " + tag);
    }

    private static Double number(String text) {
        if (text.matches(WHOLE)) {
            return new BigInteger(text).doubleValue();
        }
        if (text.matches("0o[0-7]+")) {
            return new BigInteger(text.substring(2), 8).doubleValue();
        }
        if (text.matches("0x[0-9a-fA-F]+")) {
            return new BigInteger(text.substring(2), 16).doubleValue();
        }
        if (text.matches("[-+]?(\\.inf|\\.Inf|\\.INF)|\\.nan|\\.NaN|\\.NAN")) {
            throw new UnsupportedOperationException("not finite: " + text);
        }
        return text.matches(FLOAT) ? (Double) Double.parseDouble(text) : null;
    }
}
