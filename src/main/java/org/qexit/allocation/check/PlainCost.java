package org.qexit.allocation.check;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.qexit.allocation.Instance;

/**
 * A device's cap on the mean cost of an event, recomputed: costs as whole numbers of the finest decimal place, so that sums are exact.
 *
 * @param units of an event that stops at each exit, {@code [exit]}
 * @param most of all events together
 */
record PlainCost(long[] units, long most) {

    /** Null where the device has no cap. */
    static PlainCost of(Instance.Device device) {
        if (device.maxCost() == null) {
            return null;
        }
        int places = 0;
        for (BigDecimal cost : device.exitCosts()) {
            places = Math.max(places, cost.stripTrailingZeros().scale());
        }
        long[] units = new long[device.exitCosts().size()];
        for (int q = 0; q < units.length; q++) {
            units[q] = device.exitCosts().get(q).scaleByPowerOfTen(places).longValueExact();
        }
        BigDecimal all = device.maxCost()
                .scaleByPowerOfTen(places)
                .min(BigDecimal.valueOf(units[units.length - 1]))
                .multiply(BigDecimal.valueOf(device.trace().labels().length));
        return new PlainCost(units, all.setScale(0, RoundingMode.FLOOR).longValueExact());
    }

    /** @param stopped events that stop at each exit */
    boolean allows(int[] stopped) {
        long sum = 0;
        for (int q = 0; q < stopped.length; q++) {
            sum = Math.addExact(sum, Math.multiplyExact(units[q], stopped[q]));
        }
        return sum <= most;
    }
}
