package org.qexit.experiment.report;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each name stands beside its mark on the map: the first of below, above, right, left that covers least of the marks
 * and of the names placed before. O((marks + names)²), with sizes in pixels of a map on a telephone; on wider ones
 * names have more room.
 */
final class MapLabels {
    private static final double MAP_WIDTH = 260;
    private static final double NODE_RADIUS = 14;
    private static final double DEVICE_RADIUS = 9;
    private static final double CHARACTER = 7;
    /** Longer names are cut. */
    private static final double MAX_WIDTH = 110;

    private static final double HEIGHT = 13;
    private static final double[][] SIDES = {{0, 1}, {0, -1}, {1, 0}, {-1, 0}};

    private final Map<Object, Map<String, Object>> labels = new IdentityHashMap<>();
    private final List<double[]> taken = new ArrayList<>();

    private MapLabels() {}

    /** @param frame with xDomain and yDomain, in metres */
    static MapLabels place(ReportData data, Map<String, Object> frame) {
        List<?> xs = (List<?>) frame.get("xDomain");
        List<?> ys = (List<?>) frame.get("yDomain");
        double left = (Double) xs.get(0);
        double top = (Double) ys.get(1);
        double scale = MAP_WIDTH / ((Double) xs.get(1) - left);
        MapLabels map = new MapLabels();
        data.cell()
                .nodes()
                .forEach(n -> map.mark((n.xMetres() - left) * scale, (top - n.yMetres()) * scale, NODE_RADIUS));
        data.cell()
                .devices()
                .forEach(d -> map.mark((d.xMetres() - left) * scale, (top - d.yMetres()) * scale, DEVICE_RADIUS));
        data.cell()
                .nodes()
                .forEach(n ->
                        map.name(n, n.id(), (n.xMetres() - left) * scale, (top - n.yMetres()) * scale, NODE_RADIUS));
        data.cell()
                .devices()
                .forEach(d ->
                        map.name(d, d.id(), (d.xMetres() - left) * scale, (top - d.yMetres()) * scale, DEVICE_RADIUS));
        return map;
    }

    /** Offsets and alignment of the name of a node or device. */
    Map<String, Object> of(Object row) {
        return labels.get(row);
    }

    private void mark(double x, double y, double radius) {
        taken.add(new double[] {x - radius, y - radius, x + radius, y + radius});
    }

    private void name(Object row, String name, double x, double y, double radius) {
        double width = Math.min(MAX_WIDTH, CHARACTER * name.length());
        double[] best = null;
        double least = Double.POSITIVE_INFINITY;
        double[] bestSide = SIDES[0];
        for (double[] side : SIDES) {
            double cx = x + side[0] * (radius + 3 + width / 2);
            double cy = y + side[1] * (radius + 1 + HEIGHT / 2);
            double[] box = {cx - width / 2, cy - HEIGHT / 2, cx + width / 2, cy + HEIGHT / 2};
            double outside = Math.max(0, -box[0]) + Math.max(0, box[2] - MAP_WIDTH);
            double cost = HEIGHT * outside
                    + taken.stream().mapToDouble(t -> overlap(t, box)).sum();
            if (cost < least) {
                least = cost;
                best = box;
                bestSide = side;
            }
        }
        taken.add(best);
        labels.put(
                row,
                Page.row(
                        "dx",
                        bestSide[0] * (radius + 3),
                        "dy",
                        bestSide[1] * (radius + 1 + HEIGHT / 2),
                        "align",
                        bestSide[0] > 0 ? "left" : bestSide[0] < 0 ? "right" : "center"));
    }

    private static double overlap(double[] a, double[] b) {
        double width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
        double height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
        return width > 0 && height > 0 ? width * height : 0;
    }
}
