package org.qexit.data.streams;

import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.Checks;

/**
 * What one device sees, where it is to differ from what {@link FleetStreamSpec} draws.
 *
 * @param device the device's id
 * @param events number of events; null means drawn
 * @param criticalFraction share of critical events; null means drawn
 * @param classWeights relative weight of each class among those of its kind, by class id; null means drawn
 */
public record DeviceSpec(String device, Integer events, Double criticalFraction, Map<Integer, Double> classWeights) {
    public DeviceSpec {
        Checks.notBlank("device", device);
        if (events != null) {
            Checks.within("events of " + device, events, 2, 1_000_000_000);
        }
        if (criticalFraction != null && !(criticalFraction > 0 && criticalFraction < 1)) {
            throw new IllegalArgumentException("criticalFraction of " + device + " is " + criticalFraction
                    + "; expected more than 0 and less than 1");
        }
        if (classWeights != null) {
            classWeights = new TreeMap<>(classWeights);
            classWeights.forEach((id, weight) -> Checks.nonNegative("weight of class " + id + " at " + device, weight));
        }
    }
}
