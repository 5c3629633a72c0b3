package org.qexit.experiment.sweep;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.qexit.common.UserError;
import org.qexit.tier.result.SimulationResult.Replication;

/**
 * One replication as a line of the results; doubles have six digits, more than their intervals tell.
 *
 * @param cell whose it is
 * @param replication null where there is no plan
 */
record SweepRow(Cell cell, Replication replication) implements Serializable {
    static final String HEADER = "part,series,step,plan,policy,replication,events,critical,offloads,found,right_class,"
            + "false_alarms,lost,missed,log_utility,utility,least_utility,jain,delay_p50_seconds,delay_p95_seconds,"
            + "joules_per_event,bits_per_event,changes";

    private static final int FIELDS = HEADER.split(",").length;
    private static final int FIRST = 5;

    /**
     * One plan under one policy at one step of a series.
     *
     * @param step as the configuration writes it
     */
    record Cell(String part, String series, String step, String plan, String policy) implements Serializable {
        Cell {
            try {
                checkText("plan", plan);
            } catch (IllegalArgumentException e) {
                throw new UserError(e.getMessage(), e);
            }
        }
    }

    /** @throws IllegalArgumentException for text that a line cannot hold */
    static void checkText(String name, String text) {
        if (text.matches("(?s).*[,\"|\\p{Cntrl}].*")) {
            throw new IllegalArgumentException(
                    name + " is '" + UserError.shown(text) + "'; expected text without commas, quotes and bars");
        }
    }

    String line() {
        String key = String.join(",", cell.part(), cell.series(), cell.step(), cell.plan(), cell.policy());
        if (replication == null) {
            return key + ",".repeat(FIELDS - FIRST);
        }
        Replication r = replication;
        Object[] values = {
            r.number(),
            r.events(),
            r.critical(),
            r.offloads(),
            r.found(),
            r.rightClass(),
            r.falseAlarms(),
            r.lost(),
            r.missed(),
            r.logUtility(),
            r.utility(),
            r.leastUtility(),
            r.jain(),
            r.delayP50Seconds(),
            r.delayP95Seconds(),
            r.joulesPerEvent(),
            r.bitsPerEvent(),
            r.changes()
        };
        return key + "," + Arrays.stream(values).map(SweepRow::text).collect(Collectors.joining(","));
    }

    private static String text(Object value) {
        return value == null
                ? ""
                : value instanceof Double number ? String.format(Locale.ROOT, "%.6g", number) : value.toString();
    }

    /**
     * Reads a line.
     *
     * @param place for messages
     */
    static SweepRow parse(String place, String line) {
        String[] f = line.split(",", -1);
        if (f.length != FIELDS) {
            throw new UserError(place + ": has " + f.length + " fields; expected " + FIELDS);
        }
        Cell cell = new Cell(f[0], f[1], f[2], f[3], f[4]);
        if (f[FIRST].isEmpty()) {
            return new SweepRow(cell, null);
        }
        try {
            return new SweepRow(
                    cell,
                    new Replication(
                            Integer.parseInt(f[5]),
                            Long.parseLong(f[6]),
                            Long.parseLong(f[7]),
                            Long.parseLong(f[8]),
                            Long.parseLong(f[9]),
                            f[10].isEmpty() ? null : (Long) Long.parseLong(f[10]),
                            Long.parseLong(f[11]),
                            Long.parseLong(f[12]),
                            Long.parseLong(f[13]),
                            number(f[14]),
                            number(f[15]),
                            number(f[16]),
                            number(f[17]),
                            number(f[18]),
                            number(f[19]),
                            number(f[20]),
                            number(f[21]),
                            Integer.parseInt(f[22])));
        } catch (NumberFormatException e) {
            throw new UserError(place + ": not readable: " + UserError.shown(String.valueOf(e.getMessage())), e);
        }
    }

    private static Double number(String text) {
        if (text.isEmpty()) {
            return null;
        }
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
            throw new NumberFormatException("'" + text + "'; expected a finite number");
        }
        return value;
    }
}
