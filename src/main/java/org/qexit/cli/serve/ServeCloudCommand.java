package org.qexit.cli.serve;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.bundle.BundleSignature;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.StopSignal;
import org.qexit.cli.console.TlsOptions;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.cloud.DataSetLabels;
import org.qexit.experiment.cloud.DeployedModel;
import org.qexit.nn.node.Payload;
import org.qexit.nn.node.PayloadKind;
import org.qexit.tier.live.cloud.CloudService;
import org.qexit.tier.live.cloud.CloudSettings;
import org.qexit.tier.live.cloud.LabelFile;
import org.qexit.tier.live.cloud.LabelSource;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.scenario.CloudSpec;
import org.qexit.tier.scenario.Scenario;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The cloud server's process. */
@Command(
        name = "cs",
        description =
                "Serves control documents and bundles to devices and nodes. With --model it also collects what nodes answered, trains"
                        + " their model on when labels say so, and publishes what passes an exact test.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit serve cs control --http-port 9443 --tls certificates/cloud-cs",
            "  qexit serve cs control --plain --model models/en --key keys/fleet.key.pem \\",
            "    --labels labels.csv --rules rules.yaml",
            "%nPrints 'ready: ADDRESS' when it serves. Ctrl-C and SIGTERM let running requests end; a second one ends at once.",
        })
final class ServeCloudCommand implements Callable<Integer> {
    private static final int MOST_PORT = 65_535;
    private static final int MOST_DRAIN = 3_600;
    private static final double MILLIS = 1e3;
    private static final double SNAPSHOT_SECONDS = 30;

    @Parameters(paramLabel = "DIR", description = "Control documents, as qexit control publishes them.")
    private Path control;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to serve at (${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--http-port",
            paramLabel = "P",
            defaultValue = "9443",
            description = "Port (${DEFAULT-VALUE}); 0 is any free one.")
    private int port;

    @Mixin
    private TlsOptions tls;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Learn: the model directory that the nodes' bundle was made of.")
    private Path model;

    @Option(
            names = "--thresholds",
            paramLabel = "FILE",
            description = "Its thresholds. Default: only the last exit decides.")
    private Path thresholds;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Ed25519 private key that signs documents and bundles, PEM of PKCS #8.")
    private Path key;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "When to train and what to accept: YAML as 'cloud' in scenarios, docs/simulation.md.")
    private Path rules;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "CSV with the header event,class: the truth of events, DEVICE/EPOCH-SEQ. May grow.")
    private Path labels;

    @Option(
            names = "--trial",
            paramLabel = "DATASET",
            description =
                    "In the place of --labels, when devices replay a data set's images: its classes, late and for a share of the"
                            + " events as 'labels' in --rules says (all, at once).")
    private String trial;

    @Mixin
    private DataLocation data;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = "cloud.state",
            description = "What it keeps (${DEFAULT-VALUE}).")
    private Path state;

    @Option(
            names = "--node",
            paramLabel = "ID",
            description = "Publish accepted models for this node, may be repeated. Default: for all.")
    private List<String> nodes;

    @Option(names = "--name", description = "Name of the bundles. Default: the model directory's.")
    private String name;

    @Option(
            names = "--fleet",
            paramLabel = "NAME",
            description = "With --plain: the deployment. Default: the documents'.")
    private String fleet;

    @Option(
            names = "--per-device",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Events of one device that are kept at most (${DEFAULT-VALUE}).")
    private int perDevice;

    @Option(
            names = "--accuracy",
            paramLabel = "SHARE",
            defaultValue = "0.98",
            description = "Share of a candidate's best class accuracy that its thresholds keep (${DEFAULT-VALUE}).")
    private double accuracy;

    @Option(names = "--seed", defaultValue = "1", description = "Of all choices (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--drain-seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "The longest that running requests are waited for at the end (${DEFAULT-VALUE}).")
    private double drainSeconds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Credentials credentials = tls.credentials().orElse(null);
        if (!(drainSeconds >= 0 && drainSeconds <= MOST_DRAIN)) {
            throw new UserError("--drain-seconds is " + drainSeconds + "; expected 0 to " + MOST_DRAIN);
        }
        if (!Files.isDirectory(control)) {
            throw new UserError(control + ": no such directory. Maybe publish something first: qexit control publish");
        }
        CloudService.Options options = new CloudService.Options(
                address(), credentials, HttpLimits.standard(), control, line -> System.err.println("qexit: " + line));
        CloudService.Learning learning = learning();
        return StopSignal.heeded(stop -> serve(options, learning, stop));
    }

    private CloudService.Learning learning() {
        if (model == null) {
            if (key != null
                    || labels != null
                    || trial != null
                    || rules != null
                    || thresholds != null
                    || nodes != null) {
                throw new UserError(
                        "--key, --labels, --trial, --rules, --thresholds and --node go with --model, which is missing");
            }
            return null;
        }
        if (key == null) {
            throw new UserError("--key is missing; expected the key that signs accepted models");
        }
        PrivateKey secret = BundleSignature.readPrivateKey(key);
        try {
            CloudSpec said =
                    rules == null ? Json.parse("rules", "{}", CloudSpec.class) : Json.readYaml(rules, CloudSpec.class);
            DeployedModel.Training how = new DeployedModel.Training(said.training(), accuracy);
            DeployedModel deployed = DeployedModel.read(model, thresholds, how);
            LabelSource truth = truth(said, deployed);
            CloudSettings settings = new CloudSettings(
                    said.rules(deployed.classes(), deployed.role().critical(), seed),
                    deployed.payloadBytes(),
                    perDevice,
                    nodes == null ? List.of("*") : nodes,
                    SNAPSHOT_SECONDS);
            String called = name == null
                    ? model.toAbsolutePath().normalize().getFileName().toString()
                    : name;
            return new CloudService.Learning(
                    settings, state, deployed, DeployedModel.reader(how), secret, called, fleet, truth, 1);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private LabelSource truth(CloudSpec said, DeployedModel deployed) {
        if (labels != null && trial != null) {
            throw new UserError("--labels and --trial are given; expected one of them");
        }
        if (trial == null) {
            return labels == null ? LabelSource.NONE : new LabelFile(labels, deployed.classes());
        }
        Payload payload = deployed.role().payload();
        if (payload.kind() != PayloadKind.EVENT || payload.bits() != Byte.SIZE) {
            throw new UserError("--trial: nodes are sent " + payload.kind().label() + " of " + payload.bits()
                    + " bits; expected events of 8, by which images are known again");
        }
        DatasetCatalog catalog = data.catalog();
        return new DataSetLabels(
                List.of(catalog.load(trial, Split.TRAIN), catalog.load(trial, Split.TEST)),
                said.labels() == null ? new Scenario.Labels(1, 0) : said.labels(),
                RandomStreams.of(seed));
    }

    private InetSocketAddress address() {
        if (port < 0 || port > MOST_PORT) {
            throw new UserError("--http-port is " + port + "; expected 0 to " + MOST_PORT);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new UserError("--host is '" + UserError.shown(host) + "', which has no address", e);
        }
    }

    private int serve(CloudService.Options options, CloudService.Learning learning, AtomicBoolean stop) {
        PrintWriter out = spec.commandLine().getOut();
        try (CloudService service = CloudService.start(options, learning)) {
            out.println("ready: " + service.address());
            out.flush();
            StopSignal.await(stop);
            if (!service.drain(Duration.ofMillis((long) (MILLIS * drainSeconds)))) {
                PrintWriter err = spec.commandLine().getErr();
                err.println("qexit: some requests were not answered within " + drainSeconds + " s");
                err.flush();
            }
        }
        return ExitCode.OK;
    }
}
