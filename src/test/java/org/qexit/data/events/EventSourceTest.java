package org.qexit.data.events;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.UserError;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxType;

class EventSourceTest {
    private static final EventFormat FOUR = new EventFormat(1, 2, 2, 1, false, false, null);
    private static final float[] EVENT = {0.5f, 0, 1, 0.25f};

    @TempDir
    private Path folder;

    private static List<EventSource.Event> all(EventSource source) {
        List<EventSource.Event> events = new ArrayList<>();
        for (Optional<EventSource.Event> e = source.next(); e.isPresent(); e = source.next()) {
            events.add(e.get());
        }
        source.close();
        return events;
    }

    private static List<EventSource.Event> lines(String text, EventFormat format) {
        return all(EventLines.of("in", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), format));
    }

    private static String base64(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    @Test
    void readsEachKindOfLine() {
        String levels = Base64.getEncoder().encodeToString(new byte[] {0, 51, (byte) 255, 1});
        List<EventSource.Event> events = lines(
                "[0.5,0,1,0.25]\n[[0.5, 0], [1, 2.5e-1]]\r\n\n 0.5, 0 ,1.,.25\n" + base64(EVENT) + "\n" + levels, FOUR);
        assertEquals(5, events.size());
        for (EventSource.Event event : events.subList(0, 4)) {
            assertNull(event.problem());
            assertArrayEquals(EVENT, event.values());
        }
        assertEquals("in line 4", events.get(2).name());
        assertArrayEquals(
                new float[] {0, 51 * (1f / 255), 255 * (1f / 255), 1f / 255},
                events.get(4).values());
    }

    /** As many values in another shape are another event. */
    @Test
    void anotherShapeIsRefused() throws IOException {
        EventFormat wide = new EventFormat(1, 2, 6, 1, false, false, null);
        String zeros = "0,0,0,0,0,0,0,0,0,0,0,0";
        String right = "[[0,0,0,0,0,0],[0,0,0,0,0,0]]";
        for (String good : List.of(zeros, "[" + zeros + "]", right, "[" + right + "]", "[[" + right + "]]")) {
            assertNull(lines(good + "\n", wide).get(0).problem(), good);
        }
        for (String bad : List.of(
                "[[0,0,0,0],[0,0,0,0],[0,0,0,0]]",
                "[[0,0],[0,0],[0,0],[0,0],[0,0],[0,0]]",
                "[[[0,0,0,0,0,0]],[[0,0,0,0,0,0]]]",
                "[[0,0,0,0,0,0],[0,0,0,0,0],[0]]",
                "[[0,0,0,0,0,0],0,0,0,0,0,0]",
                "[0,0,0,0,0,0,[0,0,0,0,0,0]]",
                "[[0,0,0,0,0,0],[0,0,0,0,0,[0]]]",
                "[[" + zeros + "]]")) {
            String problem = lines(bad + "\n", wide).get(0).problem();
            assertTrue(problem != null && problem.contains("expected 1 x 2 x 6"), bad + ": " + problem);
        }
        int[][] dims = {{2, 12}, {2, 2, 6}, {2, 1, 2, 6}, {2, 6, 2}, {2, 3, 4}, {2, 2, 1, 6}, {2, 12, 1}, {24}};
        for (int i = 0; i < dims.length; i++) {
            Path file = folder.resolve("x" + i + "-ubyte");
            int rows = dims[i].length == 1 ? 1 : 2;
            Idx.write(file, IdxType.UBYTE, dims[i], Collections.nCopies(rows, new byte[24 / rows]));
            List<EventSource.Event> events = all(EventFiles.of(wide, List.of(file)));
            assertEquals(i < 3 ? 2 : 1, events.size());
            assertEquals(i < 3, events.get(0).problem() == null, events.get(0).problem());
        }
    }

    @Test
    void skipsAHeaderAndALabel() {
        EventFormat labelled = new EventFormat(1, 2, 2, 1, true, false, 0);
        List<EventSource.Event> events = lines("\ufefflabel,a,b,c,d\n9,0,255,51,1\n", labelled);
        assertEquals(1, events.size());
        assertArrayEquals(
                new float[] {0, 255 * (1f / 255), 51 * (1f / 255), 1f / 255},
                events.get(0).values());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1,2,3] | has 3 values; expected 1 x 2 x 2",
                "[1,2,3,4,5] | has 5 values",
                "[1,2,3,\"x\"] | value 3 is 'x'; expected a number",
                "[1,2,3,null] | value 3 is null",
                "[1,0,0,1e400] | value 3 is Infinity; expected 0 to 1",
                "[1,0,0,-0.1] | value 3 is -0.1; expected 0 to 1",
                "0,0,0,255 | value 3 is 255.0; expected 0 to 1.0. Maybe these are levels 0 to 255",
                "0,0,0,1f | column 4 is '1f'",
                "0,0,0,0x0p0 | column 4 is '0x0p0'",
                "[1,2,3 | not readable",
                "{\"a\":1} | neither a JSON array nor numbers",
                "1,2,3 | has 3 values",
                "1,2,3,x | column 4 is 'x'",
                "1,0,NaN,1 | column 3 is 'NaN'",
                "!!! | neither a JSON array nor numbers separated by commas nor base64",
                "AAAA | base64 of 3 bytes; expected 4 levels or 16 bytes",
                "AADAfwAAAAAAAAAAAAAAAA== | value 0 is NaN",
            })
    void reportsABadLineAndGoesOn(String bad, String expected) {
        List<EventSource.Event> events = lines("0,0,0,0\n" + bad + "\n1,1,1,1\n", FOUR);
        assertEquals(3, events.size());
        String problem = events.get(1).problem();
        assertTrue(problem.startsWith("in line 2: ") && problem.contains(expected), problem);
        assertEquals(1, problem.lines().count(), problem);
        assertArrayEquals(new float[] {1, 1, 1, 1}, events.get(2).values());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1f,1d,1F,1D", "nan,nan,nan,nan", ",,,", "0x1p0,a,b,c", "a,,b,c", "x,1,1,1"})
    void aDamagedFirstLineIsABadEventAndNoHeader(String line) {
        List<EventSource.Event> events = lines(line + "\n1,1,1,1\n", FOUR);
        assertEquals(2, events.size());
        assertTrue(
                events.get(0).problem().startsWith("in line 1: "), events.get(0).problem());
    }

    @Test
    void valuesOutsideTheRangeOfTheirKindAreBadEvents() {
        Path cases = Path.of("src/test/resources/cases");
        EventFormat bundle = new EventFormat(1, 28, 28, 1, false, false, null);
        EventFormat levels = new EventFormat(1, 28, 28, 1, true, false, null);
        String decimals = all(EventFiles.of(bundle, List.of(cases.resolve("n01-float-levels.idx.gz"))))
                .get(0)
                .problem();
        assertTrue(decimals.contains("event 0: value 1 is 37.0; expected 0 to 1"), decimals);
        assertNull(all(EventFiles.of(bundle, List.of(cases.resolve("n03-levels-28x28.idx.gz"))))
                .get(0)
                .problem());
        Path outside = cases.resolve("n04-out-of-range.csv.gz");
        for (EventFormat format : List.of(bundle, levels)) {
            String problem = all(EventFiles.of(format, List.of(outside))).get(0).problem();
            assertTrue(problem.contains("line 1: value 0 is -1.0; expected 0 to "), problem);
        }
    }

    /** A model that takes levels gets levels, whatever the file holds. */
    @Test
    void scalesToWhatTheModelTakes() throws IOException {
        EventFormat levels = new EventFormat(1, 2, 2, 255, false, false, null);
        String text = "0,51,255,1\n" + Base64.getEncoder().encodeToString(new byte[] {0, 51, (byte) 255, 1}) + "\n";
        Path idx = folder.resolve("x.idx");
        Idx.write(idx, IdxType.UBYTE, new int[] {1, 4}, List.of(new byte[] {0, 51, (byte) 255, 1}));
        List<EventSource.Event> events = new ArrayList<>(lines(text, levels));
        events.addAll(all(EventFiles.of(levels, List.of(idx))));
        assertEquals(3, events.size());
        for (EventSource.Event event : events) {
            assertArrayEquals(new float[] {0, 51, 255, 1}, event.values());
        }
    }

    @Test
    void survivesLinesOfAnyLengthAndDepth() {
        String deep = "[".repeat(100_000);
        String endless = "1".repeat(1 << 20);
        List<EventSource.Event> events = lines(deep + "\n" + endless + "\n[1,1,1,1]", FOUR);
        assertTrue(events.get(0).problem().contains("is 100000 bytes long; expected at most 65536"));
        assertTrue(
                events.get(1).problem().contains("is 1048576 bytes long"),
                events.get(1).problem());
        assertNull(events.get(2).problem());
        String nested = lines("[".repeat(5000), FOUR).get(0).problem();
        assertEquals(1, nested.lines().count(), nested);
    }

    @Test
    void readsFilesOfEveryKind() throws IOException {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(1, 0, 0, 51);
        image.getRaster().setSample(0, 1, 0, 255);
        Path images = Files.createDirectories(folder.resolve("images/a"));
        ImageIO.write(image, "png", images.resolve("x.png").toFile());
        Files.writeString(images.resolve("y.jpg"), "no image");
        ImageIO.write(
                new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY),
                "png",
                images.resolve("z.png").toFile());
        byte[] raw = {0, 51, (byte) 255, 0};
        Path idx = folder.resolve("images-idx3-ubyte.gz");
        Idx.write(idx, IdxType.UBYTE, new int[] {2, 2, 2}, List.of(raw, raw));
        Path csv = Files.writeString(folder.resolve("rows.csv"), "0,51,255,0\n");
        Path broken = Files.write(folder.resolve("broken.idx"), new byte[] {0, 0, 8, 3, 127, 0, 0, 0});
        EventFormat format = new EventFormat(1, 2, 2, 1, true, false, null);
        List<EventSource.Event> events =
                all(EventFiles.of(format, List.of(folder.resolve("images"), idx, csv, broken)));
        assertEquals(7, events.size());
        for (int good : new int[] {0, 3, 4, 5}) {
            assertArrayEquals(
                    new float[] {0, 51 * (1f / 255), 255 * (1f / 255), 0},
                    events.get(good).values());
        }
        assertTrue(
                events.get(1).problem().contains("y.jpg: not an image"),
                events.get(1).problem());
        assertTrue(
                events.get(2).problem().contains("z.png: image is 2 x 3; expected 2 x 2"),
                events.get(2).problem());
        assertTrue(
                events.get(6).problem().contains("broken.idx at byte"),
                events.get(6).problem());
        EventFormat resizing = new EventFormat(1, 2, 2, 1, true, true, null);
        assertNull(all(EventFiles.of(resizing, List.of(images.resolve("z.png"))))
                .get(0)
                .problem());
        EventFormat other = new EventFormat(1, 3, 3, 1, true, true, null);
        String shape = all(EventFiles.of(other, List.of(idx))).get(0).problem();
        assertTrue(shape.contains("[2 x 2 x 2]; expected events of 1 x 3 x 3"), shape);
        assertThrows(UserError.class, () -> EventFiles.of(format, List.of(folder.resolve("none.csv"))));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThrows(UserError.class, () -> EventFiles.of(format, List.of(empty)));
    }

    @Test
    void aQueueStopsThoughItsSourceBlocks() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        InputStream blocked = new InputStream() {
            private int sent;

            @Override
            public int read() {
                byte[] line = "1,1,1,1\n".getBytes(StandardCharsets.UTF_8);
                if (sent < line.length) {
                    return line[sent++];
                }
                try {
                    Thread.sleep(600_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return -1;
            }

            @Override
            public int read(byte[] b, int off, int len) {
                b[off] = (byte) read();
                return 1;
            }
        };
        EventQueue queue = new EventQueue(EventLines.of("in", blocked, FOUR), stop::get);
        assertArrayEquals(new float[] {1, 1, 1, 1}, queue.next().orElseThrow().values());
        Thread stopper = new Thread(() -> stop.set(true));
        stopper.start();
        assertTrue(queue.next().isEmpty());
        stopper.join();
        queue.close();
    }
}
