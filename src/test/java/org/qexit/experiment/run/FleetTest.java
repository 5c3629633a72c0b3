package org.qexit.experiment.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.qexit.allocation.Instance;
import org.qexit.common.RandomStreams;
import org.qexit.trace.DeviceTrace;

class FleetTest {
    private static final FleetConfig CONFIG = new FleetConfig(
            400,
            List.of(1.0, 2.0),
            List.of(1, 2),
            List.of(98304.0),
            List.of(0.1, 0.2, 0.5),
            new FleetConfig.RadioConfig(20e6, 0.2, -174, 128.1, 37.6),
            new FleetConfig.EavesdropperConfig(900, 0, 0.3),
            List.of(
                    new FleetConfig.NodeConfig("en1", 100, 50, 1, 1e6, 50),
                    new FleetConfig.NodeConfig("en2", -100, 0, 2, 1e6, 50)),
            new FleetConfig.EnergyConfig(640e-12));

    private static List<String> ids(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            ids.add("ue" + i);
        }
        return ids;
    }

    @Test
    void anotherDeviceChangesNoOther() {
        Fleet small = Fleet.place(CONFIG, ids(3), RandomStreams.of(1));
        Fleet large = Fleet.place(CONFIG, ids(9), RandomStreams.of(1));
        assertEquals(small.devices(), large.devices().subList(0, 3));
        assertEquals(small.links(), large.links().subList(0, 6));
    }

    @Test
    void placesUniformlyInTheDisc() {
        Fleet fleet = Fleet.place(CONFIG, ids(4000), RandomStreams.of(2));
        // Uniform in a disc: (r/R)² is uniform, so its mean is 1/2 with standard deviation 1/sqrt(12 n).
        double mean = fleet.devices().stream()
                .mapToDouble(d -> (d.xMetres() * d.xMetres() + d.yMetres() * d.yMetres()) / (400.0 * 400.0))
                .average()
                .orElseThrow();
        assertEquals(0.5, mean, 4 / Math.sqrt(12.0 * 4000));
    }

    @Test
    void gainsAreThePathLossOnAverage() {
        Fleet fleet = Fleet.place(CONFIG, ids(4000), RandomStreams.of(3));
        double sum = 0;
        for (int i = 0; i < 4000; i++) {
            Fleet.Device device = fleet.devices().get(i);
            double distance = Math.hypot(device.xMetres() - 100, device.yMetres() - 50);
            double decibel = 128.1 + 37.6 * Math.log10(Math.max(10, distance) / 1000);
            sum += fleet.links().get(2 * i).gain() * Math.pow(10, decibel / 10);
        }
        // The fading factor is exponential of mean 1 and variance 1.
        assertEquals(1, sum / 4000, 4 / Math.sqrt(4000));
    }

    @Test
    void convertsNoiseFromDecibelMilliwatts() {
        // −174 dBm/Hz is the thermal noise density at 290 K, k T = 1.380649e-23 · 290 = 4.004e-21 W/Hz.
        assertEquals(4.0e-21, CONFIG.radio().noiseWattsPerHz(), 0.03e-21);
    }

    @Test
    void dealsPropertiesInTurnAndBuildsTheInstance() {
        Fleet fleet = Fleet.place(CONFIG, ids(3), RandomStreams.of(1));
        List<DeviceTrace> traces = new ArrayList<>();
        for (String id : ids(3)) {
            traces.add(new DeviceTrace(id, new long[] {5, 6}, new byte[] {1, 0}, new float[][] {{0.5f, 0.25f}}));
        }
        Instance instance = fleet.instance("x", traces, null);
        assertEquals(
                List.of(1, 2, 1),
                instance.devices().stream().map(Instance.Device::securityLevel).toList());
        assertEquals(
                List.of(0.1, 0.2, 0.5),
                instance.devices().stream()
                        .map(Instance.Device::deadlineSeconds)
                        .toList());
        assertEquals(6, instance.links().size());
        assertEquals(0.25f, instance.devices().get(2).deviceTrace().scores()[0][1]);
        assertTrue(instance.devices().stream().allMatch(d -> d.eavesdropper().gain() > 0));
        traces.remove(0);
        traces.add(traces.get(0));
        assertThrows(IllegalArgumentException.class, () -> fleet.instance("x", traces, null));
    }

    @Test
    void refusesNodesOfTheSameName() {
        FleetConfig.NodeConfig node = CONFIG.nodes().get(0);
        assertThrows(
                IllegalArgumentException.class,
                () -> new FleetConfig(
                        400,
                        CONFIG.weights(),
                        CONFIG.securityLevels(),
                        CONFIG.featureBits(),
                        CONFIG.deadlineSeconds(),
                        CONFIG.radio(),
                        CONFIG.eavesdropper(),
                        List.of(node, node),
                        CONFIG.energy()));
    }
}
