package org.qexit.experiment.report.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.common.Json;
import org.qexit.experiment.report.Markup;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.result.SimulationResult.DeviceSeries;
import org.qexit.tier.result.SimulationResult.NodeSeries;
import org.qexit.tier.scenario.Happening;

/**
 * A drawing of nodes and devices that is played back bin by bin: devices by the share of critical events that was answered, nodes by their load,
 * with the links between them and what fails. It shows the {@link Scene} that the result allows: a map, or a scheme.
 */
final class Playback {
    private static final int MOST_DEVICES = 400;

    /** Of more devices than this the names stand in no drawing, but where the pointer rests. */
    private static final int MOST_NAMES = 24;

    private static final int MANY = 100;
    private static final double NODE = 40;

    private final SimulationResult result;
    private final List<DeviceSeries> devices;
    private final Scene scene;
    private final int bins;

    Playback(SimulationResult result) {
        this.result = result;
        this.devices = result.timeline().devices().stream().limit(MOST_DEVICES).toList();
        this.scene = Scene.of(result, MOST_DEVICES);
        this.bins = result.timeline().meanDelaySeconds().size();
    }

    Markup markup() {
        String player = "<div class=\"player\"><button id=\"playback-play\" type=\"button\">Play</button>"
                + "<input id=\"playback-bin\" type=\"range\" min=\"0\" max=\"" + Math.max(0, bins - 1)
                + "\" value=\"0\" aria-label=\"time\"><output id=\"playback-time\" for=\"playback-bin\"></output></div>";
        return Markup.join(
                Markup.trusted(player),
                marks(),
                Markup.trusted(
                        "<figure class=\"playback\" id=\"playback-figure\" tabindex=\"0\" aria-label=\"the system over time; space"
                                + " plays, arrow keys step\">" + drawing() + "</figure>"),
                Markup.trusted(KEY),
                Markup.caption(about()),
                Markup.trusted("<script type=\"application/json\" id=\"playback-data\">" + data() + "</script>"));
    }

    private String about() {
        return (scene.isMap()
                        ? "A map of the fleet, east to the right and north at the top. "
                        : "A scheme, not a map, as the places are not known: around each node the devices that the reference plan"
                                + " places there. ")
                + "Counts are of all replications, links those of the first. "
                + "Once the drawing is chosen, space plays and pauses, and the arrow keys step."
                + (devices.size() < result.timeline().devices().size()
                        ? " Only the first " + MOST_DEVICES + " devices are drawn."
                        : "");
    }

    private static final String KEY = "<ul class=\"key\">"
            + key("<circle cx=\"7\" cy=\"7\" r=\"6\" fill=\"#0072b2\"/>", "all critical events answered in time")
            + key("<circle cx=\"7\" cy=\"7\" r=\"6\" fill=\"#c4c4c4\"/>", "half of them")
            + key("<circle cx=\"7\" cy=\"7\" r=\"6\" fill=\"#d55e00\"/>", "none")
            + key("<circle cx=\"7\" cy=\"7\" r=\"6\" class=\"device\"/>", "none came")
            + key("<circle cx=\"7\" cy=\"7\" r=\"6\" class=\"failures\" style=\"opacity:1\"/>", "events lost or late")
            + key("<circle cx=\"7\" cy=\"7\" r=\"6\" class=\"device off\"/>", "device off")
            + key(
                    "<rect x=\"1\" y=\"0\" width=\"13\" height=\"13\" class=\"node\"/>"
                            + "<rect x=\"1\" y=\"5\" width=\"13\" height=\"8\" class=\"load\"/>",
                    "node, filled with its load")
            + key(
                    "<rect x=\"1\" y=\"0\" width=\"13\" height=\"13\" class=\"node down\"/>"
                            + "<path d=\"M1 0l13 13m0 -13l-13 13\" class=\"cross\" style=\"display:inline;stroke-width:2\"/>",
                    "node down")
            + "</ul>";

    private static String key(String mark, String words) {
        return "<li><svg viewBox=\"0 0 20 14\" class=\"scene\" aria-hidden=\"true\">" + mark + "</svg>" + words
                + "</li>";
    }

    /** What happens, as buttons that go there. */
    private Markup marks() {
        if (result.happens().isEmpty()) {
            return Markup.NOTHING;
        }
        List<Markup> buttons = new ArrayList<>();
        for (Happening one : result.happens().stream().limit(MOST_NAMES).toList()) {
            buttons.add(Markup.tag(
                    "button",
                    "type=\"button\" data-bin=\"" + bin(one.at()) + "\"",
                    Markup.text(SimulationPage.number(one.at()) + " s: " + one.words())));
        }
        return Markup.tag("div", "class=\"marks\"", Markup.join(buttons));
    }

    private int bin(double seconds) {
        return Math.min(bins - 1, (int) (seconds / result.timeline().binSeconds()));
    }

    private String data() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("binSeconds", result.timeline().binSeconds());
        data.put("nodeSize", NODE);
        List<Object> nodes = new ArrayList<>();
        for (int j = 0; j < result.timeline().nodes().size(); j++) {
            nodes.add(node(result.timeline().nodes().get(j), scene.nodes().get(j)));
        }
        data.put("nodes", nodes);
        data.put("devices", devices.stream().map(this::device).toList());
        List<Object> happens = new ArrayList<>();
        for (Happening one : result.happens()) {
            happens.add(Map.of("bin", bin(one.at()), "words", one.words()));
        }
        data.put("happens", happens);
        return Json.compact(data)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private Map<String, Object> node(NodeSeries node, Scene.Spot at) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", node.id());
        data.put("x", rounded(at.x()));
        data.put("y", rounded(at.y()));
        data.put("load", node.utilisation().stream().map(Playback::rounded).toList());
        StringBuilder state = new StringBuilder();
        for (int bin = 0; bin < bins; bin++) {
            state.append(isDown(node.id(), bin) ? 'd' : 'u');
        }
        data.put("state", state.toString());
        return data;
    }

    private Map<String, Object> device(DeviceSeries device) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", device.id());
        data.put("events", device.events());
        data.put("critical", device.critical());
        data.put("found", device.found());
        data.put("lost", device.lost());
        data.put("late", device.missed());
        data.put("node", nodes(device));
        StringBuilder state = new StringBuilder();
        for (int bin = 0; bin < bins; bin++) {
            state.append(joined(device.id()) > middle(bin) ? '-' : isOff(device.id(), bin) ? 'o' : 'w');
        }
        data.put("state", state.toString());
        return data;
    }

    /** Number of the device's node in every bin, -1 for none. */
    private List<Integer> nodes(DeviceSeries device) {
        List<String> ids =
                result.timeline().nodes().stream().map(NodeSeries::id).toList();
        List<Integer> nodes = new ArrayList<>();
        int now = -1;
        int next = 0;
        for (int bin = 0; bin < bins; bin++) {
            while (next < device.moves().size() && device.moves().get(next).atSeconds() <= middle(bin)) {
                now = ids.indexOf(device.moves().get(next++).node());
            }
            nodes.add(now);
        }
        return nodes;
    }

    /** A bin shows what holds in its middle. */
    private double middle(int bin) {
        return (bin + 0.5) * result.timeline().binSeconds();
    }

    private boolean isDown(String node, int bin) {
        boolean down = false;
        for (Happening one : result.happens()) {
            if (one.down() != null && one.node().equals(node) && one.at() <= middle(bin)) {
                down = one.down();
            }
        }
        return down;
    }

    private boolean isOff(String device, int bin) {
        boolean off = false;
        for (Happening one : result.happens()) {
            if (one.off() != null && one.concerns(device) && one.at() <= middle(bin)) {
                off = one.off();
            }
        }
        return off;
    }

    private double joined(String device) {
        return result.happens().stream()
                .filter(one -> one.newDevice() != null && one.newDevice().id().equals(device))
                .mapToDouble(Happening::at)
                .findFirst()
                .orElse(0);
    }

    private static Double rounded(Double value) {
        return value == null ? null : (Double) (Math.round(1000 * value) / 1000.0);
    }

    private String drawing() {
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg class=\"scene\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">",
                scene.width(),
                scene.height(),
                scene.isMap() ? "map of nodes and devices" : "nodes and their devices"));
        for (int i = 0; i < devices.size(); i++) {
            Scene.Spot at = scene.devices().get(i);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line id=\"pl%d\" class=\"link gone\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                    i,
                    at.x(),
                    at.y(),
                    at.x(),
                    at.y()));
        }
        eavesdropper(svg);
        for (int j = 0; j < scene.nodes().size(); j++) {
            node(svg, j, result.timeline().nodes().get(j).id(), scene.nodes().get(j));
        }
        for (int i = 0; i < devices.size(); i++) {
            device(svg, i, devices.get(i).id(), scene.devices().get(i));
        }
        scaleBar(svg);
        return svg.append("</svg>").toString();
    }

    private static void node(StringBuilder svg, int j, String id, Scene.Spot at) {
        double left = at.x() - NODE / 2;
        double top = at.y() - NODE / 2;
        svg.append(String.format(
                Locale.ROOT,
                "<rect id=\"pn%d\" class=\"node\" x=\"%.1f\" y=\"%.1f\" width=\"%.0f\" height=\"%.0f\"><title></title></rect>"
                        + "<rect id=\"pw%d\" class=\"load\" x=\"%.1f\" y=\"%.1f\" width=\"%.0f\" height=\"0\"/>"
                        + "<path id=\"px%d\" class=\"cross\" d=\"M%.1f %.1fl%.0f %.0fm0 -%.0fl-%.0f %.0f\"/>",
                j,
                left,
                top,
                NODE,
                NODE,
                j,
                left + 2,
                top + NODE,
                NODE - 4,
                j,
                left,
                top,
                NODE,
                NODE,
                NODE,
                NODE,
                NODE));
        text(svg, "", at.x(), at.y() - NODE / 2 - 6, id);
    }

    private void device(StringBuilder svg, int i, String id, Scene.Spot at) {
        double radius = devices.size() <= MOST_NAMES ? 11 : devices.size() <= MANY ? 7 : 4;
        svg.append(String.format(
                Locale.ROOT,
                "<circle id=\"pd%d\" class=\"device\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.0f\"><title>",
                i,
                at.x(),
                at.y(),
                radius));
        svg.append(Markup.text(id).html()).append("</title></circle>");
        svg.append(String.format(
                Locale.ROOT,
                "<circle id=\"pf%d\" class=\"failures\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.0f\"/>",
                i,
                at.x(),
                at.y(),
                radius + 4));
        if (devices.size() <= MOST_NAMES) {
            text(svg, "id=\"pt" + i + "\"", at.x(), at.y() + radius, id);
        }
    }

    private void eavesdropper(StringBuilder svg) {
        Scene.Spot at = scene.eavesdropper();
        if (at == null) {
            return;
        }
        svg.append(String.format(
                Locale.ROOT, "<path d=\"M%.1f %.1fl9 16h-18z\" fill=\"none\" class=\"scale\"/>", at.x(), at.y() - 10));
        double beyond = scene.eavesdropperMetres();
        boolean right = at.x() > scene.width() / 2;
        svg.append(String.format(
                Locale.ROOT,
                "<text class=\"soft-text\" style=\"text-anchor:%s\" x=\"%.1f\" y=\"%.1f\">",
                right ? "end" : "start",
                at.x() + (right ? -14 : 14),
                at.y() + 6));
        svg.append(
                        beyond == 0
                                ? "eavesdropper"
                                : "eavesdropper, " + SimulationPage.number((double) Math.round(beyond))
                                        + " m further out")
                .append("</text>");
    }

    /** A round length of about a fifth of the map. */
    private void scaleBar(StringBuilder svg) {
        if (!scene.isMap()) {
            return;
        }
        double about = scene.width() / 5 * scene.metresPerUnit();
        double power = Math.pow(10, Math.floor(Math.log10(about)));
        double lead = about / power;
        double metres = power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
        double length = metres / scene.metresPerUnit();
        double y = scene.height() - 14;
        svg.append(String.format(
                Locale.ROOT, "<path class=\"scale\" fill=\"none\" d=\"M16 %.1fv6h%.1fv-6\"/>", y - 6, length));
        svg.append(String.format(
                Locale.ROOT,
                "<text class=\"soft-text\" style=\"text-anchor:start\" x=\"%.1f\" y=\"%.1f\">%s m</text>",
                24 + length,
                y + 2,
                SimulationPage.number(metres)));
    }

    /** {@code y} is the bottom of what the text stands under or the base line of what stands above. */
    private static void text(StringBuilder svg, String attributes, double x, double y, String words) {
        svg.append(String.format(
                        Locale.ROOT,
                        attributes.isEmpty()
                                ? "<text x=\"%.1f\" y=\"%.1f\">"
                                : "<text " + attributes + " dy=\"1.2em\" x=\"%.1f\" y=\"%.1f\">",
                        x,
                        y))
                .append(Markup.text(words).html())
                .append("</text>");
    }
}
