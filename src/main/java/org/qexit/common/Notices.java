package org.qexit.common;

/** Lines on standard error beside a command's results; off with {@code --quiet}. */
final class Notices {
    private static volatile boolean shown = true;

    private Notices() {}

    static void say(String line) {
        if (shown) {
            System.err.println(line);
        }
    }

    static void show(boolean on) {
        shown = on;
    }
}
