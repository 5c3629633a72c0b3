package org.qexit.cli.device;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleSignature;
import org.qexit.cli.console.BudgetOptions;
import org.qexit.cli.console.CloudOptions;
import org.qexit.cli.console.ControlOptions;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.StopSignal;
import org.qexit.cli.console.TlsOptions;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.device.ControlFollower;
import org.qexit.tier.live.device.DeviceOptions;
import org.qexit.tier.live.device.DeviceProcess;
import org.qexit.tier.live.device.DeviceSummary;
import org.qexit.tier.live.device.InForce;
import org.qexit.tier.live.device.NodeAddress;
import org.qexit.tier.live.device.PayloadFormat;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A device's process. */
@Command(
        name = "device",
        description =
                "Runs a device: decides each event by the stages of its bundle, sends the critical ones to its edge node, and"
                        + " accounts for every event. What was not answered yet is on disk: after a kill, or when the node is"
                        + " back, the same command goes on.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit device bundle --id ue1 --events photos/ --en-bundle en-bundle --en https://node:8443 --tls certificates/device-ue1",
            "  qexit device bundle --id ue1 --events photos/ --en-model edge-node --en https://node:8443 \\",
            "      --tls certificates/device-ue1 --control https://cloud:8443 --trust keys/fleet.pub.pem --cloud https://cloud:8443",
            "  qexit device bundle --id ue1 --events runs/quickstart --en-model edge-node --en http://127.0.0.1:8080 --plain",
            "  qexit device bundle --id ue1 --events rows.csv --en-model edge-node --plain \\",
            "      --en en1=http://127.0.0.1:8080 --en en2=http://127.0.0.1:8081 --rate 20 --deadline-seconds 0.5 --json",
            "  qexit device bundle --id ue1 --events photos/ --en-model edge-node --en http://127.0.0.1:8080 --plain --follow-budget 0.1",
            "%nEvery event ends in one way: dropped as normal, classified or rejected by a node, or missed. How devices are run and"
                    + " watched: docs/operations.md",
        })
public final class DeviceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "BUNDLE", description = "A device's bundle: a directory or a zip file.")
    private Path bundle;

    @Option(names = "--id", paramLabel = "ID", required = true, description = "Which of its devices this is.")
    private String id;

    @Mixin
    private EventOptions events;

    @Option(
            names = "--en",
            paramLabel = "[ID=]URL",
            required = true,
            arity = "1..*",
            description =
                    "Edge nodes: that of the plan, and others that stand in for it while it is away if the plan has them and"
                            + " their certificate's level reaches the device's. Without an ID it is the plan's node.")
    private List<String> nodes;

    @Option(
            names = "--en-bundle",
            paramLabel = "BUNDLE",
            description =
                    "The edge node's bundle, which says what is sent: the event or features, and in how many bits.")
    private Path nodeBundle;

    @Option(
            names = "--en-model",
            paramLabel = "NAME",
            description = "Or only the name of the node's model, which takes events as they come.")
    private String nodeModel;

    @Mixin
    private TlsOptions tls;

    @Option(names = "--key", paramLabel = "PEM", description = "Refuse the bundle unless this public key signed it.")
    private Path key;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where the device keeps what it owes: its outbox and ledger. Default: ID.state")
    private Path state;

    @Mixin
    private ControlOptions control;

    @Mixin
    private CloudOptions cloud;

    @Mixin
    private BudgetOptions budget;

    @Option(
            names = "--deadline-seconds",
            paramLabel = "S",
            defaultValue = "10",
            description =
                    "From an event's arrival to its answer; a later one is a miss (${DEFAULT-VALUE}). Plans hold the deadline of"
                            + " the link alone.")
    private double deadlineSeconds;

    @Option(
            names = "--senders",
            paramLabel = "N",
            defaultValue = "4",
            description = "Events on their way at a time (${DEFAULT-VALUE}).")
    private int senders;

    @Option(
            names = "--drain-seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "The longest that events on their way are waited for at the end (${DEFAULT-VALUE}).")
    private double drainSeconds;

    @Option(names = "--log", paramLabel = "FILE", description = "Write one JSON line per event that has ended.")
    private Path log;

    @Option(names = "--json", description = "Print the summary as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        events.check();
        if ((nodeBundle == null) == (nodeModel == null)) {
            throw new UserError((nodeBundle == null ? "neither" : "both of") + " --en-bundle"
                    + (nodeBundle == null ? " nor" : " and") + " --en-model given; expected one of the two");
        }
        Bundle opened = Bundle.open(bundle);
        opened.checkForDevice();
        if (key != null) {
            opened.verifySignature(BundleSignature.readPublicKey(key));
        }
        InForce begun = InForce.of(opened, id);
        Credentials credentials = tls.credentials().orElse(null);
        DeviceOptions options = options(opened, credentials);
        return StopSignal.heeded(stop -> run(begun, options, stop));
    }

    private Path state() {
        return state == null ? Path.of(id + ".state") : state;
    }

    private ControlFollower follower(Credentials credentials) {
        ControlOptions.Followed followed = control.followed(credentials, cloud);
        return followed == null
                ? null
                : new ControlFollower(followed.source(), followed.trust(), state().resolve("control"), id, this::say);
    }

    private DeviceOptions options(Bundle opened, Credentials credentials) {
        if (credentials != null) {
            Identity own = credentials.identity();
            if (own.role() != Role.DEVICE || !own.id().equals(id)) {
                throw new UserError("--id is '" + UserError.shown(id) + "' but the certificate is of " + own);
            }
        }
        try {
            return new DeviceOptions(
                    id,
                    nodes.stream()
                            .map(node -> NodeAddress.parse(node, credentials == null))
                            .toList(),
                    format(opened),
                    events.source(),
                    state().resolve("outbox"),
                    log,
                    deadlineSeconds,
                    senders,
                    drainSeconds,
                    credentials,
                    credentials == null
                            ? Integer.MAX_VALUE
                            : credentials.identity().level(),
                    follower(credentials),
                    control.seconds(),
                    cloud.settings(credentials, control.fleet(), Role.DEVICE, id),
                    this::say);
        } catch (IllegalArgumentException e) {
            throw new UserError("--" + e.getMessage().replaceFirst("^(deadline|drain|control)S", "$1-s"), e);
        }
    }

    private PayloadFormat format(Bundle opened) {
        if (nodeModel != null) {
            return PayloadFormat.events(nodeModel, opened.manifest().input());
        }
        Bundle node = Bundle.open(nodeBundle);
        if (key != null) {
            node.verifySignature(BundleSignature.readPublicKey(key));
        }
        return PayloadFormat.of(
                node.manifest().name(), node.node(), node.manifest().input());
    }

    private synchronized void say(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("qexit: " + line);
        err.flush();
    }

    private int run(InForce begun, DeviceOptions options, AtomicBoolean stop) {
        DeviceProcess.Follow follow = budget.budget()
                .map(wanted -> new DeviceProcess.Follow(
                        wanted, budget.path(begun.bundle(), id).orElse(null)))
                .orElse(null);
        DeviceProcess device = DeviceProcess.start(begun, options, follow);
        try (device) {
            device.run(events.feed(id, begun.bundle().manifest().input()), events.pace(id, device.taken()), stop::get);
        }
        DeviceSummary summary = device.summary();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(summary));
        } else {
            print(out, summary);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void print(PrintWriter out, DeviceSummary summary) {
        out.println(summary.device() + ": " + summary.events() + " events, " + summary.unreadable() + " unreadable");
        out.println("  dropped     " + summary.dropped());
        out.println("  offloaded   " + summary.offloaded() + " (" + summary.retries() + " sent again)");
        out.println("  classified  " + summary.classified() + " " + summary.classes());
        out.println("  rejected    " + summary.rejected());
        out.println("  missed      " + summary.missed() + " (" + summary.late() + " late, " + summary.refused()
                + " refused)");
        out.println("  waiting     " + summary.waiting());
        if (summary.p50Seconds() != null) {
            out.println(String.format(
                    Locale.ROOT,
                    "  answered in p50 %.4g s, p95 %.4g s, p99 %.4g s",
                    summary.p50Seconds(),
                    summary.p95Seconds(),
                    summary.p99Seconds()));
        }
    }
}
