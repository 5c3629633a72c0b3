package org.qexit.tier.live.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    @Test
    void urisAreReadBack() {
        for (Identity one : new Identity[] {
            new Identity("f", Role.DEVICE, "ue1", 2),
            new Identity("North-1", Role.NODE, "en_1.a", 1_000_000),
            new Identity("f", Role.CLOUD, "cs", null),
            new Identity("f", Role.OPERATOR, "x".repeat(63), null)
        }) {
            assertEquals(one, Identity.parse(one.toUri()));
        }
        assertEquals("qexit://f/device/ue1?level=2", new Identity("f", Role.DEVICE, "ue1", 2).toUri());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "qexit://f/device/ue1",
                "qexit://f/cloud/cs?level=1",
                "qexit://f/device/ue1?level=0",
                "qexit://f/device/ue1?level=01",
                "qexit://f/device/ue1?level=-1",
                "qexit://f/device/ue1?level=1000001",
                "qexit://f/device/ue1?level=9999999",
                "qexit://f/device/ue1?level=1&level=2",
                "qexit://f/device/ue1?level=1#x",
                "qexit://f/device/ue1/x?level=1",
                "qexit://f/device/../ue1?level=1",
                "qexit://f/device/.ue1?level=1",
                "qexit://f/Device/ue1?level=1",
                "QEXIT://f/device/ue1?level=1",
                "qexit:///device/ue1?level=1",
                "qexit://f/king/ue1?level=1",
                "qexit://f/device/ue%31?level=1",
                "qexit://f/device/ué?level=1",
                "qexit://f/device/ue1?level=١",
                " qexit://f/cloud/cs",
                "qexit://f/cloud/cs\n",
            })
    void otherTextsAreRefused(String uri) {
        String reason = assertThrows(IllegalArgumentException.class, () -> Identity.parse(uri))
                .getMessage();
        assertTrue(reason.contains("expected"), reason);
    }

    @Test
    void namesAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new Identity("f", Role.DEVICE, "x".repeat(64), 1));
        assertThrows(IllegalArgumentException.class, () -> new Identity("f/g", Role.CLOUD, "cs", null));
        assertThrows(IllegalArgumentException.class, () -> new Identity("f", null, "cs", null));
        assertThrows(IllegalArgumentException.class, () -> new Identity(null, Role.CLOUD, "cs", null));
    }
}
