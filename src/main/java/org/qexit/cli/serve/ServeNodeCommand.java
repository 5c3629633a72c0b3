package org.qexit.cli.serve;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleSignature;
import org.qexit.cli.console.CloudOptions;
import org.qexit.cli.console.ControlOptions;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.StopSignal;
import org.qexit.cli.console.TlsOptions;
import org.qexit.common.UserError;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.node.NodeFollower;
import org.qexit.tier.live.node.NodePlan;
import org.qexit.tier.live.node.NodeServer;
import org.qexit.tier.live.node.NodeService;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An edge node's process. */
@Command(
        name = "en",
        description =
                "Serves an edge node's bundle by the Open Inference Protocol v2, to the devices that the plan has at this node.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit serve en bundles/en --plan plan.json --node en1 --http-port 8443 --tls certificates/node-en1",
            "  qexit serve en bundles/en --plan plan.json --node en1 --http-port 8080 --plain",
            "  qexit serve en bundles/en --plan plan.json --node en1 --http-port 8443 --grpc-port 8444 \\",
            "      --tls certificates/node-en1 --control https://cs:8443 --trust key.pub.pem",
            "  qexit serve en bundles/en --plan plan.json --node en1 --plain --on Pullover=http://127.0.0.1:9000/alerts",
            "  curl http://127.0.0.1:8080/v2/health/ready",
            "  curl http://127.0.0.1:8080/v2/models/NAME",
            "  curl http://127.0.0.1:8080/metrics",
            "%nPrints 'ready: ADDRESS' when it serves. Ctrl-C and SIGTERM let running requests end; a second one ends at once.",
        })
final class ServeNodeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "BUNDLE", description = "An edge node's bundle: a directory or a zip file.")
    private Path bundle;

    @Option(
            names = "--plan",
            paramLabel = "PLAN",
            required = true,
            description = "The plan that is kept: which devices, and how many events of each.")
    private Path plan;

    @Option(names = "--node", paramLabel = "ID", required = true, description = "Which node of the plan this is.")
    private String node;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to serve at (${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--http-port",
            paramLabel = "P",
            defaultValue = "8080",
            description = "Port of HTTP (${DEFAULT-VALUE}); 0 is any free one.")
    private int httpPort;

    @Option(names = "--grpc-port", paramLabel = "G", description = "Also serve gRPC at this port; 0 is any free one.")
    private Integer grpcPort;

    @Mixin
    private TlsOptions tls;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Where the node keeps what it has answered, so that no event counts twice. Default: NODE.state")
    private Path state;

    @Option(names = "--key", paramLabel = "PEM", description = "Refuse the bundle unless this public key signed it.")
    private Path key;

    @Option(
            names = "--period-seconds",
            paramLabel = "S",
            defaultValue = "600",
            description = "The plan's period (${DEFAULT-VALUE}).")
    private double periodSeconds;

    @Option(
            names = "--units-per-event",
            paramLabel = "R",
            defaultValue = "1",
            description =
                    "Compute units that an event takes in the mean, as the instance says of the node (${DEFAULT-VALUE}).")
    private double unitsPerEvent;

    @Option(
            names = "--max-batch",
            paramLabel = "N",
            defaultValue = "32",
            description = "Events in one request (${DEFAULT-VALUE}).")
    private int maxBatch;

    @Option(
            names = "--max-requests",
            paramLabel = "N",
            defaultValue = "128",
            description = "Requests at a time; the rest is told 503 (${DEFAULT-VALUE}).")
    private int maxRequests;

    @Option(
            names = "--request-seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "The longest that a request may take to come (${DEFAULT-VALUE}).")
    private double requestSeconds;

    @Option(
            names = "--drain-seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "The longest that running requests are waited for at the end (${DEFAULT-VALUE}).")
    private double drainSeconds;

    @Mixin
    private ControlOptions control;

    @Mixin
    private CloudOptions cloud;

    @Option(
            names = "--on",
            paramLabel = "CLASS=URL",
            description =
                    "Post an alert there for every event of a device that is of this class, once; may be repeated.")
    private Map<String, URI> alerts = Map.of();

    @Option(names = "--threads", paramLabel = "N", description = "Inferences at a time. Default: all cores.")
    private Integer threads;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!(unitsPerEvent > 0 && unitsPerEvent <= 1)) {
            throw new UserError("--units-per-event is " + unitsPerEvent + "; expected more than 0, and at most 1");
        }
        Credentials credentials = tls.credentials().orElse(null);
        if (!(drainSeconds >= 0 && drainSeconds <= 3600)) {
            throw new UserError("--drain-seconds is " + drainSeconds + "; expected 0 to 3600");
        }
        Bundle opened = Bundle.open(bundle);
        if (key != null) {
            opened.verifySignature(BundleSignature.readPublicKey(key));
        }
        NodePlan kept = NodePlan.read(plan, node, unitsPerEvent);
        NodeServer.Options options = options(credentials);
        return StopSignal.heeded(stop -> serve(opened, kept, options, stop));
    }

    private NodeServer.Options options(Credentials credentials) {
        try {
            int cores = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
            HttpLimits limits = HttpLimits.standard().withRequests(maxRequests).withRequestSeconds(requestSeconds);
            return new NodeServer.Options(
                    address("--http-port", httpPort),
                    grpcPort == null ? null : address("--grpc-port", grpcPort),
                    credentials,
                    state(),
                    limits,
                    new NodeService.Settings(
                            credentials == null ? null : credentials.identity().level(),
                            periodSeconds,
                            maxBatch,
                            cores,
                            requestSeconds),
                    follow(credentials),
                    alerts(),
                    cloud.settings(credentials, control.fleet(), Role.NODE, node),
                    line -> System.err.println("qexit: " + line));
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private Map<String, URI> alerts() {
        alerts.forEach((name, receiver) -> {
            boolean web = "http".equals(receiver.getScheme()) || "https".equals(receiver.getScheme());
            if (!web || receiver.getHost() == null) {
                throw new UserError("--on " + name + "=" + UserError.shown(receiver.toString())
                        + ": expected CLASS=URL with an http or https address");
            }
        });
        return alerts;
    }

    /** What to follow, or null. */
    private NodeFollower.Settings follow(Credentials credentials) {
        ControlOptions.Followed followed = control.followed(credentials, cloud);
        return followed == null
                ? null
                : new NodeFollower.Settings(followed.source(), followed.trust(), control.seconds(), unitsPerEvent);
    }

    private Path state() {
        if (state == null && !node.matches(Identity.NAME)) {
            throw new UserError(
                    "--node is '" + UserError.shown(node) + "', which names no directory; expected --state");
        }
        return state == null ? Path.of(node + ".state") : state;
    }

    private InetSocketAddress address(String option, int port) {
        if (port < 0 || port > 65535) {
            throw new UserError(option + " is " + port + "; expected 0 to 65535");
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new UserError("--host is '" + UserError.shown(host) + "', which has no address", e);
        }
    }

    private int serve(Bundle opened, NodePlan kept, NodeServer.Options options, AtomicBoolean stop) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (NodeServer server = NodeServer.start(opened, kept, options)) {
            out.println("ready: " + server.address() + (server.grpcPort() == 0 ? "" : " grpc " + server.grpcPort())
                    + " node " + node + " model " + opened.manifest().name());
            out.flush();
            StopSignal.await(stop);
            if (!server.drain(Duration.ofMillis((long) (1000 * drainSeconds)))) {
                err.println("qexit: some requests were not answered within " + drainSeconds + " s");
                err.flush();
            }
        }
        return ExitCode.OK;
    }
}
