package org.qexit.common;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress on standard error with time left: a bar that redraws itself on a terminal, otherwise a line
 * after two seconds and every ten seconds.
 * Nothing is shown for work that ends within two seconds. Safe to step from several threads.
 */
public final class Progress implements AutoCloseable {
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
    private static final ThreadLocal<Boolean> SILENT = ThreadLocal.withInitial(() -> false);
    private static volatile boolean enabled = true;

    private final String task;
    private final long total;
    private final long startNanos = System.nanoTime();
    private final PrintStream out;
    private final boolean terminal;
    private final boolean silent = SILENT.get();
    private long done;
    private String note = "";
    private long lastLineNanos = startNanos + QUIET.toNanos() - BETWEEN_LINES.toNanos();
    private ProgressBar bar;

    private Progress(String task, long total, PrintStream out, boolean terminal) {
        this.task = task;
        this.total = total;
        this.out = out;
        this.terminal = terminal;
    }

    /** Starts showing a task of {@code total} equal steps. */
    public static Progress start(String task, long total) {
        return new Progress(task, total, System.err, System.console() != null && System.getenv("CI") == null);
    }

    /** One line on standard error: what comes next, or what was found. */
    public static void say(String line) {
        Notices.say(line);
    }

    /** Turns all progress off (or on again), as {@code --quiet} asks. */
    public static void enable(boolean on) {
        enabled = on;
        Notices.show(on);
    }

    /** Runs work whose own progress is not shown, for whoever calls shows that of the whole. */
    public static void quietly(Runnable work) {
        boolean before = SILENT.get();
        SILENT.set(true);
        try {
            work.run();
        } finally {
            SILENT.set(before);
        }
    }

    public void step() {
        step(1);
    }

    public synchronized void step(long steps) {
        done += steps;
        show();
    }

    /** A short text behind the bar: the loss, the gap. */
    public synchronized void note(String text) {
        note = text;
        show();
    }

    private void show() {
        long now = System.nanoTime();
        if (!enabled || silent || now - startNanos < QUIET.toNanos()) {
            return;
        }
        if (terminal) {
            if (bar == null) {
                bar = new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(total)
                        .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                        .startsFrom(done, Duration.ofNanos(now - startNanos))
                        .build();
            }
            bar.stepTo(done).setExtraMessage(note);
        } else if (now - lastLineNanos >= BETWEEN_LINES.toNanos() && done > 0) {
            lastLineNanos = now;
            double elapsed = (now - startNanos) * 1e-9;
            out.printf(
                    Locale.ROOT,
                    "%s: %d of %d, %.0f s left%s%n",
                    task,
                    done,
                    total,
                    elapsed * (total - done) / done,
                    note.isEmpty() ? "" : ", " + note);
        }
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
