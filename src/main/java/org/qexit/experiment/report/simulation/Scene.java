package org.qexit.experiment.report.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.scenario.Places;

/**
 * Where nodes and devices stand in a drawing: on a map where their places are known, the same scale to the east and to the north; otherwise in
 * a scheme, the devices around the node that the reference plan places them at.
 *
 * @param width of the drawing
 * @param height of the drawing
 * @param nodes in the order of the result
 * @param devices those that are drawn, in the order of the result
 * @param eavesdropper on a map, else null
 * @param metresPerUnit of a map, else null
 */
record Scene(
        double width,
        double height,
        List<Spot> nodes,
        List<Spot> devices,
        Spot eavesdropper,
        Double eavesdropperMetres,
        Double metresPerUnit) {
    private static final double WIDTH = 900;
    private static final double MARGIN = 64;
    private static final double CELL = 260;

    /** A map is at least this high for its width, and at most as high as wide. */
    private static final double FLATTEST = 0.45;

    /** Devices at one place stand so far apart: there is room for their names. */
    private static final double APART = 64;

    /** A place in the drawing, from its upper left corner. */
    record Spot(double x, double y) {}

    /** Of a result's first {@code most} devices. */
    static Scene of(SimulationResult result, int most) {
        List<String> nodes =
                result.nodes().stream().map(SimulationResult.Node::id).toList();
        List<SimulationResult.Device> devices =
                result.devices().stream().limit(most).toList();
        List<String> ids = devices.stream().map(SimulationResult.Device::id).toList();
        return known(result.places(), nodes, ids)
                ? map(result.places(), nodes, ids)
                : scheme(
                        nodes,
                        devices.stream().map(SimulationResult.Device::node).toList());
    }

    boolean isMap() {
        return metresPerUnit != null;
    }

    private static boolean known(Places places, List<String> nodes, List<String> devices) {
        return places != null
                && byId(places.nodes()).keySet().containsAll(nodes)
                && byId(places.devices()).keySet().containsAll(devices);
    }

    private static Map<String, Places.Place> byId(List<Places.Place> places) {
        Map<String, Places.Place> byId = new HashMap<>();
        places.forEach(place -> byId.put(place.id(), place));
        return byId;
    }

    private static Scene map(Places places, List<String> nodes, List<String> devices) {
        Map<String, Places.Place> nodePlaces = byId(places.nodes());
        Map<String, Places.Place> devicePlaces = byId(places.devices());
        List<Places.Place> all = Stream.concat(
                        nodes.stream().map(nodePlaces::get), devices.stream().map(devicePlaces::get))
                .toList();
        double west = all.stream().mapToDouble(Places.Place::xMetres).min().orElse(0);
        double east = all.stream().mapToDouble(Places.Place::xMetres).max().orElse(0);
        double south = all.stream().mapToDouble(Places.Place::yMetres).min().orElse(0);
        double north = all.stream().mapToDouble(Places.Place::yMetres).max().orElse(0);
        double inner = WIDTH - 2 * MARGIN;
        double metres = Math.max(1e-3, Math.max(east - west, north - south)) / inner;
        double height = Math.max((north - south) / metres, FLATTEST * inner) + 2 * MARGIN;
        double left = WIDTH / 2 - (east + west) / 2 / metres;
        double top = height / 2 + (north + south) / 2 / metres;
        Set<List<Long>> taken = new HashSet<>();
        List<Spot> spots = new ArrayList<>();
        for (Places.Place place : all) {
            double x = left + place.xMetres() / metres;
            double y = top - place.yMetres() / metres;
            while (!taken.add(List.of(Math.round(x), Math.round(y)))) {
                x += APART;
            }
            spots.add(new Spot(x, y));
        }
        Places.Place listener = places.eavesdropper();
        Spot seen = null;
        Double off = null;
        if (listener != null) {
            double x = left + listener.xMetres() / metres;
            double y = top - listener.yMetres() / metres;
            seen = new Spot(
                    Math.min(WIDTH - MARGIN / 2, Math.max(MARGIN / 2, x)),
                    Math.min(height - MARGIN / 2, Math.max(MARGIN / 2, y)));
            double beyond = Math.hypot(x - seen.x(), y - seen.y()) * metres;
            off = beyond < 1e-9 ? 0.0 : beyond;
        }
        return new Scene(
                WIDTH,
                height,
                spots.subList(0, nodes.size()),
                spots.subList(nodes.size(), spots.size()),
                seen,
                off,
                metres);
    }

    private static Scene scheme(List<String> nodes, List<String> nodeOf) {
        Map<String, List<Integer>> around = new LinkedHashMap<>();
        nodes.forEach(node -> around.put(node, new ArrayList<>()));
        List<Integer> nowhere = new ArrayList<>();
        for (int n = 0; n < nodeOf.size(); n++) {
            around.getOrDefault(nodeOf.get(n), nowhere).add(n);
        }
        int cells = nodes.size() + (nowhere.isEmpty() ? 0 : 1);
        int columns = Math.max(1, (int) Math.ceil(Math.sqrt(cells)));
        int rows = (cells + columns - 1) / columns;
        Spot[] devices = new Spot[nodeOf.size()];
        List<Spot> centres = new ArrayList<>();
        List<List<Integer>> all = new ArrayList<>(around.values());
        all.add(nowhere);
        for (int cell = 0; cell < cells; cell++) {
            Spot centre = new Spot((cell % columns + 0.5) * CELL, (cell / columns + 0.5) * CELL);
            centres.add(centre);
            ring(centre, all.get(cell), devices);
        }
        return new Scene(
                columns * CELL, rows * CELL, centres.subList(0, nodes.size()), List.of(devices), null, null, null);
    }

    /** Many devices stand in several rings. */
    private static void ring(Spot centre, List<Integer> around, Spot[] devices) {
        for (int i = 0; i < around.size(); i++) {
            double angle = 2 * Math.PI * i / around.size() - Math.PI / 2;
            double reach = around.size() > 40 ? 60 + 50.0 * (i % 5) / 4 : 86;
            devices[around.get(i)] =
                    new Spot(centre.x() + reach * Math.cos(angle), centre.y() + reach * Math.sin(angle));
        }
    }
}
