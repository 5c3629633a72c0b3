package org.qexit.common;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Places in a JSON text, found by reading its tokens again: only mistakes pay for them. */
final class JsonText implements JsonPlaces {
    /** Opens the text from its beginning. */
    @FunctionalInterface
    interface Source {
        JsonParser open() throws IOException;
    }

    private final Source source;

    JsonText(Source source) {
        this.source = source;
    }

    /** What a reading for one path found. */
    private static final class Search {
        private final String path;
        private Integer line;
        private JsonNode scalar;

        Search(String path) {
            this.path = path;
        }

        /** Whether the path leads to or through this place. */
        boolean passes(String place) {
            return path.startsWith(place)
                    && (path.length() == place.length() || ".[".indexOf(path.charAt(place.length())) >= 0);
        }
    }

    @Override
    public Integer line(String path) {
        return path.isEmpty() ? null : search(path).line;
    }

    @Override
    public JsonNode scalar(String path) {
        return search(path).scalar;
    }

    /** Those before the text breaks, if it does. */
    @Override
    public List<String> fields(String path) {
        List<String> fields = new ArrayList<>();
        try (JsonParser parser = source.open()) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                JsonStreamContext context = parser.getParsingContext();
                if (token == JsonToken.FIELD_NAME && path(context.getParent()).equals(path)) {
                    fields.add(parser.currentName());
                }
            }
        } catch (IOException e) {
            // What was found is right.
        }
        return fields;
    }

    /** The path at which the text stops being JSON, as far as it was understood; empty if it does not, or at the top. */
    String brokenAt() {
        try (JsonParser parser = source.open()) {
            try {
                while (parser.nextToken() != null) {
                    // Only its end is looked for.
                }
                return "";
            } catch (JsonProcessingException e) {
                JsonStreamContext context = parser.getParsingContext();
                // The index of the element that could not be read is that of the next one.
                return context.inArray() && context.getCurrentIndex() < 0
                        ? path(context.getParent()) + "[0]"
                        : path(context);
            }
        } catch (IOException e) {
            return "";
        }
    }

    private Search search(String path) {
        Search found = new Search(path);
        try (JsonParser parser = source.open()) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                    continue;
                }
                JsonStreamContext context = parser.getParsingContext();
                String place = path(token.isStructStart() ? context.getParent() : context);
                if (!place.isEmpty() && found.passes(place)) {
                    found.line = parser.currentTokenLocation().getLineNr();
                    if (place.equals(path) && token.isScalarValue()) {
                        found.scalar = scalar(parser, token);
                        return found;
                    }
                }
            }
        } catch (IOException e) {
            // What was found before the text breaks is right.
        }
        return found;
    }

    private static JsonNode scalar(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
            case VALUE_TRUE, VALUE_FALSE -> JsonNodeFactory.instance.booleanNode(token == JsonToken.VALUE_TRUE);
            // Numbers as they are written.
            default -> JsonNodeFactory.instance.textNode(parser.getText());
        };
    }

    private static String path(JsonStreamContext context) {
        if (context == null || context.inRoot()) {
            return "";
        }
        String around = path(context.getParent());
        if (context.inArray()) {
            return around + "[" + Math.max(0, context.getCurrentIndex()) + "]";
        }
        String name = context.getCurrentName();
        return name == null ? around : around.isEmpty() ? name : around + "." + name;
    }
}
