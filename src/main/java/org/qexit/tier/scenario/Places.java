package org.qexit.tier.scenario;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.qexit.common.Checks;

/**
 * Where a fleet is, on a plane.
 *
 * @param nodes ids distinct
 * @param devices ids distinct
 * @param eavesdropper who listens, or null
 */
public record Places(List<Place> nodes, List<Place> devices, Place eavesdropper) {
    public Places {
        nodes = distinct("nodes", nodes);
        devices = distinct("devices", devices);
    }

    private static List<Place> distinct(String list, List<Place> places) {
        Set<String> ids = new HashSet<>();
        for (Place place : Checks.present(list, places)) {
            if (!ids.add(place.id())) {
                throw new IllegalArgumentException("places." + list + ": '" + place.id() + "' is listed twice");
            }
        }
        return List.copyOf(places);
    }

    /**
     * One of them.
     *
     * @param id of the node or device
     * @param xMetres to the east
     * @param yMetres to the north
     */
    public record Place(String id, double xMetres, double yMetres) {
        /** Further off nothing can be told apart on a map. */
        private static final double MOST_METRES = 1e9;

        public Place {
            Checks.notBlank("places.id", id);
            Checks.within("xMetres", xMetres, -MOST_METRES, MOST_METRES);
            Checks.within("yMetres", yMetres, -MOST_METRES, MOST_METRES);
        }
    }

    /** With the devices that join, each where the one is that it is like. */
    Places withNew(List<Happening> happens) {
        List<Place> all = new ArrayList<>(devices);
        for (Happening one : happens) {
            if (one.newDevice() != null) {
                devices.stream()
                        .filter(place -> place.id().equals(one.newDevice().like()))
                        .findFirst()
                        .ifPresent(place -> all.add(new Place(one.newDevice().id(), place.xMetres(), place.yMetres())));
            }
        }
        return new Places(nodes, all, eavesdropper);
    }
}
