package org.qexit.tier.live.device;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.device.BudgetFollower;
import org.qexit.device.EdgeRuntime;
import org.qexit.tier.live.inference.Message;
import org.qexit.tier.live.journal.EventEnd;
import org.qexit.tier.live.journal.EventId;
import org.qexit.tier.live.journal.LogSettings;
import org.qexit.tier.live.journal.Outbox;
import org.qexit.tier.live.journal.OutboxEvent;
import org.qexit.trace.RulePath;

/**
 * One device at work: takes events from a source, decides them, keeps what is critical in an outbox on disk, sends it, and accounts for
 * every
 * event in exactly one way. Killed at any moment it goes on with the next run on the same outbox.
 *
 * <p>Times are the system's clock, since deadlines outlive a process.
 */
public final class DeviceProcess implements AutoCloseable {
    private static final LogSettings SEGMENTS = new LogSettings(1 << 22, 1 << 27);
    /** Bytes not on disk yet that make the device wait for the disk. */
    private static final long MOST_IN_LINE = 1 << 22;

    /** Longest time that a signal to stop goes unnoticed. */
    private static final long POLL_MILLIS = 20;

    private static final long DISK_MILLIS = 500;

    /** Beside the outbox. */
    private static final String FOLLOWER = "follower.json";

    private final DeviceOptions options;
    private final InForce begun;
    private final AtomicReference<Model> fresh = new AtomicReference<>();
    private Model model;
    /** Null where the rule in force is followed, and no budget. */
    private final FollowedBudget budget;

    private volatile InForce inForce;
    private final EventLogFile log;
    private final SendQueue queue = new SendQueue(DeviceProcess::nowMicros);
    private final NodeChoice nodes;
    private final Outbox outbox;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private volatile boolean closing;
    private boolean diskTold;
    /** Null where the cloud is not told. */
    private DeviceWatch watch;

    /** Hears of every event that is on disk to be sent, before anything of it is sent. */
    @FunctionalInterface
    public interface Offloads {
        /**
         * An event of this process is on its way.
         *
         * @param id that nodes and the cloud know it by
         * @param event its number in the source, from 1
         */
        void offloaded(EventId id, long event);
    }

    private DeviceProcess(InForce begun, DeviceOptions options, Follow follow, Offloads offloads) {
        this.options = options;
        this.budget = follow == null
                ? null
                : new FollowedBudget(follow.budget(), options.outbox().resolveSibling(FOLLOWER), follow.path());
        this.begun = begun;
        log = options.log() == null ? null : EventLogFile.open(options.log());
        Listening listening = new Listening(offloads);
        try {
            outbox = Outbox.open(options.outbox(), SEGMENTS, options.source(), listening);
        } catch (RuntimeException e) {
            if (log != null) {
                log.close();
            }
            throw e;
        }
        listening.opened(outbox.epoch());
        outbox.told().ifPresent(options.say());
        nodes = new NodeChoice(
                options.credentials(),
                options.level(),
                RandomStreams.of(outbox.epoch()).stream("backoff"),
                options.say());
    }

    /**
     * Opens the outbox and begins to send what waits in it.
     *
     * @param begun what the device was installed with; control documents taken before change it
     * @throws UserError if the outbox or the log cannot be used, or what the nodes want cannot be sent
     */
    public static DeviceProcess start(InForce begun, DeviceOptions options) {
        return start(begun, options, null, (id, event) -> {});
    }

    /**
     * The same, and tells of what it offloads; not of what an earlier process left.
     *
     * @param offloads called by a thread of the process
     */
    public static DeviceProcess start(InForce begun, DeviceOptions options, Offloads offloads) {
        return start(begun, options, null, offloads);
    }

    /**
     * A device that keeps its offload rate at a budget.
     *
     * @param budget of the events that are offloaded
     * @param path to move along instead of the bundle's, or null
     */
    public record Follow(BudgetFollower.Budget budget, RulePath path) {
        public Follow {
            Checks.present("budget", budget);
        }
    }

    /**
     * As {@link #start(InForce, DeviceOptions)}. Of a device that follows a budget thresholds in control documents change nothing: its path
     * is its model's.
     *
     * @param follow null to decide by the thresholds in force
     * @throws UserError also if there is no path to follow the budget along
     */
    public static DeviceProcess start(InForce begun, DeviceOptions options, Follow follow) {
        return start(begun, options, follow, (id, event) -> {});
    }

    private static DeviceProcess start(InForce begun, DeviceOptions options, Follow follow, Offloads offloads) {
        DeviceProcess process = new DeviceProcess(begun, options, follow, offloads);
        boolean good = false;
        try {
            process.apply(begun);
            process.follow();
            process.beginBudget();
            good = true;
        } finally {
            if (!good) {
                process.close();
            }
        }
        if (options.control() != null) {
            process.begin("qexit-control", process::keepFollowing);
        }
        if (options.cloud() != null) {
            String run = "drift/" + process.outbox.taken();
            process.watch = new DeviceWatch(
                    options,
                    RandomStreams.of(process.outbox.epoch()).stream(run),
                    process::summary,
                    () -> process.inForce);
        }
        for (int i = 0; i < options.senders(); i++) {
            process.begin("qexit-send-" + i, process::send);
        }
        process.begin("qexit-outbox", process::flush);
        return process;
    }

    /** A model at work. */
    private record Model(EdgeRuntime runtime, RulePath path) {}

    private void beginBudget() {
        if (budget != null) {
            budget.begin(model().path(), outbox.ledger(), options.say());
        }
    }

    /** Takes over another model, plan or thresholds; what is as before stays. */
    private void apply(InForce next) {
        InForce before = inForce;
        if (before == null
                || !before.thresholds().equals(next.thresholds())
                || !before.bundle().sha256().equals(next.bundle().sha256())) {
            EdgeRuntime opened = EdgeRuntime.open(next.bundle(), next.thresholds(), 1);
            opened.notice().ifPresent(warning -> options.say().accept(warning.toString()));
            RulePath path;
            boolean good = false;
            try {
                options.format().check(opened, next.bundle());
                path = budget == null ? null : budget.path(next, options.id());
                good = true;
            } finally {
                if (!good) {
                    opened.close();
                }
            }
            close(fresh.getAndSet(new Model(opened, path)));
        }
        if (before == null
                || !before.node().equals(next.node())
                || !before.nodes().equals(next.nodes())) {
            nodes.plan(options.addresses(), next.node(), next.nodes());
        }
        inForce = next;
    }

    private static void close(Model model) {
        if (model != null) {
            model.runtime().close();
        }
    }

    /** What was taken before, and what there is new now. */
    private void follow() {
        if (options.control() != null) {
            options.control().poll();
            tryToApply(options.control().inForce(begun));
        }
    }

    private void keepFollowing() throws InterruptedException {
        while (!closing) {
            Thread.sleep((long) (1e3 * options.controlSeconds()));
            if (options.control().poll()) {
                tryToApply(options.control().inForce(begun));
            }
        }
    }

    private void tryToApply(InForce next) {
        try {
            apply(next);
        } catch (UserError e) {
            options.say().accept("going on as before: " + e.getMessage());
        }
    }

    /** The model to decide with: a fresh one, once there is one. */
    private Model model() {
        Model next = fresh.getAndSet(null);
        if (next != null) {
            close(model);
            model = next;
            if (budget != null && budget.follower() != null) {
                budget.moveTo(next.path());
            }
        }
        return model;
    }

    /** Hears from the outbox what is on disk. Before the epoch is known, nothing of the log file is written. */
    private final class Listening implements Outbox.Listener {
        private final Offloads offloads;
        private final List<EventEnd> early = new ArrayList<>();
        private Long epoch;

        Listening(Offloads offloads) {
            this.offloads = offloads;
        }

        private void opened(long known) {
            epoch = known;
            early.forEach(this::ended);
            early.clear();
        }

        @Override
        public void ended(EventEnd end) {
            if (log == null) {
                return;
            }
            if (epoch == null) {
                early.add(end);
            } else {
                log.ended(end, end.seq() > 0 ? new EventId(epoch, end.seq()).toString() : null);
            }
        }

        @Override
        public void accepted(OutboxEvent event) {
            if (epoch != null) {
                offloads.offloaded(new EventId(epoch, event.seq()), event.event());
            }
            queue.add(event);
        }

        @Override
        public void forget() {
            if (log != null) {
                log.force();
            }
        }
    }

    private void begin(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        failure.compareAndSet(null, e);
                    }
                },
                name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }

    static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /**
     * Works until the source ends and all has ended, or until told to stop.
     *
     * @param feed from its beginning: what was taken before is passed over
     * @param pace from the first event that was not taken before
     */
    public void run(EventFeed feed, Pace pace, BooleanSupplier stop) {
        for (long passed = outbox.taken(); passed > 0 && !stop.getAsBoolean(); passed--) {
            if (feed.next().isEmpty()) {
                break;
            }
        }
        long begin = nowMicros();
        boolean more = true;
        while (more && goesOn(stop)) {
            more = waitsFor(pace.next(), begin, stop) && take(feed);
        }
        while (goesOn(stop) && !(outbox.lineBytes() == 0 && queue.isIdle())) {
            pause(POLL_MILLIS / 10);
        }
    }

    private boolean goesOn(BooleanSupplier stop) {
        RuntimeException bug = failure.get();
        if (bug != null) {
            throw bug;
        }
        return !stop.getAsBoolean();
    }

    private long arrivedMicros;

    /** Waits for the next event's time and for the disk; false if there is none, or it is time to stop. */
    private boolean waitsFor(double seconds, long begin, BooleanSupplier stop) {
        if (seconds == Double.POSITIVE_INFINITY) {
            return false;
        }
        long at = Double.isNaN(seconds) ? Long.MIN_VALUE : begin + (long) (1e6 * seconds);
        for (long now = nowMicros(); now < at || outbox.lineBytes() > MOST_IN_LINE; now = nowMicros()) {
            if (!goesOn(stop)) {
                return false;
            }
            pause(now < at ? (at - now) / 1000 : POLL_MILLIS);
        }
        arrivedMicros = Double.isNaN(seconds) ? nowMicros() : at;
        return true;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(Math.max(1, Math.min(POLL_MILLIS, millis)));
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Takes and decides one event; false if there is none. */
    private boolean take(EventFeed feed) {
        Optional<EventFeed.Item> next = feed.next();
        if (next.isEmpty()) {
            return false;
        }
        long arrived = arrivedMicros;
        Payload[] payload = new Payload[1];
        EdgeRuntime.Result result;
        try {
            if (next.get().problem() != null) {
                throw new IllegalArgumentException(next.get().problem());
            }
            result = options.format()
                    .decide(
                            model().runtime(),
                            budget == null ? null : budget.follower(),
                            next.get().values(),
                            made -> payload[0] = made);
        } catch (IllegalArgumentException e) {
            options.say().accept("event " + (outbox.taken() + 1) + " cannot be read: " + e.getMessage());
            outbox.keep(EventEnd.Kind.UNREADABLE, 0, -1);
            return true;
        }
        // Where a budget is followed the rule moves by itself, and what it decides says nothing of drift.
        if (watch != null && budget == null) {
            watch.decided(model.runtime(), result);
        }
        if (result.critical()) {
            long deadline = arrived + (long) (1e6 * options.deadlineSeconds());
            outbox.accept(result.exit(), arrived, deadline, payload[0].encoded());
        } else {
            outbox.keep(EventEnd.Kind.DROPPED, result.exit(), 1000 * Math.max(0, nowMicros() - arrived));
        }
        return true;
    }

    /** Writes to the disk what is in line, as fast as it can. */
    private void flush() throws InterruptedException {
        while (!closing) {
            if (outbox.awaitLine(DISK_MILLIS) && !flushed()) {
                Thread.sleep(DISK_MILLIS);
            }
        }
    }

    private synchronized boolean flushed() {
        try {
            outbox.flush();
            if (diskTold) {
                options.say().accept("the disk takes events again");
            }
            diskTold = false;
            return true;
        } catch (IOException e) {
            if (!diskTold) {
                options.say().accept(e.getMessage() + "; no more events are taken until it can be");
            }
            diskTold = true;
            return false;
        }
    }

    private void send() throws InterruptedException {
        for (SendQueue.Item item = queue.take(nodes::readyMicros);
                item != null;
                item = queue.take(nodes::readyMicros)) {
            try {
                send(item);
            } catch (IOException e) {
                throw new UserError(e.getMessage(), e);
            }
        }
    }

    private void send(SendQueue.Item item) throws IOException, InterruptedException {
        OutboxEvent event = item.event();
        long now = nowMicros();
        if (now >= event.deadlineMicros()) {
            end(item, EventEnd.Kind.MISSED, "", null, -1);
            return;
        }
        NodeClient node = nodes.ready(now);
        if (node == null) {
            queue.giveBack(item, 0);
            return;
        }
        String id = new EventId(outbox.epoch(), event.seq()).toString();
        Payload payload = Payload.decoded(outbox.payload(event));
        Message call = InferenceCall.request(id, options.id(), outbox.settled(), payload);
        item.tried();
        Reply reply = node.send(options.format().model(), id, call, (event.deadlineMicros() - now) / 1e6);
        long after = nowMicros();
        boolean again = nodes.heard(node, reply, after);
        if (reply instanceof Reply.Answered answered) {
            boolean late = after > event.deadlineMicros();
            EventEnd.Kind kind = late
                    ? EventEnd.Kind.LATE
                    : answered.answer().classId() < 0 ? EventEnd.Kind.REJECTED : EventEnd.Kind.CLASSIFIED;
            end(item, kind, name(node), answered.answer(), 1000 * Math.max(0, after - event.arrivedMicros()));
        } else if (again) {
            queue.giveBack(item, reply instanceof Reply.Failed ? nodes.againMicros(item.tries(), after) : 0);
        } else if (reply instanceof Reply.Refused refused) {
            options.say()
                    .accept("event " + event.event() + ": node " + node.address() + " refuses it: " + refused.why());
            end(item, EventEnd.Kind.REFUSED, name(node), null, -1);
        } else {
            throw new IllegalStateException("unknown reply " + reply);
        }
    }

    private String name(NodeClient node) {
        return node.address().id().isEmpty() ? inForce.node() : node.address().id();
    }

    private void end(
            SendQueue.Item item, EventEnd.Kind kind, String node, InferenceCall.Answer answer, long delayNanos) {
        OutboxEvent event = item.event();
        outbox.end(new EventEnd(
                event.event(),
                event.seq(),
                kind,
                answer == null ? -1 : answer.classId(),
                event.exit(),
                answer == null ? 0 : answer.exit(),
                node,
                item.tries(),
                delayNanos));
        queue.done();
    }

    /** Events that were taken from the source, also by earlier runs. */
    public long taken() {
        return outbox.taken();
    }

    /** What is on disk now; may be asked after {@link #close}, too. */
    public DeviceSummary summary() {
        return DeviceSummary.of(options.id(), outbox.ledger(), outbox.waiting().size());
    }

    /** Lets what is on its way end, for a while, writes what is known to the disk, and lets go of the outbox. */
    @Override
    public void close() {
        long until = System.nanoTime()
                + Duration.ofMillis((long) (1e3 * options.drainSeconds())).toNanos();
        queue.end();
        while (!queue.isUnheld() && System.nanoTime() < until && failure.get() == null) {
            pause(POLL_MILLIS / 10);
        }
        closing = true;
        if (watch != null) {
            watch.close();
        }
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
            outbox.close();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        } catch (IOException e) {
            throw new UserError(e.getMessage(), e);
        } finally {
            close(fresh.getAndSet(null));
            close(model);
            model = null;
            if (log != null) {
                log.close();
            }
        }
    }
}
