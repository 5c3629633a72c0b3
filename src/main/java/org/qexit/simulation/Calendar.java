package org.qexit.simulation;

import java.util.Arrays;

/**
 * The events to come, in the order of (time, sequence): of two events at the same time the one scheduled first happens first, whatever the
 * structure behind it does.
 *
 * <p>Behind it are {@link NearEvents}, a heap of those about to happen, and in front of that, once there are many, a row of unsorted buckets
 * of equal width, each moved to the near ones when its time has come; what lies beyond the last bucket waits unsorted and fills the next row.
 * With few events all are near. This is the ladder queue (Tang, Goh and Thng, ACM TOMACS 15(3), 2005) with one rung and a heap in place of
 * its sorted bottom, so that a bad choice of width costs O(log n) and no more. An event takes four longs in one array and no object.
 *
 * <p>Not for several threads at once; replications have a calendar each.
 */
public final class Calendar {
    /** Bits of a handle that number the record; the others are the sequence. */
    private static final int RECORD_BITS = 22;

    /** Events that can be pending. */
    public static final int MAX_PENDING = 1 << RECORD_BITS;

    private static final int RECORD_MASK = MAX_PENDING - 1;
    private static final long MAX_SEQUENCE = 1L << Long.SIZE - 1 - RECORD_BITS;

    /** A record: its time's bits, its handle (0: free), kind and entity, item and the next record of its list. */
    private static final int RECORD = 4;

    private static final int HANDLE = 1;
    private static final int WHAT = 2;
    private static final int LINK = 3;
    private static final long LOW = 0xffff_ffffL;

    /** What a cancelled event does: its record is freed when its turn comes. */
    private static final long CANCELLED = -1;

    private static final long LATEST = Double.doubleToRawLongBits(Double.MAX_VALUE);

    private static final int NONE = -1;
    private static final int FIRST_RECORDS = 16;

    /** Events per bucket aimed at: 2 to 8 take the same time within 5 %. */
    private static final int PER_BUCKET = 4;

    /** Times looked at to choose a width. */
    private static final int SAMPLE = 64;

    /** Cancelled records that may lie about, beside as many as are live. */
    private static final int SPARE = 64;

    private double now;
    private long sequence;
    private long happened;
    private long cancelledEver;

    /** Cancelled events whose records are not free yet. */
    private int cancelled;

    private long[] records = new long[RECORD * FIRST_RECORDS];
    private int used;
    private int free = NONE;

    /** A free record that is taken before those of the list: mostly the one whose event is being handled. */
    private int spare = NONE;

    private final NearEvents near = new NearEvents();
    private int[] buckets = new int[0];
    private int bucketCount;
    private int nextBucket = 1;
    private double bucketStart;
    private double bucketsPerSecond;
    private int beyond = NONE;
    private int beyondCount;

    /** The sequence when the buckets were laid out last. */
    private long laidOutAt;

    /** Simulated time [s]: that of the event that happens or happened last, or the end of the last {@link #run}. */
    public double now() {
        return now;
    }

    /** Events pending. */
    public int pending() {
        return (int) (sequence - happened - cancelledEver);
    }

    /** Events that have happened. */
    public long happened() {
        return happened;
    }

    /**
     * Schedules an event.
     *
     * @param seconds when, a finite time not before {@link #now}
     * @param kind &ge; 0; with {@code entity} and {@code item} given to the handler
     * @return its handle, never 0, for {@link #cancel} and {@link #reschedule}; no other event ever has the same
     */
    public long schedule(double seconds, int kind, int entity, int item) {
        if (!(seconds >= now && seconds <= Double.MAX_VALUE) || kind < 0) {
            throw refused(seconds, kind);
        }
        int record = allocate();
        long handle = ++sequence << RECORD_BITS | record;
        if (handle < 0) {
            throw new IllegalStateException("more than " + MAX_SEQUENCE + " events were scheduled");
        }
        int at = RECORD * record;
        // Adding 0.0 makes -0.0 a plain zero, whose bits are in order with those of other times.
        long time = Double.doubleToRawLongBits(seconds + 0.0);
        records[at] = time;
        records[at + HANDLE] = handle;
        long what = (long) kind << Integer.SIZE | entity & LOW;
        records[at + WHAT] = what;
        records[at + LINK] = (long) item << Integer.SIZE;
        file(record, time, handle, what);
        return handle;
    }

    private IllegalArgumentException refused(double seconds, int kind) {
        return new IllegalArgumentException(
                kind < 0
                        ? "kind of event is " + kind + "; expected a number >= 0"
                        : "an event is scheduled for " + seconds + " s; expected a finite time not before " + now
                                + " s");
    }

    /** {@link #schedule} at {@code delaySeconds} from now. */
    public long scheduleAfter(double delaySeconds, int kind, int entity, int item) {
        return schedule(now + delaySeconds, kind, entity, item);
    }

    /** Takes an event out; false if it has happened or was cancelled before. */
    public boolean cancel(long handle) {
        int at = RECORD * (int) (handle & RECORD_MASK);
        if (handle <= 0 || at >= RECORD * used || records[at + HANDLE] != handle || records[at + WHAT] == CANCELLED) {
            return false;
        }
        records[at + WHAT] = CANCELLED;
        cancelledEver++;
        if (++cancelled > pending() + SPARE) {
            layOut(true);
        }
        return true;
    }

    /**
     * Moves an event to another time; among those of that time it is the last.
     *
     * @return its new handle; 0 if it has happened or was cancelled
     */
    public long reschedule(long handle, double seconds) {
        int at = RECORD * (int) (handle & RECORD_MASK);
        if (handle <= 0 || at >= RECORD * used || records[at + HANDLE] != handle || records[at + WHAT] == CANCELLED) {
            return 0;
        }
        long what = records[at + WHAT];
        int item = (int) (records[at + LINK] >> Integer.SIZE);
        long moved = schedule(seconds, (int) (what >> Integer.SIZE), (int) what, item);
        cancel(handle);
        return moved;
    }

    /**
     * Lets the events up to {@code untilSeconds}, inclusive, happen. At the end {@link #now} is {@code untilSeconds}; a run in pieces is
     * the same as a run at once.
     *
     * @return how many happened
     */
    public long run(EventHandler handler, double untilSeconds) {
        checkEnd(untilSeconds);
        long count = advance(handler, Double.doubleToRawLongBits(untilSeconds + 0.0), Long.MAX_VALUE);
        now = untilSeconds;
        return count;
    }

    /**
     * {@link #run(EventHandler, double)} in pieces of at most {@code events} events, between which the caller may stop or tell how far it is.
     *
     * @return whether the last piece was this one; then {@link #now} is {@code untilSeconds}
     */
    public boolean run(EventHandler handler, double untilSeconds, long events) {
        checkEnd(untilSeconds);
        if (advance(handler, Double.doubleToRawLongBits(untilSeconds + 0.0), events) == events) {
            return false;
        }
        now = untilSeconds;
        return true;
    }

    /** Lets the next {@code events} events happen, fewer if there are not so many; returns how many did. */
    public long runEvents(EventHandler handler, long events) {
        return advance(handler, LATEST, events);
    }

    private void checkEnd(double untilSeconds) {
        if (!(untilSeconds >= now && untilSeconds <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("the simulation runs until " + untilSeconds
                    + " s; expected a finite time not before " + now + " s");
        }
    }

    private long advance(EventHandler handler, long until, long events) {
        long end = events > Long.MAX_VALUE - happened ? Long.MAX_VALUE : happened + events;
        long before = happened;
        while (happened < end) {
            if (near.isEmpty() && !refill()) {
                break;
            }
            long time = near.firstTime();
            if (time > until) {
                break;
            }
            int record = (int) near.firstHandle() & RECORD_MASK;
            long what = near.firstWhat();
            near.removeFirst();
            int at = RECORD * record;
            boolean dead = records[at + WHAT] == CANCELLED;
            int item = (int) (records[at + LINK] >> Integer.SIZE);
            release(record);
            if (dead) {
                cancelled--;
                continue;
            }
            happened++;
            now = Double.longBitsToDouble(time);
            handler.handle((int) (what >> Integer.SIZE), (int) what, item);
        }
        return happened - before;
    }

    /** Puts a record where its time belongs. The bucket's number alone decides, so rounding cannot turn an order round. */
    private void file(int record, long time, long handle, long what) {
        double bucket = (Double.longBitsToDouble(time) - bucketStart) * bucketsPerSecond;
        if (bucket < nextBucket) {
            if (near.add(time, handle, what)) {
                reconsider();
            }
        } else {
            fileFar(record, bucket);
        }
    }

    private void reconsider() {
        if (sequence - laidOutAt > 2L * (pending() + cancelled)) {
            layOut(false);
        }
    }

    private void fileFar(int record, double bucket) {
        if (bucket < bucketCount) {
            int b = (int) bucket;
            link(record, buckets[b]);
            buckets[b] = record;
        } else {
            link(record, beyond);
            beyond = record;
            beyondCount++;
        }
    }

    private void link(int record, int next) {
        int at = RECORD * record + LINK;
        records[at] = records[at] & ~LOW | next & LOW;
    }

    private int next(int record) {
        return (int) records[RECORD * record + LINK];
    }

    /** Moves the next bucket that is not empty to the near events; false if no event is left. */
    private boolean refill() {
        while (true) {
            while (nextBucket < bucketCount) {
                int record = buckets[nextBucket++];
                if (record != NONE) {
                    buckets[nextBucket - 1] = NONE;
                    for (int r = record; r != NONE; r = next(r)) {
                        near.add(records[RECORD * r], records[RECORD * r + HANDLE], records[RECORD * r + WHAT]);
                    }
                    if (near.size() > NearEvents.MANY && sequence - laidOutAt > 2L * (pending() + cancelled)) {
                        layOut(false);
                        continue;
                    }
                    return true;
                }
            }
            if (beyondCount == 0) {
                oneHeap();
                return false;
            }
            spread();
            if (!near.isEmpty()) {
                return true;
            }
        }
    }

    /** Takes all events out of the structure and files them anew; on request frees the records of cancelled ones, in their order. */
    private void layOut(boolean dropCancelled) {
        near.clear();
        beyond = NONE;
        beyondCount = 0;
        for (int r = 0; r < used; r++) {
            int at = RECORD * r;
            if (records[at + HANDLE] == 0) {
                continue;
            }
            if (dropCancelled && records[at + WHAT] == CANCELLED) {
                release(r);
                cancelled--;
            } else {
                link(r, beyond);
                beyond = r;
                beyondCount++;
            }
        }
        spread();
    }

    /** Lays a row of buckets for the events beyond, or puts them all near if they are few or all at one time. */
    private void spread() {
        int list = beyond;
        int count = beyondCount;
        beyond = NONE;
        beyondCount = 0;
        laidOutAt = sequence;
        double first = Double.POSITIVE_INFINITY;
        double last = 0;
        for (int r = list; r != NONE; r = next(r)) {
            double time = Double.longBitsToDouble(records[RECORD * r]);
            first = Math.min(first, time);
            last = Math.max(last, time);
        }
        double width = count > NearEvents.MANY ? width(list, count, first, last) : 0;
        double rate = 1 / width;
        if (width > 0 && rate <= Double.MAX_VALUE) {
            layBuckets(count, first, rate);
        } else {
            oneHeap();
        }
        for (int r = list; r != NONE; ) {
            int following = next(r);
            file(r, records[RECORD * r], records[RECORD * r + HANDLE], records[RECORD * r + WHAT]);
            r = following;
        }
    }

    private void layBuckets(int count, double start, double rate) {
        bucketCount = 2 * Math.max(1, count / PER_BUCKET);
        if (buckets.length < bucketCount) {
            buckets = new int[bucketCount];
        }
        Arrays.fill(buckets, 0, bucketCount, NONE);
        nextBucket = 0;
        bucketStart = start;
        bucketsPerSecond = rate;
    }

    private void oneHeap() {
        bucketCount = 0;
        nextBucket = 1;
        bucketStart = 0;
        bucketsPerSecond = 0;
    }

    /** So wide that the earlier half of the events, told from a sample, lie {@link #PER_BUCKET} to a bucket. */
    private double width(int list, int count, double first, double last) {
        int stride = Math.max(1, count / SAMPLE);
        double[] times = new double[count / stride + 1];
        int size = 0;
        int i = 0;
        for (int r = list; r != NONE; r = next(r)) {
            if (i++ % stride == 0) {
                times[size++] = Double.longBitsToDouble(records[RECORD * r]);
            }
        }
        Arrays.sort(times, 0, size);
        double half = times[size / 2] - first;
        return half > 0 ? half * 2 * PER_BUCKET / count : (last - first) * PER_BUCKET / count;
    }

    /** Writes all of it: a calendar read back goes on as this one, and its handles are the same. */
    public void write(SnapshotWriter out) {
        out.section("calendar");
        out.putDouble(now);
        out.putLong(sequence);
        out.putLong(happened);
        out.putInt(used);
        for (int r = 0; r < used; r++) {
            int at = RECORD * r;
            out.putLong(records[at + HANDLE]);
            if (records[at + HANDLE] != 0) {
                out.putLong(records[at]);
                out.putLong(records[at + WHAT]);
                out.putInt((int) (records[at + LINK] >> Integer.SIZE));
            }
        }
        out.putInt(spare);
        for (int r = free; r != NONE; r = next(r)) {
            out.putInt(r);
        }
    }

    /** What {@link #write} wrote, checked: times, handles and the list of free records are those of a calendar. */
    public static Calendar read(SnapshotReader in) {
        in.section("calendar");
        Calendar calendar = new Calendar();
        calendar.now = in.number("now", 0, Double.MAX_VALUE);
        calendar.sequence = in.wholeNumber("sequence", 0, MAX_SEQUENCE - 1);
        calendar.happened = in.wholeNumber("happened", 0, calendar.sequence);
        int used = in.wholeNumberInt("records", 0, Math.min(MAX_PENDING, in.remaining() / Long.BYTES));
        calendar.records = new long[RECORD * Math.max(FIRST_RECORDS, used)];
        calendar.used = used;
        int freeCount = 0;
        for (int r = 0; r < used; r++) {
            if (calendar.readRecord(in, r)) {
                freeCount++;
            }
        }
        calendar.readFree(in, freeCount);
        long live = used - freeCount - calendar.cancelled;
        calendar.cancelledEver = calendar.sequence - calendar.happened - live;
        if (calendar.cancelledEver < calendar.cancelled) {
            throw in.broken(live + " events are pending; fewer were scheduled");
        }
        calendar.layOut(false);
        return calendar;
    }

    /** Reads a record; true if it is free. */
    private boolean readRecord(SnapshotReader in, int record) {
        int at = RECORD * record;
        long handle = in.wholeNumber("handle", 0, Long.MAX_VALUE);
        if (handle == 0) {
            return true;
        }
        if ((handle & RECORD_MASK) != record || handle >> RECORD_BITS > sequence || handle >> RECORD_BITS == 0) {
            throw in.broken("handle " + handle + " of record " + record + " is none of this calendar's");
        }
        double time = in.number("time of an event", now, Double.MAX_VALUE);
        long what = in.wholeNumber("what happens", CANCELLED, Long.MAX_VALUE);
        records[at] = Double.doubleToRawLongBits(time + 0.0);
        records[at + HANDLE] = handle;
        records[at + WHAT] = what;
        records[at + LINK] = (long) in.takeInt() << Integer.SIZE;
        if (what == CANCELLED) {
            cancelled++;
        }
        return false;
    }

    private void readFree(SnapshotReader in, int count) {
        boolean[] listed = new boolean[used];
        spare = in.wholeNumberInt("spare record", NONE, used - 1);
        if (spare != NONE) {
            list(spare, listed, in);
        }
        int last = NONE;
        for (int i = spare == NONE ? 0 : 1; i < count; i++) {
            int record = in.wholeNumberInt("free record", 0, used - 1);
            list(record, listed, in);
            records[RECORD * record + LINK] = NONE & LOW;
            if (last == NONE) {
                free = record;
            } else {
                records[RECORD * last + LINK] = record & LOW;
            }
            last = record;
        }
    }

    private void list(int record, boolean[] listed, SnapshotReader in) {
        if (listed[record] || records[RECORD * record + HANDLE] != 0) {
            throw in.broken("record " + record + " is listed as free and is not, or twice");
        }
        listed[record] = true;
    }

    private int allocate() {
        int record = spare;
        if (record != NONE) {
            spare = NONE;
            return record;
        }
        record = free;
        if (record != NONE) {
            free = next(record);
            return record;
        }
        if (RECORD * used == records.length) {
            if (used == MAX_PENDING) {
                throw new IllegalStateException("more than " + MAX_PENDING + " events are pending");
            }
            records = Arrays.copyOf(records, 2 * records.length);
        }
        return used++;
    }

    private void release(int record) {
        records[RECORD * record + HANDLE] = 0;
        if (spare == NONE) {
            spare = record;
        } else {
            records[RECORD * record + LINK] = free & LOW;
            free = record;
        }
    }
}
