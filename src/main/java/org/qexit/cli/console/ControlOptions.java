package org.qexit.cli.console;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.qexit.bundle.BundleSignature;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.ControlSource;
import org.qexit.tier.live.control.ControlTrust;
import org.qexit.tier.live.control.DirectoryControl;
import org.qexit.tier.live.control.HttpControl;
import org.qexit.tier.live.security.Credentials;
import picocli.CommandLine.Option;

/** Which published documents a process follows, and whom it believes: alike for devices and nodes. */
public final class ControlOptions {
    @Option(
            names = "--control",
            paramLabel = "DIR|URL",
            description =
                    "Follow what is published there, plans and models, and thresholds for devices: a directory, or qexit serve cs.")
    private String control;

    @Option(names = "--trust", paramLabel = "PEM", description = "With --control: public key of who publishes.")
    private Path trust;

    @Option(
            names = "--control-seconds",
            paramLabel = "S",
            defaultValue = "5",
            description = "Between two looks (${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--fleet",
            paramLabel = "NAME",
            description = "With --plain, and --control or --cloud: the deployment; else the certificate says it.")
    private String fleet;

    /** Where documents come from, and which are believed. */
    public record Followed(ControlSource source, ControlTrust trust) {}

    /** The deployment, as the command line says it; or null. */
    public String fleet() {
        return fleet;
    }

    /** Between two looks. */
    public double seconds() {
        return seconds;
    }

    /**
     * What to follow, or null.
     *
     * @param credentials null without TLS
     * @param cloud whether the deployment's name is also needed to tell the cloud server
     * @throws UserError for options that do not go together, or an address that cannot be
     */
    public Followed followed(Credentials credentials, CloudOptions cloud) {
        if (control == null) {
            if (trust != null || fleet != null && !cloud.given()) {
                throw new UserError("--trust and --fleet go with --control, which is missing");
            }
            return null;
        }
        if (trust == null) {
            throw new UserError("--trust is missing; expected the public key of who publishes at --control");
        }
        if (fleet == null && credentials == null) {
            throw new UserError("--fleet is missing; expected it with --control and --plain");
        }
        String named = credentials == null ? fleet : credentials.identity().fleet();
        if (fleet != null && !fleet.equals(named)) {
            throw new UserError("--fleet is '" + UserError.shown(fleet) + "'; the certificate says " + named);
        }
        ControlSource source = control.matches("https?://.*")
                ? new HttpControl(address(), credentials)
                : new DirectoryControl(Path.of(control));
        return new Followed(source, new ControlTrust(named, BundleSignature.readPublicKey(trust)));
    }

    private URI address() {
        try {
            return new URI(control);
        } catch (URISyntaxException e) {
            throw new UserError(
                    "--control is '" + UserError.shown(control) + "'; expected a directory or https://HOST:PORT", e);
        }
    }
}
