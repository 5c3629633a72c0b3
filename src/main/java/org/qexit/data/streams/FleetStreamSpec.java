package org.qexit.data.streams;

import java.util.List;
import org.qexit.common.Checks;

/**
 * How the events of a fleet are drawn.
 *
 * @param count number of devices, "ue1" and on; with {@code byGroup} the most that are taken, and null means all
 * @param dirichletAlpha concentration of the class mixes: small gives devices that see few classes, large gives equal ones
 * @param events least and most events per device
 * @param criticalFraction least and greatest share of critical events per device
 * @param split how each device's events are divided
 * @param devices exceptions, by device id
 * @param byGroup whether every group of the data is a device with its own events in their order, instead of drawn ones; then
 *     {@code count} and {@code split} are all that may be set
 * @param whole whether one device, "ue1", has all test samples as the task has them, instead of drawn ones; then {@code split} is all
 *     that may be set
 */
public record FleetStreamSpec(
        Integer count,
        Double dirichletAlpha,
        List<Integer> events,
        List<Double> criticalFraction,
        SplitFractions split,
        List<DeviceSpec> devices,
        Boolean byGroup,
        Boolean whole) {
    /** One device with all there is. */
    public static final FleetStreamSpec WHOLE = new FleetStreamSpec(null, null, null, null, null, null, null, true);

    /** Ten devices that fit into the test images of the embedded data set. */
    public static final FleetStreamSpec DEFAULT = new FleetStreamSpec(null, null, null, null, null, null, null);

    /** Drawn events, or groups. */
    public FleetStreamSpec(
            Integer count,
            Double dirichletAlpha,
            List<Integer> events,
            List<Double> criticalFraction,
            SplitFractions split,
            List<DeviceSpec> devices,
            Boolean byGroup) {
        this(count, dirichletAlpha, events, criticalFraction, split, devices, byGroup, null);
    }

    private static final int MOST_DEVICES = 1_000_000;
    private static final int MOST_EVENTS = 1_000_000_000;

    public FleetStreamSpec {
        byGroup = Boolean.TRUE.equals(byGroup);
        whole = Boolean.TRUE.equals(whole);
        if (whole && (byGroup || count != null && count != 1)) {
            throw new IllegalArgumentException(
                    (byGroup ? "byGroup" : "count") + " is set beside whole, which makes one device of all samples;"
                            + " expected only split beside it");
        }
        boolean drawn = !byGroup && !whole;
        split = split == null ? SplitFractions.DEFAULT : split;
        devices = devices == null ? List.of() : List.copyOf(devices);
        count = Checks.within(
                "count", count == null ? (byGroup ? MOST_DEVICES : whole ? 1 : 10) : count, 1, MOST_DEVICES);
        if (!drawn) {
            if (dirichletAlpha != null || events != null || criticalFraction != null || !devices.isEmpty()) {
                throw new IllegalArgumentException("dirichletAlpha, events, criticalFraction or devices is set, but "
                        + (byGroup
                                ? "byGroup takes the groups as they are; expected only count and split beside it"
                                : "whole takes all samples as they are; expected only split beside it"));
            }
        } else {
            dirichletAlpha = Checks.positive("dirichletAlpha", dirichletAlpha == null ? 1.0 : dirichletAlpha);
            events = checkedEvents(events == null ? List.of(200, 400) : List.copyOf(events));
            criticalFraction =
                    checkedFractions(criticalFraction == null ? List.of(0.05, 0.20) : List.copyOf(criticalFraction));
        }
        long different = devices.stream().map(DeviceSpec::device).distinct().count();
        if (different != devices.size()) {
            throw new IllegalArgumentException("devices names a device twice");
        }
        for (DeviceSpec device : devices) {
            if (!device.device().matches("ue[1-9][0-9]{0,6}")
                    || Integer.parseInt(device.device().substring(2)) > count) {
                throw new IllegalArgumentException(
                        "devices names '" + device.device() + "'; expected ue1 to ue" + count);
            }
        }
    }

    private static List<Integer> checkedEvents(List<Integer> events) {
        if (events.size() != 2 || events.get(0) < 2 || events.get(0) > events.get(1) || events.get(1) > MOST_EVENTS) {
            throw new IllegalArgumentException(
                    "events is " + events + "; expected two numbers, 2 <= least <= most <= " + MOST_EVENTS);
        }
        return events;
    }

    private static List<Double> checkedFractions(List<Double> fractions) {
        if (fractions.size() != 2
                || !(fractions.get(0) > 0 && fractions.get(0) <= fractions.get(1) && fractions.get(1) < 1)) {
            throw new IllegalArgumentException(
                    "criticalFraction is " + fractions + "; expected two numbers, 0 < least <= greatest < 1");
        }
        return fractions;
    }

    /** A fleet without exceptions, with the default division. */
    public static FleetStreamSpec of(
            int count, double dirichletAlpha, int minEvents, int maxEvents, double minFraction, double maxFraction) {
        return new FleetStreamSpec(
                count,
                dirichletAlpha,
                List.of(minEvents, maxEvents),
                List.of(minFraction, maxFraction),
                null,
                null,
                null);
    }
}
