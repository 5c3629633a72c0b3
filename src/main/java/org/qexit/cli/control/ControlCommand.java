package org.qexit.cli.control;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.qexit.allocation.Plan;
import org.qexit.bundle.BundleSignature;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.ControlDocument;
import org.qexit.tier.live.control.ControlKind;
import org.qexit.tier.live.control.ControlListing;
import org.qexit.tier.live.control.ControlNames;
import org.qexit.tier.live.control.ControlPublisher;
import org.qexit.tier.live.control.ControlTrust;
import org.qexit.trace.ThresholdsFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Control documents. */
@Command(
        name = "control",
        description =
                "Publishes and checks the signed documents that devices and nodes follow: plans, thresholds, models.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ControlCommand.Publish.class, ControlCommand.Show.class, ControlCommand.Verify.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit export --new-key keys/release",
            "  qexit control publish control --fleet north --kind plan --file plan.json \\",
            "    --key keys/release.key.pem",
            "  qexit control show control",
            "  qexit control verify control --key keys/release.pub.pem",
        })
public final class ControlCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static Map<String, String> summary(ControlDocument document) {
        Map<String, String> summary = new LinkedHashMap<>();
        summary.put("fleet", document.fleet());
        summary.put("kind", document.kind().word());
        summary.put("subject", document.subject());
        summary.put("version", Long.toString(document.version()));
        summary.put("issued", document.issued());
        return summary;
    }

    private static void print(CommandSpec spec, boolean json, List<ControlDocument> documents, String prefix) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(
                    Json.compact(documents.stream().map(ControlCommand::summary).toList()));
        } else {
            documents.forEach(document -> out.println(
                    prefix + document.title() + ", fleet " + document.fleet() + ", issued " + document.issued()));
        }
        out.flush();
    }

    @Command(
            name = "publish",
            description =
                    "Signs a document under the next version. Followers take it when they look next; the one of before stays in"
                            + " history/. To go back, publish the old file again.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  qexit control publish control --fleet north --kind plan --file plan.json \\",
                "    --key keys/release.key.pem",
                "  qexit control publish control --kind thresholds --subject ue1 --file ue1.json \\",
                "    --key keys/release.key.pem",
                "  qexit control publish control --kind model --file bundles/en.zip \\",
                "    --key keys/release.key.pem      a bundle that is signed by the same key",
            })
    static final class Publish implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "The documents' directory.")
        private Path directory;

        @Option(names = "--kind", paramLabel = "KIND", required = true, description = "plan, thresholds or model.")
        private String kind;

        @Option(
                names = "--subject",
                paramLabel = "ID",
                defaultValue = ControlNames.ALL,
                description = "The device or node that it concerns. Default: '*', all.")
        private String subject;

        @Option(
                names = "--file",
                paramLabel = "FILE",
                required = true,
                description = "The plan, the thresholds, or the bundle's zip file.")
        private Path file;

        @Option(
                names = "--key",
                paramLabel = "KEY",
                required = true,
                description = "Ed25519 private key to sign with, PEM of PKCS #8.")
        private Path key;

        @Option(
                names = "--fleet",
                paramLabel = "NAME",
                description = "The deployment. Default: that of the documents which are there.")
        private String fleet;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            PrivateKey secret = BundleSignature.readPrivateKey(key);
            ControlPublisher publisher = new ControlPublisher(directory, secret);
            try {
                ControlKind what = ControlKind.of(kind);
                ControlDocument document = what == ControlKind.MODEL
                        ? publisher.publishModel(fleet, subject, file)
                        : publisher.publish(fleet, what, subject, body(what));
                print(spec, json, List.of(document), "published: ");
            } catch (IllegalArgumentException e) {
                throw new UserError(e.getMessage(), e);
            }
            return ExitCode.OK;
        }

        /** The file as it is, once it has been read as what it shall be. */
        private Map<String, Object> body(ControlKind what) {
            switch (what) {
                case PLAN -> {
                    if (!Json.read(file, Plan.class).isFeasible()) {
                        throw new UserError(
                                file + ": holds no plan that can be kept; expected status optimal or feasible");
                    }
                }
                case THRESHOLDS -> Json.read(file, ThresholdsFile.class);
                case MODEL -> throw new IllegalStateException("a bundle is no document");
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            Map<?, ?> read = Json.read(file, Map.class);
            read.forEach((name, value) -> fields.put((String) name, value));
            return fields;
        }
    }

    @Command(
            name = "show",
            description = "Lists the documents of a directory, whoever signed them, or prints the body of one.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  qexit control show control",
                "  qexit control show control --kind plan --subject ue1",
            })
    static final class Show implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "The documents' directory.")
        private Path directory;

        @Option(names = "--kind", paramLabel = "KIND", description = "Print the body of the one of this kind.")
        private String kind;

        @Option(
                names = "--subject",
                paramLabel = "ID",
                defaultValue = ControlNames.ALL,
                description = "With --kind: and this subject. Default: '*'.")
        private String subject;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            List<ControlDocument> documents = ControlListing.documents(present(directory));
            if (kind == null) {
                print(spec, json, documents, "");
                return ExitCode.OK;
            }
            ControlKind what = ControlKind.of(kind);
            ControlDocument one = documents.stream()
                    .filter(document ->
                            document.kind() == what && document.subject().equals(subject))
                    .findFirst()
                    .orElseThrow(() -> new UserError(
                            directory + ": holds no " + kind + " for '" + UserError.shown(subject) + "'"));
            PrintWriter out = spec.commandLine().getOut();
            out.print(json ? one.bodyText() + "\n" : Json.pretty(one.body()));
            out.flush();
            return ExitCode.OK;
        }
    }

    @Command(
            name = "verify",
            description = "Checks that followers would take every document and bundle of a directory.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  qexit control verify control --key keys/release.pub.pem",
                "%nExit code 1: one of them is not signed by the key, is spoilt, or names a bundle that is.",
            })
    static final class Verify implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "The documents' directory.")
        private Path directory;

        @Option(names = "--key", paramLabel = "PUB", required = true, description = "Ed25519 public key, PEM of X.509.")
        private Path key;

        @Option(
                names = "--fleet",
                paramLabel = "NAME",
                description = "The deployment that they must be for. Default: that of the first.")
        private String fleet;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            PublicKey open = BundleSignature.readPublicKey(key);
            present(directory);
            try {
                List<ControlDocument> documents = ControlListing.documents(directory);
                String expected =
                        fleet == null && !documents.isEmpty() ? documents.get(0).fleet() : fleet;
                if (documents.isEmpty()) {
                    throw new UserError(directory + ": holds no documents");
                }
                print(spec, json, ControlListing.verified(directory, new ControlTrust(expected, open)), "verified: ");
                return ExitCode.OK;
            } catch (UserError | IllegalArgumentException e) {
                spec.commandLine().getErr().println("qexit: " + e.getMessage());
                return ExitCode.REJECTED;
            }
        }
    }

    private static Path present(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new UserError(directory + ": no such directory");
        }
        return directory;
    }
}
