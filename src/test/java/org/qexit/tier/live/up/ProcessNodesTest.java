package org.qexit.tier.live.up;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.UserError;

/** Nodes that do not come up. */
class ProcessNodesTest {
    @TempDir
    private Path folder;

    private final NodeHost.Order order = new NodeHost.Order(
            "en1",
            Path.of("b.zip"),
            Path.of("plan.json"),
            Path.of("tls"),
            Path.of("state"),
            URI.create("https://127.0.0.1:1"),
            Path.of("trust.pem"),
            1,
            1,
            true);

    private String refusal(String script) {
        ProcessNodes nodes = new ProcessNodes(List.of("/bin/sh", "-c", script), Duration.ofSeconds(1));
        return assertThrows(UserError.class, () -> nodes.start(order, line -> {}))
                .getMessage();
    }

    /** Neither a word nor an end: it is not waited for, and does not stay behind. */
    @Test
    void aNodeThatSaysNothingIsEnded() throws Exception {
        Path pid = folder.resolve("pid");
        assertEquals(
                "node en1 does not start: it was not ready within 1 s",
                refusal("echo $$ > " + pid + "; exec sleep 600"));
        long number = Long.parseLong(Files.readString(pid).strip());
        for (int i = 0; i < 500 && alive(number); i++) {
            Thread.sleep(10);
        }
        assertFalse(alive(number));
    }

    private static boolean alive(long number) {
        return ProcessHandle.of(number).map(ProcessHandle::isAlive).orElse(false);
    }

    @Test
    void aNodeThatEndsOrSaysSomethingElseIsRefused() {
        String expected = "node en1 does not start; expected it to say that it is ready";
        assertEquals(expected, refusal("exit 3"));
        assertEquals(expected, refusal("echo hello; exec sleep 600"));
    }
}
