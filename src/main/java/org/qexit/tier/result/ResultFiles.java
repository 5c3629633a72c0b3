package org.qexit.tier.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.qexit.common.AtomicFiles;
import org.qexit.common.DirectoryLock;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.cloud.Evidence;

/** A result as files: {@code result.json} with all of it, tables of devices, delays, nodes, phases and time, and a page to look at. */
public final class ResultFiles {
    private static final String MARK = "result.json";

    private ResultFiles() {}

    /** @throws UserError unless results may be written there: nothing is there, or an empty directory, or an earlier result */
    public static void checkTarget(Path directory) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new UserError(
                    directory + ": is a file; expected a directory for the results. Maybe choose another --out");
        }
        try (Stream<Path> entries = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
            if (!Files.exists(directory.resolve(MARK)) && entries.findAny().isPresent()) {
                throw new UserError(
                        directory + ": is not empty and no result of qexit simulate. Maybe choose another --out");
            }
        } catch (IOException e) {
            throw new UserError(directory + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Puts them into a directory, whole or not at all; an earlier result there goes.
     *
     * @param page the result as a page, {@code report.html}
     */
    public static void commit(Path directory, SimulationResult result, String page) {
        Path absolute = directory.toAbsolutePath().normalize();
        DirectoryLock lock = DirectoryLock.beside(absolute);
        try {
            checkTarget(absolute);
            AtomicFiles.writeDirectory(absolute, unfinished -> write(unfinished, result, page));
        } finally {
            lock.close();
        }
    }

    /** Writes them into a directory that nobody reads yet. */
    public static void write(Path directory, SimulationResult result, String page) {
        AtomicFiles.writeString(directory.resolve("report.html"), page);
        Json.write(directory.resolve(MARK), result);
        AtomicFiles.writeString(directory.resolve("devices.csv"), devices(result));
        AtomicFiles.writeString(directory.resolve("delays.csv"), delays(result));
        AtomicFiles.writeString(directory.resolve("nodes.csv"), nodes(result));
        AtomicFiles.writeString(directory.resolve("phases.csv"), phases(result));
        AtomicFiles.writeString(directory.resolve("timeline.csv"), timeline(result));
        if (result.variants().stream().anyMatch(variant -> variant.candidates() != null)) {
            AtomicFiles.writeString(directory.resolve("candidates.csv"), candidates(result));
        }
    }

    private static String devices(SimulationResult result) {
        StringBuilder csv = new StringBuilder(
                "device,node,events,critical,truePositives,falsePositives,found,lost,missedDeadlines,sent,sentLate,"
                        + "delayP50Seconds,delayP95Seconds,delayP99Seconds,deadlineSeconds,energyJoules,radioJoules,"
                        + "promisedUtility,happenedUtility,promisedTpr,happenedTpr,promisedFpr,happenedFpr,promisedOfr,happenedOfr\n");
        for (SimulationResult.Device device : result.devices()) {
            SimulationResult.Rates promised =
                    device.promised() == null ? new SimulationResult.Rates(null, null, null, null) : device.promised();
            SimulationResult.Rates happened = device.happened();
            row(
                    csv,
                    device.id(),
                    device.node(),
                    device.events(),
                    device.critical(),
                    device.truePositives(),
                    device.falsePositives(),
                    device.found(),
                    device.lost(),
                    device.missedDeadlines(),
                    device.radio().count(),
                    device.radio().late(),
                    device.delaySeconds().p50(),
                    device.delaySeconds().p95(),
                    device.delaySeconds().p99(),
                    device.deadlineSeconds(),
                    device.energyJoules(),
                    device.radioJoules(),
                    promised.utility(),
                    happened.utility(),
                    promised.tpr(),
                    happened.tpr(),
                    promised.fpr(),
                    happened.fpr(),
                    promised.ofr(),
                    happened.ofr());
        }
        return csv.toString();
    }

    private static String delays(SimulationResult result) {
        StringBuilder csv = new StringBuilder("device,of,limitSeconds,share,seconds\n");
        for (SimulationResult.Device device : result.devices()) {
            delays(csv, device.id(), "radio", device.radio());
            delays(csv, device.id(), "answer", device.answer());
        }
        return csv.toString();
    }

    private static void delays(StringBuilder csv, String device, String of, SimulationResult.Distribution times) {
        for (int i = 0; i < times.seconds().size(); i++) {
            row(
                    csv,
                    device,
                    of,
                    times.limitSeconds(),
                    SimulationResult.QUANTILE_SHARES.get(i),
                    times.seconds().get(i));
        }
    }

    private static String nodes(SimulationResult result) {
        StringBuilder csv = new StringBuilder("node,granted,utilisation,meanPresent\n");
        result.nodes().forEach(node -> row(csv, node.id(), node.granted(), node.utilisation(), node.meanPresent()));
        return csv.toString();
    }

    private static String phases(SimulationResult result) {
        StringBuilder csv = new StringBuilder(
                "plan,policy,phase,fromSeconds,toSeconds,events,offloads,lost,missedDeadlines,"
                        + "delayP50Seconds,delayP95Seconds,delayP99Seconds,utility,logUtility,devicesWithoutUtility,classAccuracy\n");
        for (SimulationResult.Variant variant : result.variants()) {
            for (SimulationResult.Phase phase : variant.phases()) {
                row(
                        csv,
                        variant.plan(),
                        variant.policy(),
                        phase.name(),
                        phase.fromSeconds(),
                        phase.toSeconds(),
                        phase.events(),
                        phase.offloads(),
                        phase.lost(),
                        phase.missedDeadlines(),
                        phase.delaySeconds().p50(),
                        phase.delaySeconds().p95(),
                        phase.delaySeconds().p99(),
                        phase.utility(),
                        phase.logUtility(),
                        phase.devicesWithoutUtility(),
                        phase.classAccuracy());
            }
        }
        return csv.toString();
    }

    private static String candidates(SimulationResult result) {
        StringBuilder csv = new StringBuilder(
                "plan,policy,replication,candidate,reason,orderedSeconds,decidedSeconds,trained,tested,"
                        + "won,lost,pBetter,level,upperLoss,verdict,inForceSeconds\n");
        for (SimulationResult.Variant variant : result.variants()) {
            for (SimulationResult.Candidate one :
                    variant.candidates() == null ? List.<SimulationResult.Candidate>of() : variant.candidates()) {
                Evidence evidence = one.evidence();
                row(
                        csv,
                        variant.plan(),
                        variant.policy(),
                        one.replication(),
                        evidence.candidate(),
                        evidence.reason().word(),
                        evidence.orderedSeconds(),
                        evidence.decidedSeconds(),
                        evidence.trained(),
                        evidence.tested(),
                        evidence.result().pair().won(),
                        evidence.result().pair().lost(),
                        evidence.result().pBetter(),
                        evidence.result().level(),
                        evidence.result().upperLoss(),
                        evidence.result().verdict().word(),
                        one.inForceSeconds());
            }
        }
        return csv.toString();
    }

    private static String timeline(SimulationResult result) {
        SimulationResult.Timeline timeline = result.timeline();
        StringBuilder csv = new StringBuilder("fromSeconds,device,events,critical,found,offloads,lost,missed\n");
        for (int bin = 0; bin < timeline.meanDelaySeconds().size(); bin++) {
            for (SimulationResult.DeviceSeries device : timeline.devices()) {
                row(
                        csv,
                        bin * timeline.binSeconds(),
                        device.id(),
                        device.events().get(bin),
                        device.critical().get(bin),
                        device.found().get(bin),
                        device.offloads().get(bin),
                        device.lost().get(bin),
                        device.missed().get(bin));
            }
        }
        return csv.toString();
    }

    private static void row(StringBuilder csv, Object... cells) {
        csv.append(String.join(
                        ",",
                        java.util.Arrays.stream(cells).map(ResultFiles::cell).toList()))
                .append('\n');
    }

    private static String cell(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Double number) {
            return String.format(Locale.ROOT, "%s", number);
        }
        String text = value.toString();
        return List.of(",", "\"", "\n").stream().anyMatch(text::contains)
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }
}
