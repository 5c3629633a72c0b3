package org.qexit.allocation.check;

import org.qexit.allocation.Instance;
import org.qexit.edge.EdgeNode;

/**
 * Bandwidth and power of one pair of device and node that just meet the deadline, for the check: formulas in their plain form.
 */
final class PlainRadio {
    /** Golden-section steps: the width falls by 0.618 each, and the value is flat at its least. */
    private static final int SECTIONS = 70;

    private static final double GOLDEN = 0.6180339887498949;

    /** Bits per second. */
    private final double wanted;
    /** Gain over noise of the node and of the eavesdropper. */
    private final double received;

    private final double heard;
    /** Least and most bandwidth. */
    private final double from;

    private final double to;

    private PlainRadio(double wanted, double received, double heard, double most, double to) {
        this.wanted = wanted;
        this.received = received;
        this.heard = heard;
        this.to = to;
        double low = to * 1e-12;
        double enough = to;
        while (low > Double.MIN_NORMAL && watts(low) <= most) {
            enough = low;
            low *= 1e-12;
        }
        for (int i = 0; i < 200 && enough > low * (1 + 1e-13); i++) {
            double middle = Math.sqrt(low * enough);
            if (watts(middle) <= most) {
                enough = middle;
            } else {
                low = middle;
            }
        }
        this.from = enough;
    }

    /** @return null if the node cannot serve the device. @param gain of the link, or null without one */
    static PlainRadio of(Instance instance, Instance.Device device, EdgeNode node, Double gain) {
        if (gain == null || node.securityLevel() > device.securityLevel()) {
            return null;
        }
        double hzMax = device.bandwidthMaxHz() == null ? instance.radio().bandwidthMaxHz() : device.bandwidthMaxHz();
        double wattsMax = device.powerMaxWatts() == null ? instance.radio().powerMaxWatts() : device.powerMaxWatts();
        double most = node.powerWatts() == null ? wattsMax : Math.min(wattsMax, node.powerWatts());
        double noise = instance.radio().noiseWattsPerHz();
        Double own = device.eavesdropper().noiseWattsPerHz();
        double heard = device.eavesdropper().gain() / (own == null ? noise : own);
        double wanted = device.featureBits() / device.deadlineSeconds();
        double to = Math.min(hzMax, node.bandwidthHz());
        if (!(watts(wanted, gain / noise, heard, to) <= most * (1 + 1e-9))) {
            return null;
        }
        return new PlainRadio(wanted, gain / noise, heard, most, to);
    }

    double leastHz() {
        return from;
    }

    double mostHz() {
        return to;
    }

    /** The power at which b hertz carry D/t: (2^{R/b} − 1) b / (γ − γ_EV 2^{R/b}), +∞ if none does. */
    double watts(double hz) {
        return watts(wanted, received, heard, hz);
    }

    private static double watts(double wanted, double received, double heard, double hz) {
        double grown = Math.pow(2, wanted / hz);
        double rest = received - heard * grown;
        double less = Math.expm1(wanted / hz * Math.log(2));
        return rest > 0 ? less * hz / rest : Double.POSITIVE_INFINITY;
    }

    /** dπ/db. */
    double slope(double hz) {
        double grown = Math.pow(2, wanted / hz);
        double less = Math.expm1(wanted / hz * Math.log(2));
        double grows = -grown * Math.log(2) * wanted / (hz * hz);
        double rest = received - heard * grown;
        return ((less + hz * grows) * rest + less * hz * heard * grows) / (rest * rest);
    }

    double cost(double hz, double perHz, double perWatt) {
        return perWatt > 0 ? perHz * hz + perWatt * watts(hz) : perHz * hz;
    }

    /** min over b of α b + w π(b). */
    double least(double perHz, double perWatt) {
        return cost(cheapestHz(perHz, perWatt), perHz, perWatt);
    }

    /** Golden-section search over ln b: α b + w π(b) is convex in b, so it has one valley. */
    double cheapestHz(double perHz, double perWatt) {
        if (!(perWatt > 0)) {
            return from;
        }
        double a = Math.log(from);
        double b = Math.log(to);
        double best = cost(from, perHz, perWatt) <= cost(to, perHz, perWatt) ? from : to;
        double least = cost(best, perHz, perWatt);
        double left = b - GOLDEN * (b - a);
        double right = a + GOLDEN * (b - a);
        double atLeft = cost(Math.exp(left), perHz, perWatt);
        double atRight = cost(Math.exp(right), perHz, perWatt);
        for (int i = 0; i < SECTIONS; i++) {
            if (Math.min(atLeft, atRight) < least) {
                least = Math.min(atLeft, atRight);
                best = Math.exp(atLeft <= atRight ? left : right);
            }
            if (atLeft <= atRight) {
                b = right;
                right = left;
                atRight = atLeft;
                left = b - GOLDEN * (b - a);
                atLeft = cost(Math.exp(left), perHz, perWatt);
            } else {
                a = left;
                left = right;
                atLeft = atRight;
                right = a + GOLDEN * (b - a);
                atRight = cost(Math.exp(right), perHz, perWatt);
            }
        }
        return best;
    }
}
