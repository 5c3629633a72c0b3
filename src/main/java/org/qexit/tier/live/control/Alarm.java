package org.qexit.tier.live.control;

import org.qexit.common.Checks;
import org.qexit.common.UserError;

/**
 * What devices and nodes post to {@code /v1/alarms}, format {@value #FORMAT}: events have drifted.
 *
 * @param format must be {@value #FORMAT}
 * @param test what has noticed it
 * @param statistic its value, finite
 * @param text for people, one line
 */
public record Alarm(String format, String test, double statistic, String text) {
    public static final String FORMAT = "qexit.alarm/1";
    private static final int MOST_TEXT = 500;

    public Alarm {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        if (!Checks.notBlank("test", test).matches("[a-z][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException("test is '" + UserError.shown(test) + "'; expected a short name");
        }
        if (!Double.isFinite(statistic)) {
            throw new IllegalArgumentException("statistic is " + statistic + "; expected a finite number");
        }
        Checks.within("characters of text", Checks.present("text", text).length(), 0, MOST_TEXT);
    }

    public static Alarm of(String test, double statistic, String text) {
        return new Alarm(FORMAT, test, statistic, text);
    }
}
