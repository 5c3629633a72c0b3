package org.qexit.nn.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.qexit.engine.RingUnit;
import org.qexit.engine.Unit;

/** Residual rings as a layer, see {@link RingUnit}. */
public final class RingLayer extends VectorLayer {
    static final String OWN = "own";
    static final String GAIN = "gain";
    static final String BIAS = "bias";
    static final String SKIP = "skip";

    private static final long serialVersionUID = 1L;

    private final int rings;
    private final int skips;

    /**
     * Makes it.
     *
     * @param units n
     * @param rings R
     * @param skips S, at most R
     */
    public RingLayer(int units, int rings, int skips) {
        super(units);
        this.rings = rings;
        this.skips = skips;
    }

    @Override
    Map<String, Integer> vectors() {
        int units = Math.toIntExact(getNIn());
        Map<String, Integer> vectors = new LinkedHashMap<>();
        vectors.put(OWN, rings * units);
        vectors.put(GAIN, rings * units);
        vectors.put(BIAS, rings * units);
        if (skips > 0) {
            vectors.put(SKIP, skips * units);
        }
        return vectors;
    }

    @Override
    Unit unit() {
        return new RingUnit(Math.toIntExact(getNIn()), rings, skips);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RingLayer that && super.equals(other) && rings == that.rings && skips == that.skips;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * super.hashCode() + rings) + skips;
    }
}
