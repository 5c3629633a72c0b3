package org.qexit.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.qexit.common.Hashing;
import org.qexit.common.UserError;

class SnapshotReaderTest {
    private static byte[] example() {
        SnapshotWriter out = new SnapshotWriter();
        out.section("part");
        out.putInt(-3);
        out.putDouble(Double.NEGATIVE_INFINITY);
        out.putLongs(new long[] {1, Long.MIN_VALUE});
        out.putInts(new int[0]);
        out.putDoubles(new double[] {0.5});
        return out.toBytes();
    }

    /** Makes the SHA-256 right again. */
    static void sign(byte[] bytes) {
        byte[] digest = Hashing.sha256().digest(Arrays.copyOf(bytes, bytes.length - 32));
        System.arraycopy(digest, 0, bytes, bytes.length - 32, 32);
    }

    @Test
    void readsWhatWasWritten() {
        SnapshotReader in = new SnapshotReader("x", example());
        in.section("part");
        assertEquals(-3, in.takeInt());
        assertEquals(Double.NEGATIVE_INFINITY, in.takeDouble());
        assertArrayEquals(new long[] {1, Long.MIN_VALUE}, in.takeLongs());
        assertArrayEquals(new int[0], in.takeInts());
        assertArrayEquals(new double[] {0.5}, in.takeDoubles());
        in.end();
        assertThrows(UserError.class, in::takeInt);
    }

    @Test
    void everyChangedBitAndEveryMissingByteIsFound() {
        byte[] whole = example();
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 4;
            assertThrows(UserError.class, () -> new SnapshotReader("x", changed));
            byte[] shorter = Arrays.copyOf(whole, i);
            assertThrows(UserError.class, () -> new SnapshotReader("x", shorter));
        }
        assertThrows(UserError.class, () -> new SnapshotReader("x", Arrays.copyOf(whole, whole.length + 1)));
    }

    @Test
    void anotherVersionIsNamed() {
        byte[] later = example();
        later[7] = 2;
        sign(later);
        UserError error = assertThrows(UserError.class, () -> new SnapshotReader("x.snapshot", later));
        assertEquals("snapshot x.snapshot: version 2; expected 1", error.getMessage());
    }

    @Test
    void aFalseLengthAsksForNoMemory() {
        byte[] bytes = example();
        // Of the list of two longs, behind 12 bytes of head, 6 of the name, 4 and 8 of numbers.
        bytes[12 + 18] = 0x7f;
        sign(bytes);
        SnapshotReader in = new SnapshotReader("x", bytes);
        in.section("part");
        in.takeInt();
        in.takeDouble();
        UserError error = assertThrows(UserError.class, in::takeLongs);
        assertTrue(error.getMessage().contains("length of a list is 2130706434"), error.getMessage());
    }

    @Test
    void anotherPartThanExpectedIsRefused() {
        SnapshotReader in = new SnapshotReader("x", example());
        assertThrows(UserError.class, () -> in.section("other"));
        assertThrows(UserError.class, new SnapshotReader("x", example())::end);
    }
}
