package org.qexit.cli.up;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.StopSignal;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.experiment.up.RunFleet;
import org.qexit.experiment.up.RunLearning;
import org.qexit.tier.live.up.Disturbance;
import org.qexit.tier.live.up.LiveDeployment;
import org.qexit.tier.live.up.LiveFleet;
import org.qexit.tier.live.up.NodeHost;
import org.qexit.tier.live.up.Offloaded;
import org.qexit.tier.live.up.ProcessNodes;
import org.qexit.tier.live.up.ThreadNodes;
import org.qexit.tier.live.up.UpFolder;
import org.qexit.tier.live.up.UpSettings;
import org.qexit.tier.live.up.UpSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A finished run as a deployment on this machine. */
@Command(
        name = "up",
        description =
                "Brings a finished run up on this machine: makes keys and certificates, exports and signs its models, starts the"
                        + " cloud server, the edge nodes and the devices, which replay their test events over mutual TLS, and"
                        + " shows on a page what they do.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit up runs/quickstart",
            "  qexit up runs/edge-node --speed 5 --seconds 60 --http-port 8080",
            "  qexit up runs/edge-node --nodes-as processes --out deployment --json",
            "  qexit up runs/edge-node --learn --drift noise=0.3@20",
            "%nEnds with the events, after --seconds, or by Ctrl-C: devices take no more events and wait for their answers, nodes"
                    + " and cloud server end after them. Ledgers of devices and journals of nodes are then held against each"
                    + " other. What is shown and what one can do meanwhile: docs/operations.md",
        })
public final class UpCommand implements Callable<Integer> {
    private static final double DEMO_SECONDS = 60;
    private static final int MOST_PORT = 65_535;

    /** How nodes run. */
    enum NodesAs {
        THREADS,
        PROCESSES
    }

    @Parameters(paramLabel = "RUN", description = "A finished run with edge nodes' models (section edgeNode).")
    private Path run;

    @Option(names = "--model", paramLabel = "NAME", description = "Which of the run's models. Default: its first.")
    private String model;

    @Option(
            names = "--nodes-as",
            paramLabel = "HOW",
            defaultValue = "threads",
            description = "threads of this process, or processes of their own (${DEFAULT-VALUE}).")
    private NodesAs nodesAs;

    @Option(
            names = "--speed",
            paramLabel = "X",
            description =
                    "Events come X times as fast as planned, and what nodes grant renews as fast. Default: all events within a"
                            + " minute.")
    private Double speed;

    @Option(
            names = "--http-port",
            paramLabel = "P",
            defaultValue = "0",
            description = "Port of the page, on 127.0.0.1 (${DEFAULT-VALUE}); 0 is any free one.")
    private int port;

    @Option(names = "--seconds", paramLabel = "S", description = "End after so long. Default: with the events.")
    private Double seconds;

    @Option(
            names = "--deadline-seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "From an event's arrival to its answer; a later one is a miss (${DEFAULT-VALUE}).")
    private double deadlineSeconds;

    @Option(
            names = "--drain-seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "The longest that answers are waited for at the end (${DEFAULT-VALUE}).")
    private double drainSeconds;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Keep keys, certificates, bundles, documents, journals and logs here, a new or empty directory. Default: a"
                            + " temporary one, which goes with the deployment.")
    private Path out;

    @Option(
            names = "--learn",
            description =
                    "Nodes tell the cloud server what they answered; it is told the true classes, late and in part, trains the"
                            + " nodes' model on, tests, and publishes what passes.")
    private boolean learn;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description =
                    "With --learn: when to train and what to accept: YAML as 'cloud' in scenarios, docs/simulation.md. Default: for"
                            + " every 25 labelled events to learn from and on alarms of drift; labels of 70 %% of the events after 2 s.")
    private Path rules;

    @Option(
            names = "--drift",
            paramLabel = "noise=SIGMA@S",
            description =
                    "From second S on devices see Gaussian noise on their events, SIGMA in units of the largest value.")
    private String drift;

    @Mixin
    private DataLocation data;

    @Option(names = "--json", description = "Print the summary as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        check();
        RunFleet.check(run);
        Path root = out == null ? temporary() : out;
        try {
            UpFolder folder = UpFolder.make(root);
            return StopSignal.heeded(stop -> bringUp(folder, stop));
        } finally {
            if (out == null) {
                remove(root);
            }
        }
    }

    private void check() {
        if (port < 0 || port > MOST_PORT) {
            throw new UserError("--http-port is " + port + "; expected 0 to " + MOST_PORT);
        }
        if (rules != null && !learn) {
            throw new UserError("--rules goes with --learn, which is missing");
        }
        if (drift != null) {
            Disturbance.parse("--drift", drift);
        }
        range("--speed", speed, 1e-6, 1e6);
        range("--seconds", seconds, 0.1, 1e7);
        range("--deadline-seconds", deadlineSeconds, 1e-3, 1e7);
        range("--drain-seconds", drainSeconds, 0, 3600);
    }

    private static void range(String option, Double value, double least, double most) {
        if (value != null && !(value >= least && value <= most)) {
            throw new UserError(option + " is " + value + "; expected " + least + " to " + most);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("up");
        } catch (IOException e) {
            throw new UserError("no temporary directory can be made: " + e.getMessage() + ". Maybe give one: --out", e);
        }
    }

    private static void remove(Path root) {
        try {
            AtomicFiles.deleteTree(root);
        } catch (IOException e) {
            throw new UserError(root + ": cannot be removed: " + e.getMessage(), e);
        }
    }

    private int bringUp(UpFolder folder, AtomicBoolean stop) {
        Progress.say("exporting and signing the models of " + run);
        LiveFleet fleet = RunFleet.of(run, model, data.directory(), folder);
        Offloaded offloaded = new Offloaded();
        UpSettings settings = new UpSettings(
                speed == null ? fleet.speedFor(DEMO_SECONDS) : speed,
                seconds,
                deadlineSeconds,
                drainSeconds,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                nodes(),
                learn ? new RunLearning(run, model, data.directory()).of(fleet, offloaded, folder, rules) : null,
                offloaded,
                drift == null ? null : Disturbance.parse("--drift", drift),
                this::say);
        UpSummary summary;
        try (LiveDeployment deployment = LiveDeployment.start(fleet, folder, settings)) {
            ready(fleet, deployment.address());
            summary = deployment.run(stop::get);
        }
        PrintWriter console = spec.commandLine().getOut();
        if (json) {
            console.println(Json.compact(summary));
        } else {
            UpText.print(console, summary);
        }
        console.flush();
        summary.differences().forEach(difference -> say("does not add up: " + difference));
        return summary.addsUp() ? ExitCode.OK : ExitCode.BUG;
    }

    /** With --json the summary alone is on standard output. */
    private void ready(LiveFleet fleet, String address) {
        PrintWriter to = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        to.println("ready: " + address + " " + fleet.devices().size() + " devices, "
                + fleet.nodes().size() + " edge nodes");
        to.flush();
    }

    private synchronized void say(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("qexit: " + line);
        err.flush();
    }

    private NodeHost nodes() {
        return switch (nodesAs) {
            case THREADS -> new ThreadNodes();
            case PROCESSES -> new ProcessNodes(program());
        };
    }

    /** This program again: the same Java, class path and native libraries. */
    private static List<String> program() {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("-Djava.awt.headless=true");
        words.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
        if (Runtime.version().feature() >= 24) {
            words.add("--enable-native-access=ALL-UNNAMED");
            words.add("--sun-misc-unsafe-memory-access=allow");
        }
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.qexit.cli.Main"));
        return words;
    }
}
