package org.qexit.tier.live.up;

import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qexit.common.Checks;
import org.qexit.common.UserError;

/**
 * Gaussian noise on the events that devices see, from a moment on: values x of 0 to m become x + &sigma; m z, cut to 0 to m.
 *
 * @param sigma in units of the largest value
 * @param afterSeconds of the run
 */
public record Disturbance(double sigma, double afterSeconds) {
    private static final Pattern FORM = Pattern.compile("noise=([0-9.]{1,12})@([0-9.]{1,12})");

    public Disturbance {
        Checks.within("sigma", sigma, 1e-6, 10);
        Checks.within("afterSeconds", afterSeconds, 0, 1e7);
    }

    /** @throws UserError if it is not of the form {@code noise=SIGMA@SECONDS} */
    public static Disturbance parse(String option, String text) {
        Matcher parts = FORM.matcher(text);
        if (parts.matches()) {
            try {
                return new Disturbance(Double.parseDouble(parts.group(1)), Double.parseDouble(parts.group(2)));
            } catch (IllegalArgumentException e) {
                throw new UserError(option + " is " + text + ": " + e.getMessage(), e);
            }
        }
        throw new UserError(
                option + " is '" + UserError.shown(text) + "'; expected noise=SIGMA@SECONDS, such as noise=0.2@20");
    }

    /** Whole levels stay whole. */
    float[] of(float[] event, float maximum, SplittableRandom random) {
        float[] disturbed = new float[event.length];
        for (int i = 0; i < event.length; i++) {
            double value = Math.max(0, Math.min(maximum, event[i] + sigma * maximum * random.nextGaussian()));
            disturbed[i] = (float) (maximum > 1 ? Math.rint(value) : value);
        }
        return disturbed;
    }
}
