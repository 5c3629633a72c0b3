package org.qexit.scale.spark;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.qexit.common.UserError;
import org.qexit.scale.ThresholdsJob;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.DeviceTraceBuilder;

/** Answers devices whose rows follow each other, the trace's before those of the one that it is compared with: memory for one device. */
final class AnswerIterator implements Iterator<Row> {
    private final Iterator<InternalRow> rows;
    private final ThresholdsJob job;
    private final int exits;
    private final RecordColumns columns;
    private InternalRow ahead;
    private Row next;

    AnswerIterator(Iterator<InternalRow> rows, ThresholdsJob job, int exits) {
        this.rows = rows;
        this.job = job;
        this.exits = exits;
        this.columns = new RecordColumns(job.answerType());
        step();
    }

    private void step() {
        ahead = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
        while (next == null && ahead != null) {
            next = device();
        }
        return next != null;
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Row row = next;
        next = null;
        return row;
    }

    /** The row of the device that comes next, or null if it is left out. */
    private Row device() {
        UTF8String id = ahead.getUTF8String(0).copy();
        DeviceTraceBuilder[] both = {
            new DeviceTraceBuilder(id.toString(), exits), new DeviceTraceBuilder(id.toString(), exits)
        };
        boolean bad = id.toString().isBlank();
        while (ahead != null && ahead.getUTF8String(0).equals(id)) {
            bad |= !add(both[ahead.getByte(1)]);
            step();
        }
        boolean compared = job.compare() != ThresholdsJob.Compare.NOTHING;
        if (bad || both[0].size() == 0 || compared && both[1].size() == 0) {
            // Errors, where they are, have been told before; a device that the other trace alone has is none of ours.
            return null;
        }
        try {
            DeviceTrace other = compared ? both[1].build() : null;
            return columns.row(job.answer(both[0].build(), other));
        } catch (OutOfMemoryError e) {
            throw new UserError(
                    "device " + id + ": its " + both[0].size()
                            + " events exceed the memory of a task. Maybe set another"
                            + " heap, such as QEXIT_HEAP=8g, or fewer cores, such as --master local[1]",
                    e);
        }
    }

    private boolean add(DeviceTraceBuilder to) {
        if (ahead.isNullAt(3) || ahead.isNullAt(4)) {
            return false;
        }
        long label = ahead.getLong(4);
        if (label != 0 && label != 1) {
            return false;
        }
        for (int q = 0; q < exits; q++) {
            float score = ahead.getFloat(TraceTable.FIRST_SCORE + q);
            if (ahead.isNullAt(TraceTable.FIRST_SCORE + q) || !(score >= 0 && score <= 1)) {
                return false;
            }
        }
        to.add(ahead.getLong(3), (byte) label);
        for (int q = 0; q < exits; q++) {
            to.score(q, ahead.getFloat(TraceTable.FIRST_SCORE + q));
        }
        return true;
    }
}
