package org.qexit.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/configuration.md is what the code says. To make it anew: {@code mvn test -Dtest=ConfigurationPageTest -Dreference.write=true}. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("docs/configuration.md");

    @Test
    void thePageIsMadeFromTheCode() throws IOException {
        String text = ConfigurationPage.text(new ArrayList<>());
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(PAGE, text);
        }
        assertEquals(text, Files.readString(PAGE));
    }

    @Test
    void everyFieldIsExplained() {
        List<String> silent = new ArrayList<>();
        ConfigurationPage.text(silent);
        assertEquals(List.of(), silent);
    }
}
