package org.qexit.experiment.tabular;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Hyperparameters of a fit.
 *
 * @param values by name, in order
 */
public record Point(Map<String, String> values) {
    public Point {
        values = new LinkedHashMap<>(values);
    }

    /** All combinations; the last name varies fastest. */
    static List<Point> grid(Map<String, List<String>> axes) {
        List<Map<String, String>> points = List.of(Map.of());
        for (Map.Entry<String, List<String>> axis : axes.entrySet()) {
            List<Map<String, String>> more = new ArrayList<>();
            for (Map<String, String> point : points) {
                for (String value : axis.getValue()) {
                    Map<String, String> next = new LinkedHashMap<>(point);
                    next.put(axis.getKey(), value);
                    more.add(next);
                }
            }
            points = more;
        }
        return points.stream().map(Point::new).toList();
    }

    double number(String name) {
        return Double.parseDouble(values.get(name));
    }

    int count(String name) {
        return Integer.parseInt(values.get(name));
    }

    String text(String name) {
        return values.get(name);
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(";"));
    }
}
