package org.qexit.experiment.scenario;

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

/**
 * A drawing of nodes with their devices around them that is played back bin by bin: devices by the share of critical events that was answered,
 * nodes by their load. A fleet says nothing of places, so the drawing is a scheme.
 */
final class Playback {
    private static final int MOST_DEVICES = 400;
    private static final double CELL = 240;

    /** Reads its data from the page; without it the drawing shows the first bin. */
    private static final String SCRIPT = """
            (function () {
              var data = JSON.parse(document.getElementById('playback-data').textContent);
              var slider = document.getElementById('playback-bin');
              var label = document.getElementById('playback-time');
              var button = document.getElementById('playback-play');
              var timer = null;
              function colour(share) {
                return share === null ? '#bbbbbb' : 'hsl(' + Math.round(10 + 200 * share) + ',70%,45%)';
              }
              function show(bin) {
                data.devices.forEach(function (shares, i) {
                  document.getElementById('pd' + i).setAttribute('fill', colour(shares[bin]));
                });
                data.nodes.forEach(function (loads, i) {
                  var load = loads[bin] === null ? 0 : loads[bin];
                  document.getElementById('pn' + i).setAttribute('r', (6 + 30 * Math.min(1, load)).toFixed(1));
                });
                label.textContent = Math.round(bin * data.binSeconds) + ' to ' + Math.round((bin + 1) * data.binSeconds) + ' s';
              }
              function stop() {
                clearInterval(timer);
                timer = null;
                button.textContent = 'Play';
              }
              slider.addEventListener('input', function () { show(Number(slider.value)); });
              button.addEventListener('click', function () {
                if (timer !== null) { stop(); return; }
                if (Number(slider.value) === Number(slider.max)) { slider.value = 0; }
                button.textContent = 'Pause';
                timer = setInterval(function () {
                  slider.value = Number(slider.value) + 1;
                  show(Number(slider.value));
                  if (Number(slider.value) === Number(slider.max)) { stop(); }
                }, 200);
              });
              show(0);
            })();
            """;

    private final SimulationResult result;
    private final List<DeviceSeries> devices;

    Playback(SimulationResult result) {
        this.result = result;
        this.devices = result.timeline().devices().stream().limit(MOST_DEVICES).toList();
    }

    String script() {
        return SCRIPT;
    }

    Markup markup() {
        int bins = result.timeline().meanDelaySeconds().size();
        String controls = "<p><button id=\"playback-play\" type=\"button\">Play</button> "
                + "<input id=\"playback-bin\" type=\"range\" min=\"0\" max=\"" + Math.max(0, bins - 1)
                + "\" value=\"0\" aria-label=\"time\"> <span id=\"playback-time\"></span></p>";
        return Markup.join(
                Markup.trusted(controls),
                Markup.trusted("<figure class=\"plot\">" + drawing() + "</figure>"),
                Markup.caption(
                        "A scheme, not a map of places: around each node the devices that the reference plan places there. Blue"
                                + " devices had all critical events of the time answered, red ones none, grey ones met none; a node's disc grows"
                                + " with its load, up to the ring."
                                + (devices.size() < result.timeline().devices().size()
                                        ? " Only the first " + MOST_DEVICES + " devices are drawn."
                                        : "")),
                Markup.trusted("<script type=\"application/json\" id=\"playback-data\">" + data() + "</script>"));
    }

    private String data() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("binSeconds", result.timeline().binSeconds());
        data.put("devices", devices.stream().map(Playback::shares).toList());
        data.put(
                "nodes",
                result.timeline().nodes().stream()
                        .map(NodeSeries::utilisation)
                        .map(ArrayList::new)
                        .toList());
        return Json.compact(data).replace("<", "\\u003c").replace("&", "\\u0026");
    }

    private static List<Double> shares(DeviceSeries device) {
        List<Double> shares = new ArrayList<>();
        for (int bin = 0; bin < device.critical().size(); bin++) {
            long critical = device.critical().get(bin);
            shares.add(
                    critical == 0
                            ? null
                            : (Double) (Math.round(1000.0 * device.found().get(bin) / critical) / 1000.0));
        }
        return shares;
    }

    private String drawing() {
        List<NodeSeries> nodes = result.timeline().nodes();
        int columns = Math.max(1, (int) Math.ceil(Math.sqrt(nodes.size() + 1.0)));
        Map<String, String> places = new LinkedHashMap<>();
        result.devices().forEach(device -> places.put(device.id(), device.node()));
        StringBuilder svg = new StringBuilder();
        int cells = nodes.size();
        for (int j = 0; j < nodes.size(); j++) {
            String id = nodes.get(j).id();
            cell(svg, j, columns, id, j, devicesAt(places, id));
        }
        List<Integer> nowhere = devicesAt(places, null);
        if (!nowhere.isEmpty()) {
            cell(svg, cells++, columns, "no node", -1, nowhere);
        }
        int rows = (cells + columns - 1) / columns;
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" role=\"img\""
                                + " aria-label=\"nodes and their devices\" font-family=\"sans-serif\" font-size=\"11\">",
                        columns * CELL,
                        rows * CELL,
                        columns * CELL)
                + svg + "</svg>";
    }

    private List<Integer> devicesAt(Map<String, String> places, String node) {
        List<String> known =
                result.timeline().nodes().stream().map(NodeSeries::id).toList();
        List<Integer> found = new ArrayList<>();
        for (int n = 0; n < devices.size(); n++) {
            String place = places.get(devices.get(n).id());
            if (node == null ? place == null || !known.contains(place) : node.equals(place)) {
                found.add(n);
            }
        }
        return found;
    }

    private void cell(StringBuilder svg, int at, int columns, String name, int node, List<Integer> around) {
        double x = (at % columns + 0.5) * CELL;
        double y = (at / columns + 0.5) * CELL;
        if (node >= 0) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"36\" fill=\"none\" stroke=\"#999\"/>"
                            + "<circle id=\"pn%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\" fill=\"#56B4E9\"/>",
                    x,
                    y,
                    node,
                    x,
                    y));
        }
        svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">", x, y + 4))
                .append(Markup.text(name).html())
                .append("</text>");
        double radius = around.size() > 24 ? 4 : 9;
        for (int i = 0; i < around.size(); i++) {
            double angle = 2 * Math.PI * i / around.size() - Math.PI / 2;
            double reach = around.size() > 60 ? 60 + 40.0 * (i % 5) / 4 : 80;
            svg.append(String.format(
                            Locale.ROOT,
                            "<circle id=\"pd%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.0f\" fill=\"#bbbbbb\"><title>",
                            around.get(i),
                            x + reach * Math.cos(angle),
                            y + reach * Math.sin(angle),
                            radius))
                    .append(Markup.text(devices.get(around.get(i)).id()).html())
                    .append("</title></circle>");
            if (around.size() <= 24) {
                svg.append(String.format(
                                Locale.ROOT,
                                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">",
                                x + reach * Math.cos(angle),
                                y + reach * Math.sin(angle) + 22))
                        .append(Markup.text(devices.get(around.get(i)).id()).html())
                        .append("</text>");
            }
        }
    }
}
