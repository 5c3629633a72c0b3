package org.qexit.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.UserError;

/** The one format of thresholds, and files of the three layouts that earlier builds wrote under its name: these are never written anew. */
class ThresholdsFileTest {
    private static final Path FROZEN = Path.of("src/test/resources/thresholds");

    private static ThresholdsFile frozen(String name) {
        return Json.read(FROZEN.resolve(name), ThresholdsFile.class);
    }

    @Test
    void readsWhatRunsWrote() {
        ThresholdsFile file = frozen("run.json");
        assertEquals("hybrid", file.model());
        assertEquals("nearest", file.method());
        assertEquals(8, file.devices().size());
        assertEquals(
                ThresholdsFile.Device.of("ue1", new Thresholds(0.9543761f, 0.9543761f), "en1"),
                file.devices().get(0));
    }

    @Test
    void readsWhatBundlesHold() {
        ThresholdsFile file = frozen("bundle.json");
        assertEquals("ue1", file.graph());
        assertTrue(file.of(file.graph()).isPresent());
        assertEquals(Optional.empty(), file.of("nobody"));
    }

    @ParameterizedTest
    @CsvSource({"command.json, 0.65, 0.75", "command-never.json, 1, Infinity"})
    void readsWhatTheCommandPrinted(String name, float lower, float upper) {
        ThresholdsFile file = frozen(name);
        assertEquals(1, file.devices().size());
        assertEquals(Optional.of(new Thresholds(lower, upper)), file.of("example"));
    }

    @Test
    void aFrontierAloneHasNoPair() {
        ThresholdsFile file = frozen("command-frontier.json");
        assertEquals("example", file.devices().get(0).id());
        assertEquals(Optional.empty(), file.of("example"));
    }

    /** What runs and bundles hold is written as it was. */
    @ParameterizedTest
    @ValueSource(strings = {"run.json", "bundle.json"})
    void writesTheSameBytes(String name) throws IOException {
        assertEquals(Files.readString(FROZEN.resolve(name)), Json.pretty(frozen(name)));
    }

    @Test
    void neverIsWrittenInOneWay() {
        ThresholdsFile.Device never = ThresholdsFile.Device.of("d", new Thresholds(0.5f, Thresholds.NEVER), "en1");
        StringWriter text = new StringWriter();
        ThresholdsPrinter printer = new ThresholdsPrinter(new PrintWriter(text));
        printer.add(never);
        printer.add(ThresholdsFile.Device.of("e", new Thresholds(0.25f, 0.75f), null));
        printer.end(2, 0);
        assertTrue(text.toString().contains("{\"id\":\"d\",\"lower\":0.5,\"upper\":\"never\",\"node\":\"en1\"}"));
        ThresholdsFile read = Json.parse("printed", text.toString(), ThresholdsFile.class);
        assertEquals(
                List.of("d", "e"),
                read.devices().stream().map(ThresholdsFile.Device::id).toList());
        assertEquals(Optional.of(new Thresholds(0.5f, Thresholds.NEVER)), read.of("d"));
        assertEquals("never", never.thresholds().upperEntry().toString());
    }

    @Test
    void thresholdsPerExitComeBackAsTheyWere() {
        ExitThresholds each = ExitThresholds.of(
                new float[] {ExitThresholds.BELOW_ALL, 0.25f, ExitThresholds.ABOVE_ALL},
                new float[] {ExitThresholds.ABOVE_ALL, 0.75f, ExitThresholds.ABOVE_ALL});
        String text = Json.compact(
                ThresholdsFile.of("m", null, null, null, List.of(ThresholdsFile.Device.of("d", each, "en1"))));
        assertTrue(
                text.contains("{\"id\":\"d\",\"rule\":\"per-exit\",\"lower\":[\"never\",0.25,\"always\"],"
                        + "\"upper\":[\"never\",0.75,\"never\"],\"node\":\"en1\"}"),
                text);
        assertEquals(
                Optional.of(each), Json.parse("f", text, ThresholdsFile.class).of("d"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'id':'d','lower':0.5}; one threshold",
                "{'id':'d','lower':0.5,'upper':'always'}; always",
                "{'id':'d','lower':0.5,'upper':0.25}; expected 0 <= lower <= upper <= 1",
                "{'lower':0.5,'upper':0.75}; id is missing",
                "{'id':'d','lower':[0.5],'upper':0.75}; expected two numbers, or two lists",
                "{'id':'d','lower':[0.5],'upper':[0.75]}; thresholds of the rule per-exit; expected those of pair",
                "{'id':'d','rule':'pair','lower':[0.5],'upper':[0.75]}; expected those of pair",
                "{'id':'d','rule':'per-exit','lower':0.5,'upper':0.75}; expected those of per-exit",
                "{'id':'d','rule':'nearest','lower':0.5,'upper':0.75}; expected pair or per-exit",
                "{'id':'d','rule':'per-exit','lower':[0.5],'upper':[0.25]}; thresholds of exit 1 are (0.5, 0.25)",
                "{'id':'d','rule':'per-exit','lower':[],'upper':[]}; expected as many, one of each per exit",
                "{'id':'d','rule':'per-exit','lower':[0.5,0.5],'upper':[0.75]}; expected as many",
                "{'id':'d','rule':'per-exit','lower':[0.5,'often'],'upper':[0.75,1]}; lower of exit 2 is 'often'",
                "{'id':'d','rule':'per-exit','lower':['always'],'upper':[0.5]}; (always, 0.5)",
                "{'id':'d','rule':'per-exit','lower':[1e99],'upper':['never']}; lower of exit 1 is '1.0E99'",
                "{'id':'d','lower':0.5,'upper':0.75,'nod':'en1'}; unknown field 'devices[0].nod'",
            })
    void refuses(String device, String why) {
        String text = ("{'format':'qexit.thresholds/1','devices':[" + device + "]}").replace('\'', '"');
        UserError error = assertThrows(UserError.class, () -> Json.parse("f", text, ThresholdsFile.class));
        assertTrue(error.getMessage().contains(why), error.getMessage());
        assertFalse(error.getMessage().contains("\n"));
    }
}
