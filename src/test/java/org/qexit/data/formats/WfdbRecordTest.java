package org.qexit.data.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WfdbRecordTest {
    @Test
    void valuesOfFormat212AreTwosComplement() {
        byte[] bytes = {(byte) 0xff, (byte) 0x7f, (byte) 0x01, 0x00, (byte) 0x88, 0x00};
        assertEquals(-1, WfdbRecord.value(bytes, 0));
        assertEquals(0x701, WfdbRecord.value(bytes, 1));
        assertEquals(-2048, WfdbRecord.value(bytes, 2));
        assertEquals(-2048, WfdbRecord.value(bytes, 3));
    }
}
