package org.qexit.tier;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * What a device emitted, line by line, as {@code qexit infer --json} prints it: the exit taken, the decision, and the confidences of the exits
 * that ran. Labels are not looked at, exits that were not taken may be missing or null. Lines without confidences, such as summaries, are
 * passed over.
 */
public final class EmissionLog {
    private static final int LONGEST = 1 << 20;

    private final String name;
    private final BufferedReader lines;
    private final int exits;
    private final Rule thresholds;
    private long line;
    private long passedOver;
    private long otherwise;

    /**
     * An event.
     *
     * @param exit that decided, from 1
     * @param critical whether it is offloaded
     * @param confidences of the exits up to it
     */
    public record Emission(int exit, boolean critical, float[] confidences) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Line(Integer exit, Integer decision, Boolean critical, Float[] confidences) {}

    /**
     * @param name of the log, for messages
     * @param exits L
     * @param thresholds deployed: what an event is decided by whose line does not say, and what others are held against
     */
    public EmissionLog(String name, BufferedReader lines, int exits, Rule thresholds) {
        this.name = name;
        this.lines = lines;
        this.exits = exits;
        this.thresholds = thresholds;
    }

    /**
     * The next event.
     *
     * @throws UserError for a line that is no event of such a device
     */
    public Optional<Emission> next() {
        for (String text = read(); text != null; text = read()) {
            if (text.isBlank()) {
                continue;
            }
            Line read = Json.parse(place(), text, Line.class);
            if (read.confidences == null) {
                passedOver++;
                continue;
            }
            return Optional.of(emission(read));
        }
        return Optional.empty();
    }

    private String read() {
        line++;
        try {
            String text = lines.readLine();
            if (text != null && text.length() > LONGEST) {
                throw new UserError(place() + ": is longer than " + LONGEST + " characters");
            }
            return text;
        } catch (IOException e) {
            throw new UserError(name + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private String place() {
        return name + " line " + line;
    }

    private Emission emission(Line read) {
        int given = 0;
        while (given < read.confidences.length && read.confidences[given] != null) {
            given++;
        }
        if (given == 0 || given > exits) {
            throw new UserError(
                    place() + ": has " + given + " confidences; expected 1 to " + exits + ", one for each exit");
        }
        float[] confidences = new float[given];
        for (int q = 0; q < given; q++) {
            confidences[q] = read.confidences[q];
            if (!(confidences[q] >= 0 && confidences[q] <= 1)) {
                throw new UserError(place() + ": a confidence is " + confidences[q] + "; expected 0 to 1");
            }
        }
        Thresholds.Decision decided = thresholds.decide(confidences);
        int exit = read.exit == null ? decided.exit() + 1 : read.exit;
        if (exit < 1 || exit > given) {
            throw new UserError(
                    place() + ": exit is " + exit + ", of " + given + " confidences; expected 1 to " + given);
        }
        boolean critical = said(read, decided.critical());
        if (exit != decided.exit() + 1 || critical != decided.critical()) {
            otherwise++;
        }
        return new Emission(exit, critical, confidences);
    }

    private boolean said(Line read, boolean decided) {
        if (read.decision != null && read.decision != 0 && read.decision != 1) {
            throw new UserError(
                    place() + ": decision is " + read.decision + "; expected 0 for normal or 1 for critical");
        }
        return read.decision != null ? read.decision == 1 : read.critical != null ? read.critical : decided;
    }

    /** Lines without confidences. */
    public long passedOver() {
        return passedOver;
    }

    /** Events that were not decided as the thresholds do: by others, or by another bundle. */
    public long otherwise() {
        return otherwise;
    }
}
