package org.qexit.edge;

import org.qexit.common.Checks;

/**
 * A radio link; a pair that is not listed has none.
 *
 * @param device id of the device
 * @param node id of the node
 * @param gain channel power gain g of the pair
 */
public record Link(String device, String node, double gain) {
    public Link {
        Checks.notBlank("device", device);
        Checks.notBlank("node", node);
        NumberRange.GAIN.check("gain", gain);
    }
}
