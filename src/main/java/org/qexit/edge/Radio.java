package org.qexit.edge;

import org.qexit.common.Checks;

/**
 * What all devices' radios share; a device may have limits of its own.
 *
 * @param bandwidthMaxHz b^max, Eq. (24a)
 * @param powerMaxWatts p^max, Eq. (24b)
 * @param noiseWattsPerHz noise density σ²
 */
public record Radio(double bandwidthMaxHz, double powerMaxWatts, double noiseWattsPerHz) {
    public Radio {
        Checks.positive("bandwidthMaxHz", bandwidthMaxHz);
        Checks.positive("powerMaxWatts", powerMaxWatts);
        Checks.positive("noiseWattsPerHz", noiseWattsPerHz);
    }
}
