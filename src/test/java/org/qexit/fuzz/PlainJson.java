package org.qexit.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** RFC 8259 by its grammar, in no hurry: maps, lists, texts, doubles, booleans and null. Shares no code with the product or Jackson. */
final class PlainJson {
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?");

    private final String text;
    private int at;

    private PlainJson(String text) {
        this.text = text;
    }

    /** @throws UnsupportedOperationException if it is no JSON */
    static Object read(String text) {
        PlainJson json = new PlainJson(text);
        Object value = json.value();
        json.blanks();
        if (json.at < text.length()) {
            throw json.wrong();
        }
        return value;
    }

    private UnsupportedOperationException wrong() {
        return new UnsupportedOperationException("no JSON at " + at);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean take(String word) {
        blanks();
        boolean there = text.startsWith(word, at);
        at += there ? word.length() : 0;
        return there;
    }

    private void need(String word) {
        if (!take(word)) {
            throw wrong();
        }
    }

    private Object value() {
        if (take("{")) {
            Map<String, Object> object = new LinkedHashMap<>();
            if (take("}")) {
                return object;
            }
            do {
                String key = string();
                need(":");
                if (object.containsKey(key)) {
                    throw wrong();
                }
                object.put(key, value());
            } while (take(","));
            need("}");
            return object;
        }
        if (take("[")) {
            List<Object> list = new ArrayList<>();
            if (take("]")) {
                return list;
            }
            do {
                list.add(value());
            } while (take(","));
            need("]");
            return list;
        }
        if (take("true")) {
            return true;
        }
        if (take("false")) {
            return false;
        }
        if (take("null")) {
            return null;
        }
        if (at < text.length() && text.charAt(at) == '"') {
            return string();
        }
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) {
            throw wrong();
        }
        at = number.end();
        return Double.parseDouble(number.group());
    }

    private String string() {
        need("\"");
        StringBuilder out = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c < ' ') {
                throw wrong();
            }
            out.append(c == '\\' ? escaped() : c);
        }
        if (at++ >= text.length()) {
            throw wrong();
        }
        return out.toString();
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at++) : 0;
        int simple = "\"\\/bfnrt".indexOf(c);
        if (c != 0 && simple >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(simple);
        }
        if (c != 'u' || at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
            throw wrong();
        }
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }
}
