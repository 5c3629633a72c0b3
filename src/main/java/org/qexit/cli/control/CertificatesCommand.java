package org.qexit.cli.control;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.qexit.allocation.Instance;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.authority.CertificateAuthority;
import org.qexit.tier.live.authority.CertificateRequest;
import org.qexit.tier.live.authority.Issued;
import org.qexit.tier.live.authority.Validity;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A deployment's certificates. */
@Command(
        name = "certificates",
        description =
                "Makes, revokes and lists the certificates by which the processes of a deployment know each other.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CertificatesCommand.Init.class,
            CertificatesCommand.Issue.class,
            CertificatesCommand.Revoke.class,
            CertificatesCommand.RenewList.class,
            CertificatesCommand.ListIssued.class,
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit certificates init pki --fleet north",
            "  qexit certificates issue pki --device ue1 --level 2",
            "  qexit certificates issue pki --node en1 --level 1 --host en1.example.org",
            "  qexit certificates revoke pki --device ue1",
            "  qexit certificates list pki",
        })
public final class CertificatesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The authority's directory, and where to print. */
    static final class Place {
        @Parameters(paramLabel = "DIR", description = "The authority's directory.")
        private Path directory;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Spec(Spec.Target.MIXEE)
        private CommandSpec spec;

        private CertificateAuthority open() {
            return CertificateAuthority.open(directory);
        }

        private void print(Object result, List<String> lines) {
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(Json.compact(result));
            } else {
                lines.forEach(out::println);
            }
            out.flush();
        }
    }

    @Command(
            name = "init",
            description =
                    "Makes an authority with a new key, valid for ten years. Whoever has its ca.key.pem is the deployment.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = "  qexit certificates init pki --fleet north")
    static final class Init implements Callable<Integer> {
        @Mixin
        private Place place;

        @Option(names = "--fleet", paramLabel = "NAME", required = true, description = "The deployment's name.")
        private String fleet;

        @Override
        public Integer call() {
            try {
                CertificateAuthority.init(place.directory, fleet);
            } catch (IllegalArgumentException e) {
                throw new UserError("--fleet: " + e.getMessage(), e);
            }
            place.print(
                    Map.of("directory", place.directory.toString(), "fleet", fleet),
                    List.of(place.directory + ": authority of " + fleet + "; keep secret: "
                            + place.directory.resolve("ca.key.pem")));
            return ExitCode.OK;
        }
    }

    @Command(
            name = "issue",
            description = "Issues a certificate with a new key, into a directory that --tls of the services takes.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  qexit certificates issue pki --device ue1 --level 2",
                "  qexit certificates issue pki --node en1 --level 1 --host en1.example.org",
                "  qexit certificates issue pki --cloud cs --days 30",
                "  qexit certificates issue pki --instance instance.json     all its devices and nodes",
            })
    static final class Issue implements Callable<Integer> {
        @Mixin
        private Place place;

        @Mixin
        private WhoOptions who;

        @Option(
                names = "--level",
                paramLabel = "L",
                description = "Security level of a device or node; 1 is the highest.")
        private Integer level;

        @Option(
                names = "--host",
                paramLabel = "NAME",
                description =
                        "Where a node or the cloud is reached, may be repeated. Default: localhost and 127.0.0.1.")
        private List<String> hosts;

        @Option(names = "--days", defaultValue = "90", description = "How long it is valid. Default: ${DEFAULT-VALUE}.")
        private int days;

        @Option(
                names = "--instance",
                paramLabel = "FILE",
                description = "In the place of one process: all devices and nodes of a fleet, with their levels.")
        private Path instance;

        @Override
        public Integer call() {
            CertificateAuthority authority = place.open();
            List<CertificateRequest> requests = new ArrayList<>();
            String fleet = authority.fleet();
            try {
                Validity validity = Validity.days(days);
                if (instance == null) {
                    requests.add(request(
                            new Identity(fleet, who.who().role(), who.who().id(), level), validity));
                } else {
                    requests.addAll(fleetRequests(fleet, validity));
                }
            } catch (IllegalArgumentException e) {
                throw new UserError((instance == null ? "" : instance + ": ") + e.getMessage(), e);
            }
            List<Map<String, String>> made = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            for (CertificateRequest request : requests) {
                Path directory = authority.issue(request);
                String name = request.identity().toUri();
                made.add(Map.of("directory", directory.toString(), "name", name));
                lines.add(
                        directory + ": " + name + " until " + request.validity().to());
            }
            place.print(made, lines);
            return ExitCode.OK;
        }

        private CertificateRequest request(Identity identity, Validity validity) {
            return hosts == null
                    ? CertificateRequest.of(identity, validity)
                    : new CertificateRequest(identity, validity, hosts);
        }

        private List<CertificateRequest> fleetRequests(String fleet, Validity validity) {
            if (who.given() || level != null || hosts != null) {
                throw new UserError("--instance names all; expected none of --device, --node, --cloud, --operator,"
                        + " --level and --host with it");
            }
            Instance all = Instance.read(instance);
            List<CertificateRequest> requests = new ArrayList<>();
            all.nodes()
                    .forEach(node -> requests.add(CertificateRequest.of(
                            new Identity(fleet, Role.NODE, node.id(), node.securityLevel()), validity)));
            all.devices()
                    .forEach(device -> requests.add(CertificateRequest.of(
                            new Identity(fleet, Role.DEVICE, device.id(), device.securityLevel()), validity)));
            return requests;
        }
    }

    @Command(
            name = "revoke",
            description =
                    "Revokes all certificates of a process and writes the revocation list. The list is copied to where it was"
                            + " issued; services read it anew when it changes.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  qexit certificates revoke pki --device ue1",
                "  qexit certificates revoke pki --serial 5b1c02d9b0c94a1d8f0e6f2f3a7c9d11",
            })
    static final class Revoke implements Callable<Integer> {
        @Mixin
        private Place place;

        @Mixin
        private WhoOptions who;

        @Option(names = "--serial", paramLabel = "HEX", description = "The one certificate with this serial number.")
        private String serial;

        @Override
        public Integer call() {
            if (serial != null && who.given()) {
                throw new UserError("--serial and a process are given; expected one of them");
            }
            CertificateAuthority authority = place.open();
            List<Issued> revoked = serial == null
                    ? authority.revoke(who.who().role(), who.who().id())
                    : authority.revoke(serial);
            place.print(
                    revoked,
                    revoked.stream()
                            .map(one -> "revoked: " + one.name() + " serial " + one.serial())
                            .toList());
            return ExitCode.OK;
        }
    }

    @Command(
            name = "renew-list",
            description =
                    "Writes the revocation list anew, valid for 90 days: services refuse everybody by a list out of date.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = "  qexit certificates renew-list pki")
    static final class RenewList implements Callable<Integer> {
        @Mixin
        private Place place;

        @Override
        public Integer call() {
            place.open().renewList();
            String file = place.directory.resolve("crl.pem").toString();
            place.print(Map.of("list", file), List.of(file + ": renewed"));
            return ExitCode.OK;
        }
    }

    @Command(
            name = "list",
            description = "Lists what the authority has issued.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  qexit certificates list pki", "  qexit certificates list pki --json"})
    static final class ListIssued implements Callable<Integer> {
        @Mixin
        private Place place;

        @Override
        public Integer call() {
            List<Issued> issued = place.open().list();
            place.print(
                    issued.stream().map(ListIssued::fields).toList(),
                    issued.stream()
                            .map(one -> one.state() + "  " + one.name() + "  until " + one.to() + "  serial "
                                    + one.serial())
                            .toList());
            return ExitCode.OK;
        }

        private static Map<String, String> fields(Issued one) {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("serial", one.serial());
            fields.put("name", one.name());
            fields.put("from", one.from());
            fields.put("to", one.to());
            fields.put("state", one.state());
            fields.put("revoked", one.revoked());
            return fields;
        }
    }
}
