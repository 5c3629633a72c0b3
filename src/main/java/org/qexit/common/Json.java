package org.qexit.common;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final Pattern NO_NUMBER = Pattern.compile("Non-standard token '([-+]?\\w+)'");
    private static final Pattern FIELD = Pattern.compile("(?:^|: )(\\w+) is ");
    private static final ObjectMapper JSON = strict(JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(constraints())
                    .build()))
            .build();

    private Json() {}

    /** Reads a whole JSON file as {@code type}. */
    public static <T> T read(Path file, Class<T> type) {
        byte[] bytes;
        try (InputStream in = open(file)) {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        return parse(file.toString(), type, () -> JSON.createParser(bytes));
    }

    /** Reads a whole YAML file as {@code type}. */
    public static <T> T readYaml(Path file, Class<T> type) {
        return readYaml(file, type, Map.of());
    }

    /**
     * The same with other values for some fields.
     *
     * @param others by paths such as {@code happens.0.at}: steps to a field, or to a place of a list that has it; objects on the way that are missing
     *     are made
     */
    public static <T> T readYaml(Path file, Class<T> type, Map<String, ?> others) {
        return parseYaml(file.toString(), ConfigText.of(file).text(), type, others);
    }

    /** Reads JSON text; {@code name} stands for the file in messages. */
    public static <T> T parse(String name, String text, Class<T> type) {
        return parse(name, type, () -> JSON.createParser(text));
    }

    /** Reads JSON in UTF-8, a part of an array. */
    public static <T> T parse(String name, byte[] bytes, int offset, int length, Class<T> type) {
        return parse(name, type, () -> JSON.createParser(bytes, offset, length));
    }

    private static <T> T parse(String name, Class<T> type, JsonText.Source source) {
        try (JsonParser parser = source.open()) {
            return present(name, JSON.readValue(parser, type));
        } catch (JsonProcessingException e) {
            throw explain(name, type, e, new JsonText(source));
        } catch (IOException e) {
            throw new UserError(name + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** As {@link #parse}, for YAML. Its parser is loaded only here: devices read JSON only, and do without. */
    public static <T> T parseYaml(String name, String text, Class<T> type) {
        return parseYaml(name, text, type, Map.of());
    }

    private static <T> T parseYaml(String name, String text, Class<T> type, Map<String, ?> others) {
        YamlTree tree = YamlTree.parse(name, text);
        others.forEach((path, value) -> JsonValues.put(name, tree.root(), path, JSON.valueToTree(value)));
        try {
            return present(name, JSON.treeToValue(tree.root(), type));
        } catch (JsonProcessingException e) {
            throw explain(name, type, e, tree);
        }
    }

    /**
     * YAML as JSON, with other values for some fields.
     *
     * @param name stands for the document in messages
     * @param others by paths, as in {@link #readYaml(Path, Class, Map)}
     */
    static String withValues(String name, String text, Map<String, ?> others) {
        YamlTree tree = YamlTree.parse(name, text);
        others.forEach((path, value) -> JsonValues.put(name, tree.root(), path, JSON.valueToTree(value)));
        return pretty(tree.root());
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
                // Neither "" nor [] stands for nothing.
                .withCoercionConfigDefaults(
                        none -> none.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.EmptyArray, CoercionAction.Fail))
                .addModule(JsonNumbers.module())
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

    private static UserError explain(String name, Class<?> type, JsonProcessingException e, JsonPlaces places) {
        if (e instanceof JsonParseException || e instanceof StreamConstraintsException) {
            return broken(name, e, places);
        }
        if (!(e instanceof JsonMappingException wrong)) {
            return new UserError(name + line(e.getLocation()) + ": not readable: " + firstLine(e), e);
        }
        if (e.getCause() instanceof JsonParseException inside) {
            return broken(name, inside, places);
        }
        Optional<UserError> another = anotherFormat(name, type, e, places);
        if (another.isPresent()) {
            return another.get();
        }
        // A mapping error's location is where the parser stood, often past the culprit; its path is exact.
        String path = path(wrong.getPath());
        String place = name + line(places.line(path));
        if (e instanceof UnrecognizedPropertyException unknown) {
            List<String> known = unknown.getKnownPropertyIds() == null
                    ? List.of()
                    : unknown.getKnownPropertyIds().stream()
                            .map(Object::toString)
                            .sorted()
                            .toList();
            return new UserError(
                    place + ": unknown field '" + path + "'" + Suggestions.maybe(unknown.getPropertyName(), known)
                            + "; expected one of: " + String.join(", ", known),
                    e);
        }
        if (e instanceof ValueInstantiationException refused && refused.getCause() != null) {
            Optional<UserError> unknown =
                    unknownField(name, path, refused.getType().getRawClass(), refused, places);
            if (unknown.isPresent()) {
                return unknown.get();
            }
            String reason = refused.getCause() instanceof NullPointerException
                    ? "a list holds null; expected values only"
                    : String.valueOf(refused.getCause().getMessage());
            return new UserError(
                    name + line(places.line(culprit(path, reason, places))) + ": "
                            + (path.isEmpty() ? "" : "field '" + path + "': ") + reason,
                    e);
        }
        if (e instanceof InvalidTypeIdException unknown) {
            return new UserError(
                    place + ": field '" + (path.isEmpty() ? "" : path + ".") + "kind' is '" + unknown.getTypeId()
                            + "'; expected one of: "
                            + kinds(unknown.getBaseType().getRawClass()),
                    e);
        }
        if (e.getCause() instanceof InputCoercionException beyond && places.scalar(path) != null) {
            return new UserError(
                    place + ": field '" + path + "' is '" + places.scalar(path).asText() + "'; expected "
                            + expected(beyond.getTargetType()) + " of at most "
                            + (beyond.getTargetType() == int.class ? Integer.MAX_VALUE : Long.MAX_VALUE),
                    e);
        }
        if (e instanceof MismatchedInputException mismatch) {
            return mismatch(name, place, path, mismatch, places);
        }
        return new UserError(place + ": not readable: " + firstLine(e), e);
    }

    /** A document that says itself that it is of another format than the one that is read: told before what that one misses. */
    private static Optional<UserError> anotherFormat(
            String name, Class<?> type, JsonProcessingException e, JsonPlaces places) {
        List<String> read = formats(type);
        JsonNode written = places.scalar("format");
        if (read.isEmpty() || written == null || !written.isTextual()) {
            return Optional.empty();
        }
        boolean known = read.stream().anyMatch(one -> family(one).equals(family(written.asText())));
        return known
                ? Optional.empty()
                : Optional.of(new UserError(
                        name + line(places.line("format")) + ": format is '" + UserError.shown(written.asText())
                                + "'; expected " + String.join(" or ", read),
                        e));
    }

    /** A format without its version. */
    private static String family(String format) {
        return format.replaceFirst("/[0-9]+$", "");
    }

    /** What a type says that it reads: its constant FORMATS, or FORMAT; none if it has neither. */
    private static List<String> formats(Class<?> type) {
        try {
            return type.getField("FORMATS").get(null) instanceof List<?> all
                    ? all.stream().map(String::valueOf).toList()
                    : List.of();
        } catch (ReflectiveOperationException several) {
            try {
                return type.getField("FORMAT").get(null) instanceof String one ? List.of(one) : List.of();
            } catch (ReflectiveOperationException none) {
                return List.of();
            }
        }
    }

    /** A field of a refused object that its type does not have: told first, as what is missing is often what was mistyped. */
    private static Optional<UserError> unknownField(
            String name, String path, Class<?> type, JsonMappingException refused, JsonPlaces places) {
        Set<String> known = new TreeSet<>();
        JSON.getDeserializationConfig()
                .introspect(JSON.constructType(type))
                .findProperties()
                .forEach(property -> known.add(property.getName()));
        JsonIgnoreProperties passed = type.getAnnotation(JsonIgnoreProperties.class);
        // What is read by a way of its own may have other fields than its type.
        boolean plain = type.isRecord()
                && Arrays.stream(type.getDeclaredMethods())
                        .noneMatch(each -> each.isAnnotationPresent(JsonCreator.class));
        if (!plain || known.isEmpty() || passed != null && passed.ignoreUnknown()) {
            return Optional.empty();
        }
        JsonTypeInfo kinds = type.getAnnotation(JsonTypeInfo.class);
        for (String field : places.fields(path)) {
            boolean fine = known.contains(field)
                    || passed != null && List.of(passed.value()).contains(field)
                    || inheritsKind(type, kinds) && field.equals("kind");
            if (!fine) {
                String whole = path.isEmpty() ? field : path + "." + field;
                return Optional.of(new UserError(
                        name + line(places.line(whole)) + ": unknown field '" + whole + "'"
                                + Suggestions.maybe(field, known) + "; expected one of: " + String.join(", ", known),
                        refused));
            }
        }
        return Optional.empty();
    }

    /** Whether objects of a type say in a field which kind of it they are. */
    private static boolean inheritsKind(Class<?> type, JsonTypeInfo own) {
        return own != null
                || Arrays.stream(type.getInterfaces()).anyMatch(each -> each.isAnnotationPresent(JsonTypeInfo.class));
    }

    /** An unknown field beside one that is missing: maybe it is the one that is meant. */
    private static Optional<UserError> mistyped(
            String name, String path, MismatchedInputException e, JsonPlaces places) {
        List<JsonMappingException.Reference> steps = e.getPath();
        if (steps.isEmpty() || steps.get(steps.size() - 1).getFieldName() == null) {
            return Optional.empty();
        }
        Object from = steps.get(steps.size() - 1).getFrom();
        Class<?> type = from instanceof Class<?> known ? known : from == null ? null : from.getClass();
        return type == null ? Optional.empty() : unknownField(name, JsonPlaces.around(path), type, e, places);
    }

    private static UserError mismatch(
            String name, String place, String path, MismatchedInputException e, JsonPlaces places) {
        String expected = "; expected " + expected(e.getTargetType());
        JsonNode culprit = path.isEmpty() ? null : places.scalar(path);
        if (culprit != null && !culprit.isNull()) {
            return new UserError(place + ": field '" + path + "' is '" + culprit.asText() + "'" + expected, e);
        }
        if (e instanceof InvalidFormatException wrong) {
            return new UserError(place + ": field '" + path + "' is '" + wrong.getValue() + "'" + expected, e);
        }
        Optional<UserError> mistyped = mistyped(name, path, e, places);
        if (mistyped.isPresent()) {
            return mistyped.get();
        }
        return new UserError(
                path.isEmpty()
                        ? name + ": is empty or not of the right form" + expected
                        : place + ": field '" + path + "' is missing or of the wrong type" + expected,
                e);
    }

    /** Text that is no JSON. Of the numbers that it does not have, NaN and Infinity are what other programs write. */
    private static UserError broken(String name, JsonProcessingException e, JsonPlaces places) {
        String reason = withoutInternals(firstLine(e));
        String place = name + line(e.getLocation());
        Matcher number = NO_NUMBER.matcher(reason);
        if (number.lookingAt()
                && places instanceof JsonText text
                && !text.brokenAt().isEmpty()) {
            return new UserError(
                    place + ": field '" + text.brokenAt() + "' is " + number.group(1) + "; expected a number", e);
        }
        return new UserError(place + ": not readable: " + reason, e);
    }

    /** A parser's words without those on its own options and codes. */
    private static String withoutInternals(String reason) {
        return reason.replaceAll(" \\(code [0-9x ]+(?: / 0x[0-9a-f]+)?\\)", "")
                .replaceAll(": maybe a \\(non-standard\\).*$", "")
                .replaceAll(": (?:was expecting|expected a valid value).*$", "")
                .replaceAll(" \\(for JSON strict mode.*$|; not recognized as one since Feature.*$", "");
    }

    /** The field that a constructor's message begins with, where the object at {@code path} has one of that name; else the object. */
    private static String culprit(String path, String reason, JsonPlaces places) {
        Matcher field = FIELD.matcher(reason);
        if (field.find()) {
            String inside = path.isEmpty() ? field.group(1) : path + "." + field.group(1);
            if (places.scalar(inside) != null) {
                return inside;
            }
        }
        return path;
    }

    private static String firstLine(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        return message == null ? "" : message.lines().findFirst().orElse("");
    }

    private static String line(Integer line) {
        return line == null ? "" : " line " + line;
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
        return "an object";
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
