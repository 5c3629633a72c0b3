package org.qexit.experiment.report.simulation;

import static org.qexit.experiment.report.Markup.tag;
import static org.qexit.experiment.report.Markup.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.experiment.report.Markup;
import org.qexit.experiment.report.ReportData;
import org.qexit.experiment.report.Table;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.result.SimulationResult.Device;
import org.qexit.tier.result.SimulationResult.Node;
import org.qexit.tier.result.SimulationResult.Rates;
import org.qexit.tier.result.SimulationResult.Variant;

/** A run's plans put to the test of time, as a section of its report: promised against happened for every plan, device by device. */
public final class SimulationSection {
    private static final Rates NO_RATES = new Rates(null, null, null, null);

    private SimulationSection() {}

    /**
     * The section.
     *
     * @param model whose plans they are
     * @param page the simulation's own page, relative to the report
     */
    public static ReportData.Section of(SimulationResult result, String model, String page) {
        List<Markup> parts = new ArrayList<>();
        parts.add(tag("p", "class=\"lead\"", lead(result, model, page)));
        parts.add(plans(result));
        parts.add(
                Markup.caption(
                        "What a plan promises it promises on the events that it was made with; what happened is of fresh events, in"
                                + " queues, with chance. <b>Answered</b>: critical events that a node answered in time, the mean over the"
                                + " devices with its 95 % interval over the replications. <b>Late</b>: of the events offloaded."));
        for (Variant variant : result.variants()) {
            parts.add(details(result, variant));
        }
        return new ReportData.Section(
                "simulation", "What becomes of the plans in time", card(result), Markup.join(parts));
    }

    private static Markup card(SimulationResult result) {
        Variant reference = result.variants().get(0);
        MeanInterval utility = reference.figures().utility();
        List<Device> devices = result.devices();
        return tag(
                "div",
                "class=\"card\"",
                tag("h3", text("In time"), tag("span", text("simulated, " + reference.plan() + " plan"))),
                tag(
                        "p",
                        "class=\"big\"",
                        text(utility == null ? SimulationPage.UNDEFINED : SimulationPage.percent(utility.mean()))),
                tag(
                        "p",
                        "class=\"sub\"",
                        text("of critical events answered in time, mean of devices; promised "
                                + SimulationPage.percent(mean(devices)).replace(' ', '\u00a0'))),
                tag(
                        "dl",
                        tag("dt", text("Lost")),
                        tag("dd", text(share(devices, Device::lost, Device::events))),
                        tag("dt", text("Late, of those offloaded")),
                        tag("dd", text(share(devices, Device::missedDeadlines, Device::offloads))),
                        tag("dt", text("Σ ρ ln U, promised")),
                        tag("dd", text(SimulationPage.number(result.system().promisedLogUtility()))),
                        tag("dt", text("Σ ρ ln U, happened")),
                        tag("dd", text(happened(result.system())))));
    }

    private static Markup lead(SimulationResult result, String model, String page) {
        long events = result.devices().stream().mapToLong(Device::events).sum();
        return Markup.join(
                text(String.format(
                        Locale.ROOT,
                        "The plans of model %s over %s s, %d times: %,d events counted, after a warm-up of %s s. ",
                        model,
                        SimulationPage.number(result.time().horizonSeconds()),
                        result.replications(),
                        events,
                        SimulationPage.number(result.time().warmUpSeconds()))),
                tag("a", "href=\"" + text(page).html() + "\"", text("Over time, played back, and in more detail.")));
    }

    private static Markup plans(SimulationResult result) {
        Table table = new Table("Plans in time")
                .text("Plan")
                .numbers(
                        "Σ ρ ln U, promised",
                        "happened",
                        "Utility promised, mean",
                        "Answered",
                        "Worst device",
                        "Lost",
                        "Late",
                        "Fullest node");
        for (Variant variant : result.variants()) {
            List<Device> devices = result.devicesOf(variant);
            table.row(
                    variant.plan(),
                    SimulationPage.number(result.systemOf(variant).promisedLogUtility()),
                    happened(result.systemOf(variant)),
                    SimulationPage.percent(mean(devices)),
                    answered(variant.figures().utility()),
                    worst(devices),
                    share(devices, Device::lost, Device::events),
                    share(devices, Device::missedDeadlines, Device::offloads),
                    fullest(result.nodesOf(variant)));
        }
        return table.markup();
    }

    private static String happened(SimulationResult.SystemFigures system) {
        return system.happenedLogUtility() == null
                ? "not defined: " + system.devicesWithoutUtility() + " found nothing"
                : SimulationPage.number(system.happenedLogUtility());
    }

    private static Object answered(MeanInterval utility) {
        if (utility == null) {
            return SimulationPage.UNDEFINED;
        }
        return utility.low() == null
                ? SimulationPage.percent(utility.mean())
                : Markup.join(
                        text(SimulationPage.percent(utility.mean())),
                        tag(
                                "small",
                                text(SimulationPage.percent(utility.low()) + " to "
                                        + SimulationPage.percent(utility.high()))));
    }

    private static Double mean(List<Device> devices) {
        OptionalDouble mean = devices.stream()
                .filter(device -> device.promised() != null && device.promised().utility() != null)
                .mapToDouble(device -> device.promised().utility())
                .average();
        return mean.isPresent() ? (Double) mean.getAsDouble() : null;
    }

    private static Object worst(List<Device> devices) {
        return devices.stream()
                .filter(device -> device.happened().utility() != null)
                .min(Comparator.comparingDouble(device -> device.happened().utility()))
                .<Object>map(device -> Markup.join(
                        text(SimulationPage.percent(device.happened().utility())), tag("small", text(device.id()))))
                .orElse(SimulationPage.UNDEFINED);
    }

    private static String share(List<Device> devices, ToLongFunction<Device> part, ToLongFunction<Device> of) {
        long all = devices.stream().mapToLong(of).sum();
        return all == 0
                ? SimulationPage.UNDEFINED
                : SimulationPage.percent(
                        (double) devices.stream().mapToLong(part).sum() / all);
    }

    private static Object fullest(List<Node> nodes) {
        return nodes.stream()
                .max(Comparator.comparingDouble(Node::utilisation))
                .<Object>map(node ->
                        Markup.join(text(SimulationPage.percent(node.utilisation())), tag("small", text(node.id()))))
                .orElse(SimulationPage.UNDEFINED);
    }

    private static Markup details(SimulationResult result, Variant variant) {
        List<Markup> parts = new ArrayList<>();
        parts.add(tag("summary", text("Plan " + variant.plan() + ", device by device")));
        parts.add(devices(result.devicesOf(variant)));
        parts.addAll(SimulationPage.delays(result.devicesOf(variant)));
        parts.add(nodes(result.nodesOf(variant)));
        boolean first = variant == result.variants().get(0);
        return tag("details", first ? "class=\"more\" open" : "class=\"more\"", Markup.join(parts));
    }

    private static Markup devices(List<Device> devices) {
        Table table = new Table("Promised and happened, by device")
                .text("Device", "Node")
                .numbers(
                        "Utility promised",
                        "happened",
                        "TPR promised",
                        "decided",
                        "OFR promised",
                        "decided",
                        "Events",
                        "Offloaded",
                        "Lost",
                        "Late",
                        "Radio p50, p99 [s]",
                        "Deadline [s]",
                        "Answer p50, p99 [s]");
        for (Device device : devices) {
            Rates promised = device.promised() == null ? NO_RATES : device.promised();
            table.row(
                    device.id(),
                    device.node() == null ? SimulationPage.UNDEFINED : device.node(),
                    SimulationPage.percent(promised.utility()),
                    SimulationPage.percent(device.happened().utility()),
                    SimulationPage.percent(promised.tpr()),
                    SimulationPage.percent(device.happened().tpr()),
                    SimulationPage.percent(promised.ofr()),
                    SimulationPage.percent(device.happened().ofr()),
                    device.events(),
                    device.offloads(),
                    device.lost(),
                    device.missedDeadlines(),
                    pair(device.radio()),
                    SimulationPage.number(device.deadlineSeconds()),
                    pair(device.answer()));
        }
        return table.markup();
    }

    private static String pair(SimulationResult.Distribution times) {
        return times.count() == 0
                ? SimulationPage.UNDEFINED
                : SimulationPage.number(SimulationPage.quantile(times, 0.5)) + ", "
                        + SimulationPage.number(SimulationPage.quantile(times, 0.99));
    }

    private static Markup nodes(List<Node> nodes) {
        Table table = new Table("Load of the nodes")
                .text("Node")
                .numbers("Compute granted by the plan", "Compute used", "Events there, mean");
        for (Node node : nodes) {
            table.row(
                    node.id(),
                    SimulationPage.percent(node.granted()),
                    SimulationPage.percent(node.utilisation()),
                    SimulationPage.number(node.meanPresent()));
        }
        return table.markup();
    }
}
