package org.qexit.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the sources say of a type: its comment, what its parameters are, and the values that its constructor takes. */
final class SourceComments {
    private final String comment;
    private final String body;
    private final String source;

    private SourceComments(String comment, String body, String source) {
        this.comment = comment;
        this.body = body;
        this.source = source;
    }

    static SourceComments of(Class<?> type) {
        Class<?> top = type;
        while (top.getEnclosingClass() != null) {
            top = top.getEnclosingClass();
        }
        Path file = Path.of("src/main/java", top.getName().replace('.', '/') + ".java");
        try {
            String source = Files.readString(file);
            Matcher declared = Pattern.compile(
                            "(?m)^ *(?:(?:public|private|static|sealed|final) )*(?:record|enum|interface|class) "
                                    + type.getSimpleName() + "\\b")
                    .matcher(source);
            if (!declared.find()) {
                throw new IllegalStateException(file + " does not declare " + type);
            }
            return new SourceComments(
                    commentBefore(source, declared.start()), bodyFrom(source, declared.start()), source);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The comment that ends right before a place, annotations aside. */
    private static String commentBefore(String source, int at) {
        String before = source.substring(0, at).stripTrailing();
        // Annotations stand between.
        while (before.endsWith(")") || before.matches("(?s).*\\n *@\\w+$")) {
            before = before.substring(0, before.lastIndexOf("\n@") < 0 ? 0 : before.lastIndexOf("\n@"))
                    .stripTrailing();
        }
        if (!before.endsWith("*/")) {
            return "";
        }
        return plain(before.substring(before.lastIndexOf("/**") + 3, before.length() - 2));
    }

    private static String plain(String comment) {
        return comment.replaceAll("(?m)^\\s*\\*( |$)?", "").strip();
    }

    private static String bodyFrom(String source, int at) {
        int open = source.indexOf(
                '{', source.indexOf(')', at) < 0 ? at : Math.min(source.indexOf('{', at), Integer.MAX_VALUE));
        int depth = 0;
        for (int i = open; i < source.length(); i++) {
            depth += source.charAt(i) == '{' ? 1 : source.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return source.substring(open + 1, i);
            }
        }
        return source.substring(open + 1);
    }

    /** The comment without its tags, as Markdown. */
    String description() {
        return valued(markdown(comment.split("(?m)^@", 2)[0]));
    }

    /** Numbers in the place of the constants' names. */
    private String valued(String text) {
        return Pattern.compile("`([A-Z][A-Z_0-9]+)`").matcher(text).replaceAll(found -> {
            String number = value(found.group(1));
            // What is no number is a value of an enum.
            return number.matches("[0-9.]+")
                    ? number
                    : found.group().equals("`FORMAT`")
                            ? found.group()
                            : found.group().toLowerCase(java.util.Locale.ROOT);
        });
    }

    /** By name. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String tag : comment.split("(?m)^@")) {
            Matcher parameter = Pattern.compile("(?s)^param (\\w+)\\s+(.*)$").matcher(tag);
            if (parameter.find()) {
                parameters.put(parameter.group(1), valued(markdown(parameter.group(2))));
            }
        }
        return parameters;
    }

    /** What is said of an enum's constant; nothing if nothing is. */
    String constant(String name) {
        Matcher constant = Pattern.compile(
                        "(?s)/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+\\([^)]*\\)\\s*)?" + name + "\\b")
                .matcher(body);
        return constant.find() ? valued(markdown(plain(constant.group(1)).split("(?m)^@", 2)[0])) : "";
    }

    /** The values that the constructor takes of a component. */
    String allowed(String name) {
        String literal = "-?[\\w.+<\\s]+?";
        Matcher within = Pattern.compile("Checks\\s*\\.within\\(\\s*\"" + name + "\"\\s*,(?:[^;]*?),\\s*(" + literal
                        + "),\\s*(" + literal + ")\\)")
                .matcher(body);
        if (within.find()) {
            return value(within.group(1)) + " to " + value(within.group(2));
        }
        for (Map.Entry<String, String> check : Map.of(
                        "positive", "more than 0",
                        "nonNegative", "0 or more",
                        "sha256", "64 hexadecimal digits")
                .entrySet()) {
            if (body.contains("Checks." + check.getKey() + "(\"" + name + "\"")) {
                return check.getValue();
            }
        }
        Matcher expected = Pattern.compile("\"" + name + " is [^;]*?; expected ([^;]*?)\\);")
                .matcher(body);
        if (expected.find()) {
            return message(expected.group(1));
        }
        return body.contains("Checks.distinct(\"" + name + "\"") ? "no value twice" : "";
    }

    /** Whether it must be there: it is checked, and nothing stands in for it. */
    boolean required(String name) {
        return !Pattern.compile("\\b" + name + " == null").matcher(body).find()
                && Pattern.compile("Checks\\s*\\.(present|notBlank)\\(\\s*\"" + name + "\"")
                        .matcher(body)
                        .find();
    }

    private String value(String expression) {
        String text = expression.strip();
        if (text.matches("[A-Z_][A-Z_0-9]*")) {
            Matcher constant = Pattern.compile("\\b" + text + " = ([^;]+);").matcher(source);
            text = constant.find() ? constant.group(1).strip() : text;
        }
        Matcher elsewhere = Pattern.compile("([A-Z]\\w*)\\.([A-Z_]+)").matcher(text);
        if (elsewhere.matches() && !elsewhere.group(1).equals("Integer")) {
            return new SourceComments("", "", sourceOf(elsewhere.group(1))).value(elsewhere.group(2));
        }
        if (text.equals("Integer.MAX_VALUE")) {
            return "2147483647";
        }
        if (text.equals("1 << 20")) {
            return "1048576";
        }
        String digits = text.replace("_", "").replaceFirst("[lL]$", "");
        // A name is another field.
        return text.matches("[a-z]\\w*") ? "`" + text + "`" : digits;
    }

    private static String sourceOf(String simpleName) {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            Optional<Path> found =
                    files.filter(file -> file.endsWith(simpleName + ".java")).findFirst();
            // A class of the JDK has no source here, and its constants stay as they are.
            return found.isEmpty() ? "" : Files.readString(found.get());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The text of a message put together from literals and constants; other expressions are left out. */
    private String message(String rest) {
        StringBuilder text = new StringBuilder();
        // Begins inside of a literal.
        Matcher part = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|\\b([A-Z][A-Z_0-9]+)\\b")
                .matcher('"' + rest);
        while (part.find()) {
            text.append(part.group(1) != null ? part.group(1) : value(part.group(2)));
        }
        return text.toString().strip();
    }

    private static String markdown(String text) {
        return text.replaceAll("\\{@(?:code|value) #?((?:[^{}]|\\{[^}]*\\})*)\\}", "`$1`")
                .replaceAll("\\{@link #?(?:[\\w.]+#)?([^}\\s]*)[^}]*\\}", "`$1`")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
                .replaceAll("</?(?:i|b|em|pre|code)>", "")
                .replaceAll("\\s*<p>\\s*", "\n\n")
                .replaceAll("(?<!\n)\n(?!\n)\\s*", " ")
                .strip();
    }
}
