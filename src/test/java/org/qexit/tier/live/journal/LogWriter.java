package org.qexit.tier.live.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A process that appends until it is killed, and prints what is on disk: what a record is of, and that it is forced. */
final class LogWriter {
    static final LogSettings SETTINGS = new LogSettings(1 << 14, 1 << 16);
    private static final int THREADS = 3;

    private LogWriter() {}

    /** 16 bytes that say whose it is, then bytes that follow from them. */
    static byte[] payload(long run, long count) {
        byte[] bytes = new byte[16 + (int) (count * 37 % 300)];
        ByteBuffer.wrap(bytes).putLong(run).putLong(count);
        for (int i = 16; i < bytes.length; i++) {
            bytes[i] = (byte) (run * 31 + count * 7 + i);
        }
        return bytes;
    }

    public static void main(String[] arguments) throws Exception {
        long run = Long.parseLong(arguments[1]);
        AppendLog log = AppendLog.open(Path.of(arguments[0]), SETTINGS, (place, payload) -> {});
        Thread[] threads = new Thread[THREADS];
        for (int t = 0; t < THREADS; t++) {
            long own = run * THREADS + t;
            threads[t] = new Thread(() -> append(log, own));
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void append(AppendLog log, long own) {
        try {
            for (long count = 0; ; count++) {
                log.append(payload(own, count)).force();
                synchronized (System.out) {
                    System.out.println(own + " " + count);
                    System.out.flush();
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
