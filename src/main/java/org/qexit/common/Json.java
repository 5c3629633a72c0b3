package org.qexit.common;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * JSON and YAML by records. Reading is strict: an unknown field, a missing number, a duplicate key, a wrong type or a value
 * that the record's own constructor refuses ends in a {@link UserError} of one line that names file, field and value.
 * Writing is canonical: components in their declared order, nulls left out, "\n" line ends, the same bytes everywhere.
 */
public final class Json {
    /** Of lists and objects in each other, in JSON and YAML. */
    static final int MAX_NESTING = 64;

    private static final int MAX_TEXT = 1 << 20;
    private static final ObjectMapper JSON = strict(JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(constraints())
                    .build()))
            .build();

    private Json() {}

    /** Reads a whole JSON file as {@code type}. */
    public static <T> T read(Path file, Class<T> type) {
        try (InputStream in = open(file)) {
            return present(file.toString(), JSON.readValue(in, type));
        } catch (JsonProcessingException e) {
            throw explain(file.toString(), e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads a whole YAML file as {@code type}. */
    public static <T> T readYaml(Path file, Class<T> type) {
        String text;
        try (InputStream in = open(file)) {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in.readAllBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UserError(file + ": not readable: is not UTF-8 text", e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        return parseYaml(file.toString(), text, type);
    }

    /** Reads JSON text; {@code name} stands for the file in messages. */
    public static <T> T parse(String name, String text, Class<T> type) {
        try {
            return present(name, JSON.readValue(text, type));
        } catch (JsonProcessingException e) {
            throw explain(name, e);
        }
    }

    /** As {@link #parse}, for YAML. Its parser is loaded only here: devices read JSON only, and do without. */
    public static <T> T parseYaml(String name, String text, Class<T> type) {
        YamlTree tree = YamlTree.parse(name, text);
        try {
            return present(name, JSON.treeToValue(tree.root(), type));
        } catch (JsonMappingException e) {
            String path = path(e.getPath());
            Integer line = tree.line(path);
            String place = line == null ? name : name + " line " + line;
            JsonNode culprit = tree.scalar(path);
            if (e instanceof MismatchedInputException wrong
                    && e.getClass() == MismatchedInputException.class
                    && culprit != null
                    && !culprit.isNull()) {
                throw new UserError(
                        place + ": field '" + path + "' is '" + culprit.asText() + "'; expected "
                                + expected(wrong.getTargetType()),
                        e);
            }
            throw explain(place, e);
        } catch (JsonProcessingException e) {
            throw explain(name, e);
        }
    }

    /** Compact JSON on one line, without line end. */
    public static String compact(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass() + " as JSON: " + e.getMessage(), e);
        }
    }

    /** Indented JSON with a line end at the end. */
    public static String pretty(Object value) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(DefaultPrettyPrinter.FixedSpaceIndenter.instance);
        try {
            return JSON.writer(printer).writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass() + " as JSON: " + e.getMessage(), e);
        }
    }

    /** Writes {@link #pretty} to a file, atomically. */
    public static void write(Path file, Object value) {
        AtomicFiles.writeString(file, pretty(value));
    }

    private static StreamReadConstraints constraints() {
        return StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxStringLength(MAX_TEXT)
                .build();
    }

    private static <M extends ObjectMapper, B extends MapperBuilder<M, B>> B strict(B builder) {
        return builder.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_VALUES)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS));
    }

    private static InputStream open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new UserError(file + ": is a directory; expected a file");
        }
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new UserError(file + ": no such file", e);
        }
    }

    private static <T> T present(String name, T value) {
        if (value == null) {
            throw new UserError(name + ": is empty");
        }
        return value;
    }

    private static UserError explain(String name, JsonProcessingException e) {
        // A mapping error's location is where the parser stood, often past the culprit; its path is exact.
        String place = e instanceof JsonMappingException ? name : name + line(e.getLocation());
        if (e instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds() == null
                    ? ""
                    : unknown.getKnownPropertyIds().stream()
                            .map(Object::toString)
                            .sorted()
                            .collect(Collectors.joining(", "));
            return new UserError(
                    place + ": unknown field '" + path(unknown.getPath()) + "'; expected one of: " + known, e);
        }
        if (e instanceof InvalidFormatException wrong) {
            return new UserError(
                    place + ": field '" + path(wrong.getPath()) + "' is '" + wrong.getValue() + "'; expected "
                            + expected(wrong.getTargetType()),
                    e);
        }
        if (e instanceof ValueInstantiationException refused && refused.getCause() != null) {
            String at = path(refused.getPath());
            return new UserError(
                    place + ": " + (at.isEmpty() ? "" : "field '" + at + "': ")
                            + refused.getCause().getMessage(),
                    e);
        }
        if (e instanceof InvalidTypeIdException wrong) {
            String at = path(wrong.getPath());
            return new UserError(
                    place + ": field '" + (at.isEmpty() ? "" : at + ".") + "kind' is '" + wrong.getTypeId()
                            + "'; expected one of: " + kinds(wrong.getBaseType().getRawClass()),
                    e);
        }
        if (e instanceof MismatchedInputException wrong && wrong.getPath().isEmpty()) {
            return new UserError(
                    name + ": is empty or not of the right form; expected " + expected(wrong.getTargetType()), e);
        }
        if (e instanceof MismatchedInputException wrong) {
            return new UserError(
                    place + ": field '" + path(wrong.getPath()) + "' is missing or of the wrong type; expected "
                            + expected(wrong.getTargetType()),
                    e);
        }
        String message = e.getOriginalMessage();
        return new UserError(
                place + ": not readable: "
                        + (message == null ? "" : message.lines().findFirst().orElse("")),
                e);
    }

    private static String kinds(Class<?> type) {
        JsonSubTypes known = type.getAnnotation(JsonSubTypes.class);
        return known == null
                ? "another kind"
                : Arrays.stream(known.value())
                        .map(kind -> kind.name().toLowerCase(java.util.Locale.ROOT))
                        .collect(Collectors.joining(", "));
    }

    private static String expected(Class<?> type) {
        if (type == null) {
            return "another value";
        }
        if (type.isEnum()) {
            return "one of: "
                    + Arrays.stream(type.getEnumConstants())
                            .map(c -> c.toString().toLowerCase(java.util.Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == float.class || type == Double.class || type == Float.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "text";
        }
        if (type.isArray() || List.class.isAssignableFrom(type)) {
            return "a list";
        }
        return "an object (" + type.getSimpleName() + ")";
    }

    private static String line(JsonLocation location) {
        return location == null || location.getLineNr() <= 0 ? "" : " line " + location.getLineNr();
    }

    private static String path(List<JsonMappingException.Reference> path) {
        StringBuilder text = new StringBuilder();
        for (JsonMappingException.Reference step : path) {
            if (step.getFieldName() != null) {
                text.append(text.isEmpty() ? "" : ".").append(step.getFieldName());
            } else {
                text.append('[').append(step.getIndex()).append(']');
            }
        }
        return text.toString();
    }
}
