package org.qexit.edge;

/**
 * The listener of one device's transmissions.
 *
 * @param gain channel power gain from the device to it, g_EV; 0 = no listener
 * @param noiseWattsPerHz its noise density, or null for the radio's
 */
public record Eavesdropper(double gain, Double noiseWattsPerHz) {
    public Eavesdropper {
        NumberRange.GAIN.check("gain", gain);
        if (noiseWattsPerHz != null) {
            NumberRange.NOISE_WATTS_PER_HZ.check("noiseWattsPerHz", noiseWattsPerHz);
        }
    }
}
