package org.qexit.experiment.run;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.qexit.common.Checks;
import org.qexit.edge.NumberRange;

/**
 * The cell that the devices live in: positions on a plane, path loss, an eavesdropper, edge nodes.
 *
 * @param cellRadiusMetres devices are placed uniformly in a disc of this radius around the origin
 * @param weights fairness weights ρ, dealt to the devices in turn
 * @param securityLevels levels s_UE, dealt in turn; 1 is the highest
 * @param featureBits D of one offloaded event [bit], dealt in turn; null where it follows from what an edge node's model is sent
 * @param deadlineSeconds transmission deadline of one offloaded event, dealt in turn
 * @param radio limits and noise
 * @param eavesdropper where the eavesdropper listens
 * @param nodes the edge nodes
 * @param energy energy model of the devices
 */
public record FleetConfig(
        double cellRadiusMetres,
        List<Double> weights,
        List<Integer> securityLevels,
        List<Double> featureBits,
        List<Double> deadlineSeconds,
        RadioConfig radio,
        EavesdropperConfig eavesdropper,
        List<NodeConfig> nodes,
        EnergyConfig energy) {
    public FleetConfig {
        Checks.positive("cellRadiusMetres", cellRadiusMetres);
        weights = notEmpty("weights", weights);
        weights.forEach(w -> NumberRange.WEIGHT.check("weights", w));
        securityLevels = notEmpty("securityLevels", securityLevels);
        securityLevels.forEach(s -> Checks.within("securityLevels", s, 1, 1_000));
        if (featureBits != null) {
            featureBits = notEmpty("featureBits", featureBits);
            featureBits.forEach(d -> NumberRange.FEATURE_BITS.check("featureBits", d));
        }
        deadlineSeconds = notEmpty("deadlineSeconds", deadlineSeconds);
        deadlineSeconds.forEach(t -> NumberRange.SECONDS.check("deadlineSeconds", t));
        Checks.present("radio", radio);
        Checks.present("eavesdropper", eavesdropper);
        nodes = notEmpty("nodes", nodes);
        Checks.present("energy", energy);
        Set<String> ids = new HashSet<>();
        for (NodeConfig node : nodes) {
            if (!ids.add(node.id())) {
                throw new IllegalArgumentException("nodes: id '" + node.id() + "' stands twice");
            }
        }
    }

    /** The same cell, where every offloaded event has this many bits. */
    FleetConfig withFeatureBits(double bits) {
        return new FleetConfig(
                cellRadiusMetres,
                weights,
                securityLevels,
                List.of(bits),
                deadlineSeconds,
                radio,
                eavesdropper,
                nodes,
                energy);
    }

    private static <T> List<T> notEmpty(String name, List<T> list) {
        if (list == null || list.isEmpty()) {
            throw new IllegalArgumentException(name + " is empty; expected at least one");
        }
        return List.copyOf(list);
    }

    /**
     * @param bandwidthMaxHz b^max of one device, Eq. (4)
     * @param powerMaxWatts p^max, Eq. (5)
     * @param noiseDbmPerHz noise power spectral density σ²
     * @param pathLossDbAtKilometre path loss at 1 km; 128.1 is 3GPP TR 36.814's macro cell at 2 GHz
     * @param pathLossDbPerDecade its growth per tenfold distance; 37.6 there
     */
    public record RadioConfig(
            double bandwidthMaxHz,
            double powerMaxWatts,
            double noiseDbmPerHz,
            double pathLossDbAtKilometre,
            double pathLossDbPerDecade) {
        public RadioConfig {
            NumberRange.DEVICE_HZ.check("bandwidthMaxHz", bandwidthMaxHz);
            NumberRange.DEVICE_WATTS.check("powerMaxWatts", powerMaxWatts);
            Checks.within("noiseDbmPerHz", noiseDbmPerHz, -250, 0);
            Checks.within("pathLossDbAtKilometre", pathLossDbAtKilometre, 0, 300);
            Checks.positive("pathLossDbPerDecade", pathLossDbPerDecade);
        }

        /** σ² [W/Hz] = 10^((dBm − 30) / 10). */
        double noiseWattsPerHz() {
            return Math.pow(10, (noiseDbmPerHz - 30) / 10);
        }

        /** Mean channel gain over a distance; nearer than 10 m counts as 10 m, where the formula ends to hold. */
        double gain(double distanceMetres) {
            double kilometres = Math.max(10, distanceMetres) / 1000;
            return Math.pow(10, -(pathLossDbAtKilometre + pathLossDbPerDecade * Math.log10(kilometres)) / 10);
        }
    }

    /**
     * @param xMetres position
     * @param yMetres position
     * @param meanGainFactor mean of the exponential fading factor of its channels; below 1 it hears worse than a node would
     */
    public record EavesdropperConfig(double xMetres, double yMetres, double meanGainFactor) {
        public EavesdropperConfig {
            Checks.nonNegative("meanGainFactor", meanGainFactor);
        }
    }

    /**
     * @param id the node's name
     * @param xMetres position
     * @param yMetres position
     * @param securityLevel s_EN; 1 is the highest
     * @param bandwidthHz B_j, Eq. (12)
     * @param computeUnits W_j: events it can classify per period, Eq. (13)
     */
    public record NodeConfig(
            String id, double xMetres, double yMetres, int securityLevel, double bandwidthHz, double computeUnits) {
        public NodeConfig {
            Checks.notBlank("nodes.id", id);
            Checks.within("nodes.securityLevel", securityLevel, 1, 1_000);
            NumberRange.DEVICE_HZ.check("nodes.bandwidthHz", bandwidthHz);
            NumberRange.EVENTS.check("nodes.computeUnits", computeUnits);
        }
    }

    /**
     * @param joulesPerMemoryAccess γ of Eq. (3), energy of one 32-bit memory access
     */
    public record EnergyConfig(double joulesPerMemoryAccess) {
        public EnergyConfig {
            Checks.positive("joulesPerMemoryAccess", joulesPerMemoryAccess);
        }
    }
}
