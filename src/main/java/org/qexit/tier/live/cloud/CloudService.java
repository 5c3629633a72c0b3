package org.qexit.tier.live.cloud;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.qexit.common.UserError;
import org.qexit.tier.cloud.Evidence;
import org.qexit.tier.live.control.ControlPublisher;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.http.HttpService;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** A running cloud server. */
public final class CloudService implements AutoCloseable {
    private static final double MILLIS = 1e3;
    /** A training takes longer; it is lost, and nothing else. */
    private static final long MAX_JOIN_MILLIS = 2_000;

    private final CloudRoutes routes;
    private final HttpService http;
    private final CloudData data;
    private final Training training;
    private final LabelSource labels;
    private final Consumer<String> log;
    private final double tickSeconds;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread worker;
    private String told;

    /**
     * Where and how it is served.
     *
     * @param address of HTTP
     * @param credentials for mutual TLS; null for none, on loopback
     * @param limits what it puts up with
     * @param control directory of control documents
     * @param log takes a line on what should be known
     */
    public record Options(
            InetSocketAddress address,
            Credentials credentials,
            HttpLimits limits,
            Path control,
            Consumer<String> log) {}

    /**
     * How it learns.
     *
     * @param settings limits and rules
     * @param state directory of what it keeps, of this server alone
     * @param deployed the nodes' model in force when it starts for the first time
     * @param reader of model directories
     * @param key signs bundles and documents
     * @param name of the bundles
     * @param fleet the deployment; not asked for with certificates; null for that of the documents which are there
     * @param labels where truth comes from
     * @param tickSeconds between two looks at labels and orders
     */
    public record Learning(
            CloudSettings settings,
            Path state,
            NodeModel deployed,
            NodeModel.Reader reader,
            PrivateKey key,
            String name,
            String fleet,
            LabelSource labels,
            double tickSeconds) {}

    private CloudService(Options options, Learning learning) {
        log = options.log();
        Credentials credentials = options.credentials();
        if (learning == null) {
            data = null;
            training = null;
            labels = LabelSource.NONE;
            tickSeconds = 1;
        } else {
            labels = learning.labels();
            tickSeconds = learning.tickSeconds();
            data = new CloudData(
                    learning.state(), learning.settings(), learning.deployed().sha256(), labels, log);
            training = new Training(
                    learning.state(),
                    data,
                    learning.settings(),
                    learning.deployed(),
                    learning.reader(),
                    new Training.Published(
                            new ControlPublisher(options.control(), learning.key()),
                            credentials == null
                                    ? learning.fleet()
                                    : credentials.identity().fleet(),
                            learning.key(),
                            learning.name()),
                    log);
            data.awaitLabels(now());
        }
        routes = new CloudRoutes(options.control(), data, new Callers(credentials), log);
        http = serve(options);
        worker = new Thread(this::work, "cloud");
        worker.setDaemon(true);
    }

    /**
     * Starts to serve.
     *
     * @param learningOrNull null to serve documents only
     * @throws UserError if the certificate is not a cloud server's, or an address or the state cannot be had
     */
    public static CloudService start(Options options, Learning learningOrNull) {
        if (options.credentials() != null) {
            Identity own = options.credentials().identity();
            if (own.role() != Role.CLOUD) {
                throw new UserError("the certificate is of " + own + "; expected that of a cloud server");
            }
        }
        CloudService service = new CloudService(options, learningOrNull);
        if (learningOrNull != null) {
            service.worker.start();
        }
        return service;
    }

    private HttpService serve(Options options) {
        Credentials credentials = options.credentials();
        boolean served = false;
        try {
            HttpService started = HttpService.start(
                    options.address(),
                    credentials == null ? null : credentials.context(),
                    options.limits(),
                    routes.all(),
                    routes.watch());
            served = true;
            return started;
        } finally {
            if (!served && data != null) {
                closeData();
            }
        }
    }

    static double now() {
        return System.currentTimeMillis() / MILLIS;
    }

    private void work() {
        try {
            do {
                tick();
            } while (!ended.await((long) (MILLIS * tickSeconds), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever fails is told, once for each reason in a row, and tried again. */
    private void tick() {
        try {
            data.label(labels.due(now()));
            training.run(now());
            data.tidy(now());
            told = null;
        } catch (IOException | RuntimeException e) {
            String line = UserError.shown(String.valueOf(e.getMessage()));
            if (!line.equals(told)) {
                log.accept(
                        e instanceof UserError || e instanceof IOException
                                ? line
                                : "a bug: " + e.getClass().getSimpleName() + ": " + line);
                told = line;
            }
        }
    }

    /** Such as {@code https://127.0.0.1:8443}. */
    public String address() {
        return http.address();
    }

    /** Devices and nodes of which it has heartbeats. */
    public int reporting() {
        return routes.reporting();
    }

    /** Alarms of drift that it was told since it started. */
    public long alarms() {
        return routes.alarms();
    }

    /**
     * What it has learnt.
     *
     * @param version in force
     * @param events that are here
     * @param examples labelled events to learn from
     * @param tests labelled events that wait for a test
     * @param training the candidate that is being trained, or null
     * @param evidence of candidates that were tested
     */
    public record Learnt(
            long version, int events, int examples, int tests, Integer training, List<Evidence> evidence) {}

    /** What it has learnt so far, or null if it does not learn. */
    public Learnt learnt() {
        if (data == null) {
            return null;
        }
        Integer underWay = training.underWay();
        CloudData.Status status = data.status();
        List<Evidence> evidence = data.evidence();
        return new Learnt(
                status.version(), status.events(), status.examples(), status.waitingForTest(), underWay, evidence);
    }

    /** Takes no new requests, and waits until those that run are answered, or so long. */
    public boolean drain(Duration atMost) {
        return http.drain(atMost);
    }

    /** Ends; a training under way is given up, and ordered again at the next start. */
    @Override
    public void close() {
        http.close();
        ended.countDown();
        if (data == null) {
            return;
        }
        try {
            worker.join(MAX_JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeData();
    }

    private void closeData() {
        try {
            data.close();
        } catch (IOException e) {
            log.accept("the log cannot be closed: " + e.getMessage());
        }
    }
}
