package org.qexit.tier.live.cloud;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.cloud.CloudServer;
import org.qexit.tier.cloud.CloudState;
import org.qexit.tier.cloud.Evidence;
import org.qexit.tier.cloud.Example;
import org.qexit.tier.cloud.Order;
import org.qexit.tier.cloud.Report;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.journal.LogSettings;

/**
 * What the cloud server knows, on disk: a log of all that came in, and the state of its rules in {@code state-N.json}, which holds what the
 * log says up to entry N. Whatever kills it, what was acknowledged is there when it opens again.
 *
 * <p>Methods may be called by several threads; one at a time works.
 */
final class CloudData implements AutoCloseable {
    private static final Pattern STATE = Pattern.compile("state-([0-9]{1,18})\\.json");

    private final Path directory;
    private final CloudSettings settings;
    private final LabelSource labels;
    private final Consumer<String> log;
    private final EventStore store;
    private CloudServer server;
    private long upTo;
    private long snapshot;
    private double snapshotAt;
    private boolean closed;
    private final Map<String, Integer> capped = new HashMap<>();

    /** What became of a batch of records. */
    record Taken(int taken, int known, int beyondShare) {}

    /** @param sha256 of the model in force when there is no state yet */
    CloudData(Path directory, CloudSettings settings, String sha256, LabelSource labels, Consumer<String> log) {
        this.directory = directory;
        this.settings = settings;
        this.labels = labels;
        this.log = log;
        snapshot = lastSnapshot();
        upTo = snapshot;
        server = snapshot < 0
                ? new CloudServer(settings.rules(), sha256)
                : CloudServer.read(stateFile(snapshot), settings.rules());
        Set<String> wanted = wanted(server.state());
        store = new EventStore(directory.resolve("log"), LogSettings.STANDARD, (number, entry) -> {
            if (number > snapshot) {
                apply(entry);
                upTo = number;
            }
        });
        store.told().ifPresent(log);
        wanted.addAll(wanted(server.state()));
        store.retain(wanted);
    }

    private long lastSnapshot() {
        if (!Files.isDirectory(directory)) {
            return -1;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> STATE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(file -> Long.parseLong(file.group(1)))
                    .max()
                    .orElse(-1);
        } catch (IOException e) {
            throw new UserError(directory + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private Path stateFile(long number) {
        return directory.resolve("state-" + number + ".json");
    }

    private static Set<String> wanted(CloudState state) {
        Set<String> wanted = new HashSet<>();
        state.reports().forEach(report -> wanted.add(report.event()));
        state.heldOut().forEach(example -> wanted.add(example.event()));
        state.replay().classes().forEach(one -> one.held().forEach(example -> wanted.add(example.event())));
        return wanted;
    }

    /** Tells the source of labels which events wait for one: after a restart. */
    synchronized void awaitLabels(double nowSeconds) {
        for (Report report : server.state().reports()) {
            if (store.has(report.event())) {
                labels.came(store.event(report.event()), nowSeconds);
            }
        }
    }

    private void apply(LogEntry entry) {
        if (entry.event() != null && entry.copy() == null) {
            EventRecord event = entry.event();
            server.report(new Report(
                    event.id(), Hashing.sha256Hex(event.bytes()), event.device(), server.version(), event.answer()));
        } else if (entry.label() != null) {
            server.label(entry.label().event(), entry.label().classId());
        } else if (entry.alarm() != null) {
            server.alarm();
        }
    }

    /**
     * Takes records; they are on disk when this returns.
     *
     * @throws IllegalArgumentException if one cannot be: none is taken then
     * @throws IOException if the disk refuses; none is taken
     */
    synchronized Taken take(List<EventRecord> records, double nowSeconds) throws IOException {
        for (EventRecord record : records) {
            check(record);
        }
        Map<String, LogEntry> fresh = new HashMap<>();
        Map<String, Integer> more = new HashMap<>();
        List<LogEntry> entries = new ArrayList<>();
        int known = 0;
        int beyond = 0;
        for (EventRecord record : records) {
            if (store.has(record.id()) || fresh.containsKey(record.id())) {
                known++;
            } else if (store.of(record.device()) + more.getOrDefault(record.device(), 0) >= settings.perDevice()) {
                beyond++;
                tellCapped(record.device());
            } else {
                LogEntry entry = LogEntry.of(record);
                fresh.put(record.id(), entry);
                entries.add(entry);
                more.merge(record.device(), 1, Integer::sum);
            }
        }
        if (!entries.isEmpty()) {
            append(entries);
            entries.forEach(entry -> labels.came(entry.event(), nowSeconds));
        }
        return new Taken(entries.size(), known, beyond);
    }

    private void tellCapped(String device) {
        if (capped.merge(device, 1, Integer::sum) == 1) {
            log.accept(
                    "device " + device + " has its " + settings.perDevice() + " events here; more of it are not taken");
        }
    }

    private void check(EventRecord record) {
        if (record.answer() >= settings.rules().replay().classes()) {
            throw new IllegalArgumentException("answer is " + record.answer() + "; expected a class id below "
                    + settings.rules().replay().classes());
        }
        int bytes = record.bytes().length;
        if (bytes != settings.payloadBytes()) {
            throw new IllegalArgumentException("payload has " + bytes + " bytes; expected " + settings.payloadBytes()
                    + " for an event of this model");
        }
    }

    private void append(List<LogEntry> entries) throws IOException {
        upTo = store.append(entries);
        entries.forEach(this::apply);
    }

    synchronized void alarm() throws IOException {
        append(List.of(LogEntry.ofAlarm()));
    }

    /** Takes labels of events that are here. */
    synchronized int label(List<LabelSource.Label> known) throws IOException {
        List<LogEntry> entries = known.stream()
                .filter(label -> store.has(label.event()))
                .map(label -> LogEntry.of(new LogEntry.Label(label.event(), label.classId())))
                .toList();
        if (!entries.isEmpty()) {
            append(entries);
        }
        return entries.size();
    }

    synchronized Optional<Order> due(double nowSeconds) {
        return server.due(nowSeconds);
    }

    synchronized void abandon() {
        server.abandon();
    }

    synchronized List<NodeModel.Labelled> payloads(List<Example> examples) {
        return examples.stream()
                .map(example -> new NodeModel.Labelled(store.payload(example.event()), example.classId()))
                .toList();
    }

    /** Tests a candidate against the version in force; what was decided is on disk when this returns. */
    synchronized Evidence decide(double nowSeconds, NodeModel before, NodeModel after) {
        List<Example> waiting = server.state().heldOut();
        List<NodeModel.Labelled> events = payloads(waiting);
        Function<NodeModel, Set<String>> right = model -> {
            boolean[] each = model.right(events);
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < each.length; i++) {
                if (each[i]) {
                    ids.add(waiting.get(i).event());
                }
            }
            return ids;
        };
        Set<String> was = right.apply(before);
        Set<String> is = right.apply(after);
        Evidence evidence = server.decide(
                nowSeconds,
                after.sha256(),
                example -> was.contains(example.event()),
                example -> is.contains(example.event()));
        write(nowSeconds);
        return evidence;
    }

    /** Writes the state if something came since and it is time, and makes room in the log. */
    synchronized void tidy(double nowSeconds) {
        if (upTo > snapshot && nowSeconds - snapshotAt >= settings.snapshotSeconds()) {
            write(nowSeconds);
        }
    }

    private void write(double nowSeconds) {
        if (closed) {
            throw new UserError(directory + ": is closed");
        }
        CloudState state = server.state();
        AtomicFiles.writeDurably(stateFile(upTo), Json.compact(state).getBytes(StandardCharsets.UTF_8));
        snapshot = upTo;
        snapshotAt = nowSeconds;
        store.retain(wanted(state));
        try {
            removeOlder();
            store.clean(snapshot);
        } catch (IOException e) {
            log.accept("no room can be made: " + e.getMessage());
        }
    }

    private void removeOlder() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(directory)) {
            all = files.filter(
                            file -> STATE.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
        for (Path file : all) {
            if (!file.equals(stateFile(snapshot))) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Figures for people. */
    record Status(long version, int candidates, int events, int examples, int waitingForTest, long logBytes) {}

    synchronized Status status() {
        return new Status(
                server.version(),
                server.evidence().size(),
                store.size(),
                server.examples(),
                server.waiting(),
                store.bytes());
    }

    /** Of the model in force. */
    synchronized String sha256() {
        return server.state().sha256();
    }

    synchronized List<Evidence> evidence() {
        return server.evidence();
    }

    @Override
    public synchronized void close() throws IOException {
        if (upTo > snapshot) {
            write(snapshotAt);
        }
        closed = true;
        store.close();
    }
}
