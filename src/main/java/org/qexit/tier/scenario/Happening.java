package org.qexit.tier.scenario;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qexit.common.Checks;

/**
 * Something that happens at a time: one change, and whom it concerns. A change holds until the next one of its kind.
 *
 * @param at when [s]
 * @param node the node that goes {@code down}, or comes up again
 * @param device the device, or null
 * @param devices the devices, or null
 * @param down whether the node is down from now on
 * @param off whether the device is off from now on
 * @param gainFactor the gain of the devices' links over that of the instance
 * @param eavesdropper the eavesdropper's gain over that of the instance
 * @param classMix weights of the classes that the devices' events are drawn by; classes not named have none
 * @param noise standard deviation of Gaussian noise added to the images, in units of the greatest value
 * @param darkness 0 (as they are) to 1 (black)
 * @param traffic the rate of events over that of {@link Scenario#arrivals}
 * @param newDevice a device that begins now
 */
public record Happening(
        double at,
        String node,
        String device,
        Whom devices,
        Boolean down,
        Boolean off,
        Double gainFactor,
        Double eavesdropper,
        Map<Integer, Double> classMix,
        Double noise,
        Double darkness,
        Double traffic,
        NewDevice newDevice) {
    /** 120 dB: beyond it no channel changes. */
    private static final double MOST_GAIN = 1e12;

    /** Of it every pixel is black or white. */
    private static final double MOST_NOISE = 1e3;

    public Happening {
        Checks.nonNegative("at", at);
        List<String> changes = new ArrayList<>();
        add(changes, "down", down);
        add(changes, "off", off);
        add(changes, "gainFactor", gainFactor);
        add(changes, "eavesdropper", eavesdropper);
        add(changes, "classMix", classMix);
        add(changes, "noise", noise);
        add(changes, "darkness", darkness);
        add(changes, "traffic", traffic);
        add(changes, "newDevice", newDevice);
        if (changes.size() != 1) {
            throw new IllegalArgumentException(
                    "at " + at + " s " + (changes.isEmpty() ? "nothing" : String.join(" and ", changes))
                            + " happens; expected one of: down, off, gainFactor, eavesdropper, classMix, noise, darkness, traffic, newDevice");
        }
        checkWhom(changes.get(0), node, device, devices);
        atMost("gainFactor", gainFactor, MOST_GAIN);
        atMost("eavesdropper", eavesdropper, MOST_GAIN);
        atMost("noise", noise, MOST_NOISE);
        nonNegative("traffic", traffic);
        if (darkness != null) {
            Checks.within("darkness", darkness, 0, 1);
        }
        classMix = classMix == null ? null : checkedMix(classMix);
    }

    private static void add(List<String> changes, String name, Object value) {
        if (value != null) {
            changes.add(name);
        }
    }

    private static void checkWhom(String change, String node, String device, Whom devices) {
        boolean needsNode = change.equals("down");
        boolean needsNobody = change.equals("newDevice");
        boolean mayBeAll = change.equals("eavesdropper");
        if (needsNode == (node == null)) {
            throw new IllegalArgumentException(
                    needsNode ? "down: the node is missing" : change + " concerns devices; node is " + node);
        }
        boolean some = device != null || devices != null;
        if (device != null && devices != null) {
            throw new IllegalArgumentException(change + " has device and devices; expected one of the two");
        }
        if (some && (needsNode || needsNobody) || !some && !needsNode && !needsNobody && !mayBeAll) {
            throw new IllegalArgumentException(
                    change + (some ? " concerns no devices" : ": device or devices is missing"));
        }
    }

    private static void nonNegative(String name, Double value) {
        if (value != null) {
            Checks.nonNegative(name, value);
        }
    }

    private static void atMost(String name, Double value, double most) {
        if (value != null) {
            Checks.within(name, value, 0, most);
        }
    }

    private static Map<Integer, Double> checkedMix(Map<Integer, Double> mix) {
        double sum = 0;
        for (Map.Entry<Integer, Double> entry : mix.entrySet()) {
            Checks.nonNegative("class", entry.getKey());
            sum += Checks.nonNegative("weight of class " + entry.getKey(), Checks.present("weight", entry.getValue()));
        }
        Checks.positive("sum of the weights of classMix", sum);
        return Map.copyOf(mix);
    }

    /** Whether it concerns the device of this id. */
    @JsonIgnore
    public boolean concerns(String id) {
        return device != null
                ? device.equals(id)
                : devices == null || devices.isAll() || devices.ids().contains(id);
    }

    /** The ids named. */
    @JsonIgnore
    List<String> named() {
        return device != null ? List.of(device) : devices == null || devices.isAll() ? List.of() : devices.ids();
    }

    /** In words. */
    @JsonIgnore
    public String words() {
        String whom = device != null
                ? device
                : devices == null || devices.isAll() ? "all devices" : String.join(", ", devices.ids());
        if (down != null) {
            return node + (down ? " down" : " up");
        }
        if (off != null) {
            return whom + (off ? " off" : " on");
        }
        if (newDevice != null) {
            return "new device " + newDevice.id();
        }
        Object value = gainFactor != null
                ? "gain × " + gainFactor
                : eavesdropper != null
                        ? "eavesdropper × " + eavesdropper
                        : classMix != null
                                ? "other class mix"
                                : noise != null
                                        ? "noise " + noise
                                        : darkness != null ? "darkness " + darkness : "traffic × " + traffic;
        return whom + ": " + value;
    }

    /**
     * A device that joins: one that sees, sends and is heard as another does.
     *
     * @param like the id of the other
     * @param id its own
     */
    public record NewDevice(String like, String id) {
        public NewDevice {
            Checks.notBlank("like", like);
            Checks.notBlank("id", id);
        }
    }
}
