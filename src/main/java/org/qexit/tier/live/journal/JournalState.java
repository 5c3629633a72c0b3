package org.qexit.tier.live.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What a {@link NodeJournal} knows. Guarded by itself. */
final class JournalState {
    private final NodeJournal.Limits limits;
    private final LiveRecords live = new LiveRecords();
    private final Map<String, Device> devices = new TreeMap<>();

    /** A device's outboxes, the one that was silent longest first. */
    private static final class Device {
        private final LinkedHashMap<Long, Epoch> epochs = new LinkedHashMap<>(8, 0.75f, true);
        private long dropped;

        private int outstanding() {
            return epochs.values().stream()
                    .mapToInt(epoch -> epoch.answers.size() + epoch.claims.size())
                    .sum();
        }
    }

    private static final class Epoch {
        private final NavigableMap<Long, Answer> answers = new TreeMap<>();
        private final Map<Long, NodeJournal.Claim> claims = new HashMap<>();
        private long settled = 1;
        private long answered;
    }

    private record Answer(byte[] bytes, LiveRecords.Live record) {}

    JournalState(NodeJournal.Limits limits) {
        this.limits = limits;
    }

    /** The epoch, which is made if it is new. */
    private Epoch epoch(String device, long epoch) {
        return devices.computeIfAbsent(device, d -> new Device()).epochs.computeIfAbsent(epoch, e -> new Epoch());
    }

    /** Drops what is too much of a device's epochs. */
    private void limitEpochs(AppendLog log, String name) {
        Device device = devices.get(name);
        Iterator<Map.Entry<Long, Epoch>> silent = device.epochs.entrySet().iterator();
        while (device.epochs.size() > limits.epochs() && silent.hasNext()) {
            Map.Entry<Long, Epoch> oldest = silent.next();
            if (oldest.getValue().claims.isEmpty()) {
                drop(device, oldest.getValue());
                silent.remove();
                note(log, new JournalRecord.Dropped(name, oldest.getKey()));
            }
        }
    }

    private void drop(Device device, Epoch epoch) {
        device.dropped += epoch.answered;
        epoch.answers.values().forEach(answer -> live.drop(answer.record()));
    }

    /** Puts in line what may be lost without harm: then more is kept than need be. */
    private static void note(AppendLog log, JournalRecord record) {
        try {
            log.append(record.encoded());
        } catch (IOException e) {
            // The next answer tells of a disk that refuses.
        }
    }

    void settle(AppendLog log, String device, long epochId, long below) {
        boolean isNew =
                !devices.containsKey(device) || !devices.get(device).epochs.containsKey(epochId);
        Epoch epoch = epoch(device, epochId);
        if (isNew) {
            limitEpochs(log, device);
        }
        if (below > epoch.settled) {
            settle(epoch, below);
            note(log, new JournalRecord.Settled(device, epochId, below));
        }
    }

    private void settle(Epoch epoch, long below) {
        epoch.settled = below;
        NavigableMap<Long, Answer> done = epoch.answers.headMap(below, false);
        done.values().forEach(answer -> live.drop(answer.record()));
        done.clear();
    }

    Optional<NodeJournal.Entry> known(String device, EventId id) {
        Epoch epoch = epoch(device, id.epoch());
        if (id.seq() < epoch.settled) {
            return Optional.of(new NodeJournal.Stale(epoch.settled));
        }
        Answer answer = epoch.answers.get(id.seq());
        if (answer != null) {
            return Optional.of(new NodeJournal.Stored(answer.bytes()));
        }
        NodeJournal.Claim claim = epoch.claims.get(id.seq());
        if (claim != null) {
            return Optional.of(new NodeJournal.Running(claim.future()));
        }
        int outstanding = devices.get(device).outstanding();
        return outstanding >= limits.outstanding() ? Optional.of(new NodeJournal.Full(outstanding)) : Optional.empty();
    }

    void begin(NodeJournal.Claim claim) {
        epoch(claim.device(), claim.id().epoch()).claims.put(claim.id().seq(), claim);
    }

    void end(NodeJournal.Claim claim) {
        epoch(claim.device(), claim.id().epoch()).claims.remove(claim.id().seq(), claim);
    }

    /** Counts the answer at once, so that a snapshot behind it in the log has it. */
    Appended append(AppendLog log, NodeJournal.Claim claim, byte[] record) throws IOException {
        Appended appended = live.append(log, record);
        epoch(claim.device(), claim.id().epoch()).answered++;
        return appended;
    }

    void lost(NodeJournal.Claim claim, Appended appended) {
        end(claim);
        live.lost(appended);
        epoch(claim.device(), claim.id().epoch()).answered--;
    }

    void arrived(NodeJournal.Claim claim, byte[] bytes, Appended appended, int recordBytes) {
        end(claim);
        LiveRecords.Live record = live.arrived(appended, recordBytes);
        Epoch epoch = epoch(claim.device(), claim.id().epoch());
        if (claim.id().seq() < epoch.settled) {
            live.drop(record);
        } else {
            epoch.answers.put(claim.id().seq(), new Answer(bytes, record));
        }
    }

    int outstanding() {
        return devices.values().stream()
                .flatMap(device -> device.epochs.values().stream())
                .mapToInt(epoch -> epoch.answers.size())
                .sum();
    }

    Map<String, Long> answered() {
        Map<String, Long> answered = new TreeMap<>();
        devices.forEach((name, device) -> answered.put(
                name,
                device.dropped
                        + device.epochs.values().stream()
                                .mapToLong(epoch -> epoch.answered)
                                .sum()));
        return answered;
    }

    void clean(AppendLog log) throws IOException {
        live.clean(log, () -> log.append(snapshot().encoded()));
    }

    private JournalRecord.Snapshot snapshot() {
        List<JournalRecord.OfEpoch> epochs = new ArrayList<>();
        List<JournalRecord.OfDevice> all = new ArrayList<>();
        devices.forEach((name, device) -> {
            all.add(new JournalRecord.OfDevice(name, device.dropped));
            device.epochs.forEach(
                    (id, epoch) -> epochs.add(new JournalRecord.OfEpoch(name, id, epoch.settled, epoch.answered)));
        });
        return new JournalRecord.Snapshot(epochs, all);
    }

    void replay(Place place, byte[] bytes) {
        JournalRecord record = JournalRecord.decoded(place.number(), bytes);
        if (record instanceof JournalRecord.Answered answered) {
            replay(place, bytes.length, answered);
        } else if (record instanceof JournalRecord.Settled settled) {
            settle(epoch(settled.device(), settled.epoch()), settled.below());
        } else if (record instanceof JournalRecord.Dropped dropped) {
            Device device = devices.get(dropped.device());
            Epoch epoch = device == null ? null : device.epochs.remove(dropped.epoch());
            if (epoch != null) {
                drop(device, epoch);
            }
        } else if (record instanceof JournalRecord.Snapshot snapshot) {
            replay(snapshot);
        } else {
            throw new IllegalStateException("unknown record " + record);
        }
    }

    /** An answer, or the copy of one. */
    private void replay(Place place, int recordBytes, JournalRecord.Answered answered) {
        Epoch epoch = epoch(answered.device(), answered.epoch());
        Answer before = epoch.answers.remove(answered.seq());
        if (before == null) {
            epoch.answered++;
        } else {
            live.drop(before.record());
        }
        if (answered.seq() >= epoch.settled) {
            epoch.answers.put(answered.seq(), new Answer(answered.answer(), live.add(place, recordBytes)));
        }
    }

    private void replay(JournalRecord.Snapshot snapshot) {
        for (JournalRecord.OfEpoch stated : snapshot.epochs()) {
            Epoch epoch = epoch(stated.device(), stated.epoch());
            settle(epoch, stated.settled());
            epoch.answered = stated.answers();
        }
        for (JournalRecord.OfDevice stated : snapshot.devices()) {
            devices.computeIfAbsent(stated.device(), d -> new Device()).dropped = stated.dropped();
        }
    }
}
