package org.qexit.tier.live.up;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.UserError;
import org.qexit.tier.live.device.DeviceSummary;
import org.qexit.tier.live.journal.NodeJournal;

/**
 * Holds devices' ledgers against nodes' journals after all have ended. With h the answers that a device heard (classified, rejected,
 * late) and a those that journals have for it: events = dropped + offloaded, offloaded = classified + rejected + missed + waiting, h
 * &le; a, and a &minus; h at most those that were missed or wait still without an answer.
 */
final class Accounts {
    private final UpFolder folder;
    private final LiveFleet fleet;
    private final List<String> differences = new ArrayList<>();
    private final Map<String, Map<String, Long>> journals = new TreeMap<>();

    Accounts(UpFolder folder, LiveFleet fleet) {
        this.folder = folder;
        this.fleet = fleet;
        for (LiveFleet.Node node : fleet.nodes()) {
            try (NodeJournal journal = NodeJournal.open(NodeHost.journal(folder.node(node.id())))) {
                journals.put(node.id(), new TreeMap<>(journal.answered()));
            } catch (IOException e) {
                throw new UserError(folder.node(node.id()) + ": cannot be read: " + e.getMessage(), e);
            }
        }
    }

    /**
     * The summary.
     *
     * @param last figures, after all devices have ended
     * @param nodesComplete whether all nodes have said theirs
     */
    UpSummary summary(List<DeviceSummary> ledgers, Figures last, boolean nodesComplete) {
        List<UpSummary.Device> devices = new ArrayList<>();
        Map<String, Long> unheard = new TreeMap<>();
        for (int n = 0; n < ledgers.size(); n++) {
            DeviceSummary ledger = ledgers.get(n);
            LiveFleet.Device device = fleet.devices().get(n);
            unheard.merge(device.node(), check(ledger), Long::sum);
            checkLog(ledger, last.devices().get(n));
            devices.add(new UpSummary.Device(
                    device.node(),
                    ledger,
                    device.promised(),
                    last.devices().get(n).soFar()));
        }
        List<UpSummary.Node> nodes = new ArrayList<>();
        for (Figures.Node node : last.nodes()) {
            UpSummary.Node one = new UpSummary.Node(
                    node.id(),
                    journals.get(node.id()),
                    unheard.getOrDefault(node.id(), 0L),
                    node.exits(),
                    node.classes(),
                    node.refused(),
                    node.model(),
                    node.version());
            if (nodesComplete && node.decided() != one.served()) {
                differences.add("node " + node.id() + ": its model decided " + node.decided()
                        + " events, its journal has " + one.served());
            }
            nodes.add(one);
        }
        Figures.Fairness fairness = last.fairness();
        return new UpSummary(
                last.seconds(),
                last.speed(),
                devices,
                nodes,
                new UpSummary.Fairness(
                        fairness.promised(), fairness.soFar(), fairness.jainPromised(), fairness.jainSoFar()),
                last.cloud(),
                List.copyOf(differences));
    }

    /** Answers to a device that it has not heard. */
    private long check(DeviceSummary ledger) {
        long ended = ledger.classified() + ledger.rejected() + ledger.missed() + ledger.waiting();
        if (ledger.events() != ledger.dropped() + ledger.offloaded() || ledger.offloaded() != ended) {
            differences.add("device " + ledger.device() + ": " + ledger.events() + " events, " + ledger.dropped()
                    + " dropped, " + ledger.offloaded() + " offloaded, of which " + ended + " ended or wait");
        }
        long heard = ledger.classified() + ledger.rejected() + ledger.late();
        long answered = journals.values().stream()
                .mapToLong(journal -> journal.getOrDefault(ledger.device(), 0L))
                .sum();
        long mayBeUnheard = ledger.missed() - ledger.late() + ledger.waiting();
        if (answered < heard || answered - heard > mayBeUnheard) {
            differences.add("device " + ledger.device() + ": heard " + heard + " answers, journals have " + answered
                    + ", and " + mayBeUnheard + " events ended without");
        }
        return answered - heard;
    }

    private void checkLog(DeviceSummary ledger, Figures.Device log) {
        if (log.events() != ledger.events() - ledger.waiting() || log.missed() != ledger.missed()) {
            differences.add("device " + ledger.device() + ": its ledger has " + ledger.events() + " events, "
                    + ledger.waiting() + " of them waiting, and " + ledger.missed() + " missed; its log " + log.events()
                    + " and " + log.missed());
        }
    }
}
