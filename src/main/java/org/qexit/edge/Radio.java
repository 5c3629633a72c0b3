package org.qexit.edge;

/**
 * What all devices' radios share; a device may have limits of its own.
 *
 * @param bandwidthMaxHz b^max, Eq. (24a)
 * @param powerMaxWatts p^max, Eq. (24b)
 * @param noiseWattsPerHz noise density σ²
 */
public record Radio(double bandwidthMaxHz, double powerMaxWatts, double noiseWattsPerHz) {
    public Radio {
        NumberRange.DEVICE_HZ.check("bandwidthMaxHz", bandwidthMaxHz);
        NumberRange.DEVICE_WATTS.check("powerMaxWatts", powerMaxWatts);
        NumberRange.NOISE_WATTS_PER_HZ.check("noiseWattsPerHz", noiseWattsPerHz);
    }
}
