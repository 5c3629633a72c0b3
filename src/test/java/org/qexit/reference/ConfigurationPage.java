package org.qexit.reference;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.qexit.common.Json;

/** docs/configuration.md, made from the classes that read configurations and from what their sources say. */
final class ConfigurationPage {
    private static final String TRAINING = "org.qexit.nn.TrainingConfig";

    /** Where settings of a training that are side by side in files belong, and under which name, where it is another. */
    private static final Map<String, String> RENAMED =
            Map.of("offloadBudget", "offload", "thresholds", "mode", "losses", "list", "thresholdMemory", "memory");

    private final StringBuilder text = new StringBuilder();
    private final Set<Class<?>> told = new LinkedHashSet<>();
    private final Deque<Class<?>> open = new ArrayDeque<>();
    private final List<String> silent = new ArrayList<>();

    /** A format: its class, who reads it, an example. */
    record Root(String type, String title, String reader, String example) {}

    static final List<Root> ROOTS = List.of(
            new Root(
                    "org.qexit.experiment.run.RunConfig",
                    "Runs",
                    "`qexit run`, `qexit train`",
                    "experiments/quickstart.yaml"),
            new Root(
                    "org.qexit.tier.scenario.Scenario",
                    "Scenarios",
                    "`qexit simulate`, `qexit up`",
                    "experiments/drift.yaml"),
            new Root(
                    "org.qexit.experiment.study.StudyConfig",
                    "Studies of losses and heads",
                    "`qexit study`",
                    "experiments/surrogate/study.yaml"),
            new Root(
                    "org.qexit.experiment.sweep.SweepConfig",
                    "Sweeps of scenarios",
                    "`qexit study`",
                    "experiments/tiers/study.yaml"),
            new Root(
                    "org.qexit.experiment.shots.ShotStudyConfig",
                    "Studies of shots",
                    "`qexit study`",
                    "experiments/shots/study.yaml"),
            new Root(
                    "org.qexit.experiment.rules.RuleStudyConfig",
                    "Studies of rules",
                    "`qexit study`",
                    "experiments/thresholds/study.yaml"),
            new Root(
                    "org.qexit.experiment.tabular.TabularConfig",
                    "Studies of synthetic sets",
                    "`qexit study`",
                    "experiments/quantum-classical/study.yaml"),
            new Root(
                    "org.qexit.experiment.bench.AllocationStudyConfig",
                    "Studies of allocation",
                    "`qexit bench allocation --study`",
                    "experiments/allocation/study.yaml"),
            new Root(
                    "org.qexit.data.catalog.DatasetDescriptor",
                    "Data sets",
                    "every command that takes data",
                    "datasets/fashion-mnist.yaml"),
            new Root("org.qexit.allocation.Instance", "Fleets to plan for", "`qexit optimize`, `qexit check`", null));

    private ConfigurationPage() {}

    /** The page; fields of which nothing is said are added to {@code silent}. */
    static String text(List<String> silent) {
        ConfigurationPage page = new ConfigurationPage();
        page.text.append("# Configuration\n\n");
        page.text.append(
                "Every field of every file that is written by hand. This page is made from the code; a test compares the two.\n");
        page.text.append(
                "Files are YAML, or JSON where their names end so; an unknown field is an error. A field without default must be\n");
        page.text.append(
                "there; `--set a.b=c` of `run`, `train` and `study` sets one on the command line. Names of values may be written in\n");
        page.text.append("any case.\n\n");
        for (Root root : ROOTS) {
            page.text
                    .append("- [")
                    .append(root.title())
                    .append("](#")
                    .append(anchor(root.title()))
                    .append("): ")
                    .append(root.reader());
            if (root.example() != null) {
                page.text
                        .append(", for example [")
                        .append(root.example())
                        .append("](../")
                        .append(root.example())
                        .append(")");
            }
            page.text.append('\n');
        }
        page.text.append('\n');
        for (Root root : ROOTS) {
            page.root(root);
        }
        silent.addAll(page.silent);
        return page.text.toString();
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private void root(Root root) {
        Class<?> type = named(root.type());
        told.add(type);
        section("## " + root.title(), type);
        while (!open.isEmpty()) {
            Class<?> next = open.removeFirst();
            section("### " + title(next), next);
        }
    }

    private static String title(Class<?> type) {
        String name = type.getSimpleName().replaceFirst("(Config|Spec)$", "");
        if (type.getEnclosingClass() != null) {
            name = type.getEnclosingClass().getSimpleName().replaceFirst("(Config|Spec)$", "") + "." + name;
        }
        return name;
    }

    private static String anchor(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
    }

    private void section(String heading, Class<?> type) {
        SourceComments comments = SourceComments.of(type);
        text.append(heading).append("\n\n");
        String description = comments.description();
        String format = format(type);
        if (description.isEmpty()) {
            description = "Of " + title(type.getEnclosingClass()) + ".";
        }
        text.append(wrapped(format == null ? description : description.replace("`FORMAT`", "`" + format + "`")))
                .append("\n\n");
        if (type.isEnum()) {
            values(type, comments);
        } else if (type.getName().equals(TRAINING)) {
            training(type);
        } else if (type.isInterface()) {
            kinds(type);
        } else if (type.isRecord() && !readsText(type)) {
            fields(type);
        } else if (type.isRecord()) {
            reached(type);
        }
    }

    private static String format(Class<?> type) {
        try {
            return String.valueOf(type.getField("FORMAT").get(null));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Whether files have a plain value in the place of a record. */
    private static boolean readsText(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                        .map(method -> method.getAnnotation(JsonCreator.class))
                        .anyMatch(creator -> creator != null && creator.mode() == JsonCreator.Mode.DELEGATING)
                && type.getRecordComponents().length == 1;
    }

    private void reached(Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            typeText(component.getGenericType());
        }
    }

    private void values(Class<?> type, SourceComments comments) {
        for (Object constant : type.getEnumConstants()) {
            String said = comments.constant(((Enum<?>) constant).name());
            text.append(wrappedItem("- `" + word(constant) + "`" + (said.isEmpty() ? "" : ": " + lowered(said))))
                    .append('\n');
        }
        text.append('\n');
    }

    private static String word(Object constant) {
        String json = Json.compact(constant).replace("\"", "");
        return json.equals(((Enum<?>) constant).name()) ? json.toLowerCase(Locale.ROOT) : json;
    }

    private static String lowered(String said) {
        boolean name = said.length() > 1 && (Character.isUpperCase(said.charAt(1)) || said.charAt(1) == '.');
        return name ? said : Character.toLowerCase(said.charAt(0)) + said.substring(1);
    }

    private void kinds(Class<?> type) {
        JsonTypeInfo info = type.getAnnotation(JsonTypeInfo.class);
        JsonSubTypes known = type.getAnnotation(JsonSubTypes.class);
        Map<Class<?>, String> names = new LinkedHashMap<>();
        if (known != null) {
            Arrays.stream(known.value()).forEach(one -> names.put(one.value(), one.name()));
        } else {
            Arrays.stream(type.getPermittedSubclasses()).forEach(one -> {
                String name = one.getSimpleName();
                names.put(one, Character.toLowerCase(name.charAt(0)) + name.substring(1));
            });
        }
        names.forEach((kind, name) -> {
            text.append(wrapped("**`" + (info == null ? name : info.property() + ": " + name.toLowerCase(Locale.ROOT))
                            + "`** " + lowered(SourceComments.of(kind).description())))
                    .append("\n\n");
            if (kind.getRecordComponents().length > 0) {
                fields(kind);
            }
        });
    }

    private void fields(Class<?> type) {
        SourceComments comments = SourceComments.of(type);
        head();
        Set<String> read = readByCreator(type);
        for (RecordComponent component : type.getRecordComponents()) {
            if (!read.isEmpty() && !read.contains(component.getName())) {
                continue;
            }
            String said = comments.parameters().getOrDefault(component.getName(), "");
            if (said.isEmpty()) {
                silent.add(type.getName() + "." + component.getName());
            }
            // A creator has defaults where it takes what may be null.
            boolean required = comments.required(component.getName())
                    || component.getType().isPrimitive()
                            && !read.contains("?" + component.getName())
                            && !said.matches("(?s).*; [0-9.]+(,.*)?");
            String format = component.getName().equals("format") ? format(type) : null;
            row(
                    component,
                    said.replace("`FORMAT`", "`" + format + "`") + usual(type, component),
                    comments.allowed(component.getName()),
                    required && usual(type, component).isEmpty());
        }
        text.append('\n');
    }

    /** The fields that a creator of its own reads, those that may be missing with a question mark, too; none without such a creator. */
    private static Set<String> readByCreator(Class<?> type) {
        Set<String> names = new LinkedHashSet<>();
        for (Method method : type.getDeclaredMethods()) {
            JsonCreator creator = method.getAnnotation(JsonCreator.class);
            if (creator != null && creator.mode() != JsonCreator.Mode.DELEGATING) {
                for (Parameter parameter : method.getParameters()) {
                    JsonProperty property = parameter.getAnnotation(JsonProperty.class);
                    if (property != null) {
                        names.add(property.value());
                        if (!parameter.getType().isPrimitive()) {
                            names.add("?" + property.value());
                        }
                    }
                }
            }
        }
        return names;
    }

    /** The value of a type's DEFAULT, where it has one. */
    private static String usual(Class<?> type, RecordComponent component) {
        try {
            Field field = type.getDeclaredField("DEFAULT");
            field.setAccessible(true);
            component.getAccessor().setAccessible(true);
            Object value = component.getAccessor().invoke(field.get(null));
            if (value == null || value.equals(List.of())) {
                return "";
            }
            String said =
                    value instanceof Enum<?> ? word(value) : Json.compact(value).replace("\"", "");
            return "; `" + said.replaceFirst("\\.0$", "").replaceAll("([,:])(?=\\S)", "$1 ") + "`";
        } catch (NoSuchFieldException e) {
            return "";
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void head() {
        text.append("| Field | Type | Meaning, default | Allowed |\n|---|---|---|---|\n");
    }

    private void row(RecordComponent component, String said, String allowed, boolean required) {
        text.append("| `")
                .append(component.getName())
                .append("` | ")
                .append(typeText(component.getGenericType()))
                .append(" | ")
                .append(said.replace("\n\n", " ").replace("|", "\\|"))
                .append(" | ")
                .append(allowed.replace("|", "\\|"))
                .append(required ? allowed.isEmpty() ? "must be there" : "; must be there" : "")
                .append(" |\n");
    }

    /** Groups in the code, side by side in files. */
    private void training(Class<?> type) {
        head();
        List<Class<?>> groups = new ArrayList<>(List.of(type));
        groups.addAll(List.of(type.getDeclaredClasses()));
        for (RecordComponent flat : named("org.qexit.nn.FlatTrainingConfig").getRecordComponents()) {
            String own = RENAMED.getOrDefault(flat.getName(), flat.getName());
            boolean found = false;
            for (Class<?> group : groups) {
                boolean has = group.isRecord()
                        && Arrays.stream(group.getRecordComponents())
                                .anyMatch(c ->
                                        c.getName().equals(own) && c.getType().equals(flat.getType()));
                if (has && !found) {
                    SourceComments comments = SourceComments.of(group);
                    String allowed = comments.allowed(flat.getName());
                    row(
                            flat,
                            comments.parameters().getOrDefault(own, ""),
                            allowed.isEmpty() ? comments.allowed(own) : allowed,
                            false);
                    found = true;
                }
            }
            if (!found) {
                silent.add(type.getName() + "." + flat.getName());
                row(flat, "", "", false);
            }
        }
        text.append('\n');
    }

    private String typeText(Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return "list of " + typeText(list.getActualTypeArguments()[0]);
        }
        if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
            return typeText(map.getActualTypeArguments()[1]) + " by name";
        }
        if (!(type instanceof Class<?> plain)) {
            return "value";
        }
        if (plain.isArray()) {
            return "list of " + typeText(plain.getComponentType());
        }
        if (plain.getName().startsWith("org.qexit")) {
            Class<?> known = plain.isAnonymousClass() ? plain.getSuperclass() : plain;
            if (told.add(known)) {
                open.addLast(known);
            }
            return "[" + title(known) + "](#" + anchor(title(known)) + ")";
        }
        return switch (plain.getSimpleName()) {
            case "Integer", "int", "Long", "long" -> "whole number";
            case "Double", "double", "Float", "float" -> "number";
            case "Boolean", "boolean" -> "`true`, `false`";
            case "Object" -> "value";
            default -> "text";
        };
    }

    private static String wrapped(String paragraphs) {
        List<String> all = new ArrayList<>();
        for (String paragraph : paragraphs.split("\n\n")) {
            // What is meant for those who extend the code.
            if (paragraph.contains("`permits`")) {
                continue;
            }
            all.add(wrap(paragraph, ""));
        }
        return String.join("\n\n", all);
    }

    private static String wrappedItem(String item) {
        return wrap(item, "  ");
    }

    private static String wrap(String words, String indent) {
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : words.split(" +")) {
            if (column > 0 && column + 1 + word.length() > 140) {
                lines.append('\n').append(indent);
                column = indent.length();
            } else if (column > 0) {
                lines.append(' ');
                column++;
            }
            lines.append(word);
            column += word.length();
        }
        return lines.toString();
    }
}
