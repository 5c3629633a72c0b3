package org.qexit.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What texts mean by YAML 1.2.2, chapters 2, 6 to 8 and 10.3 (the core schema), worked out by hand as JSON. */
class YamlTreeTest {
    private static Arguments means(String yaml, String json) {
        return Arguments.of(yaml, json.replace('\'', '"'));
    }

    static List<Arguments> readable() {
        return List.of(
                means("", "null"),
                means("# only a comment\n", "null"),
                means("a: 1\nb: [x, y]\nc: {d: 2.5}\n", "{'a':1,'b':['x','y'],'c':{'d':2.5}}"),
                means("- 1\n-\n  - 2\n  - 3\n", "[1,[2,3]]"),
                means("- a: 1\n  b: 2\n- a: 3\n", "[{'a':1,'b':2},{'a':3}]"),
                means("%YAML 1.2\n---\na: 1\n...\n", "{'a':1}"),
                means("a: &x tiny\nb: *x\n", "{'a':'tiny','b':'tiny'}"),
                means("a: &x {p: 1}\nb: [*x, *x]\n", "{'a':{'p':1},'b':[{'p':1},{'p':1}]}"),
                means("&k a: 1\nb: *k\n", "{'a':1,'b':'a'}"),
                means("a: &x 3\nb: &x 4\nc: *x\n", "{'a':3,'b':4,'c':4}"),
                means("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}\n", "{'a':{'p':1,'q':2},'b':{'q':3,'p':1}}"),
                means("a: 010\nb: 0o10\nc: 0x1F\nd: -7\ne: +7\n", "{'a':10,'b':8,'c':31,'d':-7,'e':7}"),
                means("a: 08\nb: 1_000\nc: 12:30:45\nd: 0b11\n", "{'a':8,'b':'1_000','c':'12:30:45','d':'0b11'}"),
                means("a: 1e3\nb: .5\nc: 1.\nd: -2E-2\n", "{'a':1000.0,'b':0.5,'c':1.0,'d':-0.02}"),
                means("a: 2147483648\nb: 9223372036854775808\n", "{'a':2147483648,'b':9223372036854775808}"),
                means("a: yes\nb: on\nc: True\nd: FALSE\ne: n\n", "{'a':'yes','b':'on','c':true,'d':false,'e':'n'}"),
                means("a: ~\nb:\nc: null\nd: Null\ne: 'null'\n", "{'a':null,'b':null,'c':null,'d':null,'e':'null'}"),
                means("a: '1'\nb: \"1.5\"\nc: !!str 2\nd: \"true\"\n", "{'a':'1','b':'1.5','c':'2','d':'true'}"),
                means("a: !!int 3\nb: !!float 2.5\n", "{'a':3,'b':2.5}"),
                means("a: 2002-04-28\n", "{'a':'2002-04-28'}"),
                means("a: 'it''s'\nb: \"\\u263A \\x41\"\n", "{'a':'it\\u0027s','b':'\u263A A'}"),
                means("a: |\n  two\n  lines\nb: >\n  one\n  line\n", "{'a':'two\\nlines\\n','b':'one line\\n'}"),
                means("a: |-\n  x\nb: >+\n  y\n\n", "{'a':'x','b':'y\\n\\n'}"),
                means("a: one\n  two\n", "{'a':'one two'}"),
                means("a:\t1\n", "{'a':1}"),
                means("a: 1\t# tab before a comment\n", "{'a':1}"),
                means("? a\n: 1\n", "{'a':1}"),
                means("\"a b\": 1\n'c': 2\n3: x\n", "{'a b':1,'c':2,'3':'x'}"),
                means("a: b#c\nd: e #f\n", "{'a':'b#c','d':'e'}"),
                means("a: http://x.org:80/y\n", "{'a':'http://x.org:80/y'}"),
                means("{a: 1, b: [2, {c: 3}],}\n", "{'a':1,'b':[2,{'c':3}]}"),
                means("{\"a\":[1,2],\"b\":{\"c\":null}}", "{'a':[1,2],'b':{'c':null}}"),
                means("a: 1\r\nb: 2\r\n", "{'a':1,'b':2}"),
                means("\uFEFFa: 1\n", "{'a':1}"));
    }

    @ParameterizedTest
    @MethodSource("readable")
    void meansWhatYamlSays(String yaml, String json) {
        assertEquals(json, YamlTree.parse("c.yaml", yaml).root().toString().replace("it's", "it\\u0027s"));
    }

    private static Arguments refused(String yaml, int line, String reason) {
        return Arguments.of(yaml, line, reason);
    }

    static List<Arguments> refusable() {
        return List.of(
                refused("a: 1\n---\nb: 2\n", 2, "second document"),
                refused("a: 1\n...\n---\n", 3, "second document"),
                refused("a: 1\nb: *x\n", 2, "undefined alias x"),
                refused("a: &x [1, *x]\n", 1, "part of"),
                refused("a: 1\na: 2\n", 2, "twice"),
                refused("1: x\n'1': y\n", 2, "twice"),
                refused("a:\n\tb: 1\n", 2, "tab"),
                refused("a: 1\n\tb: 1\n", 2, "tab"),
                refused("- 1\n-\t- 2\n", 2, "tab"),
                refused("a: .nan\n", 1, "not a finite number"),
                refused("a: 1\nb: -.INF\n", 2, "not a finite number"),
                refused("a: 1e999\n", 1, "not a finite number"),
                refused("a: !!int x\n", 1, "no number"),
                refused("a: !!bool maybe\n", 1, "neither true nor false"),
                refused("a: !device x\n", 1, "tag"),
                refused("a: !!java.net.URL x\n", 1, "tag"),
                refused("b: 1\na: !device [x]\n", 2, "tag"),
                refused("b: 1\na: !!map [x]\n", 2, "tag"),
                refused("a: !device {x: 1}\n", 1, "tag"),
                refused("!!float x: 1\n", 1, "no number"),
                refused("a: {.nan: 1}\n", 1, "not a finite number"),
                refused("? [a, b]\n: 1\n", 1, "key"),
                refused("a: [1, 2\nb: 3\n", 2, "expected ',' or ']'"),
                refused("a: 'x\n", 2, "end of stream"),
                refused("a: 1\n b: 2\n", 2, "mapping values are not allowed here"),
                refused("a: @x\n", 1, "found character '@'"),
                refused("[".repeat(70) + "]".repeat(70), 1, "deep"));
    }

    @ParameterizedTest
    @MethodSource("refusable")
    void refusesWithLineAndReason(String yaml, int line, String reason) {
        UserError e = assertThrows(UserError.class, () -> YamlTree.parse("c.yaml", yaml));
        assertTrue(e.getMessage().startsWith("c.yaml line " + line + ": not readable: "), e.getMessage());
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }

    @Test
    void aliasesCannotBlowAFileUp() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            yaml.append("a").append(i).append(": &a").append(i).append(" [");
            yaml.append(("*a" + (i - 1) + ", ").repeat(10)).append("]\n");
        }
        UserError e = assertThrows(UserError.class, () -> YamlTree.parse("c.yaml", yaml.toString()));
        assertTrue(e.getMessage().contains("values, those of aliases counted"), e.getMessage());
    }

    @Test
    void knowsTheLineOfEveryValue() {
        YamlTree tree = YamlTree.parse("c.yaml", "a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n");
        assertEquals(1, tree.line("a"));
        assertEquals(3, tree.line("b[0]"));
        assertEquals(4, tree.line("b[1].c"));
        assertEquals(5, tree.line("b[1].d"));
        assertEquals(4, tree.line("b[1].missing"));
        assertEquals(2, tree.line("b.missing"));
        assertNull(tree.line("missing"));
    }

    record Part(Integer width) {}

    record Whole(String name, List<Part> parts) {}

    @Test
    void mistakesOfTheRecordNameTheirLineToo() {
        UserError e = assertThrows(
                UserError.class,
                () -> Json.parseYaml("c.yaml", "name: x\nparts:\n  - width: 1\n  - width: wide\n", Whole.class));
        assertEquals("c.yaml line 4: field 'parts[1].width' is 'wide'; expected a whole number", e.getMessage());
        e = assertThrows(UserError.class, () -> Json.parseYaml("c.yaml", "name: x\npart: []\n", Whole.class));
        assertEquals(
                "c.yaml line 2: unknown field 'part' (did you mean 'parts'?); expected one of: name, parts",
                e.getMessage());
    }
}
