package org.qexit.cli.console;

import java.net.URI;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.report.ReportSettings;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;
import picocli.CommandLine.Option;

/** The cloud server that a process tells of itself: alike for devices and nodes. */
public final class CloudOptions {
    @Option(
            names = "--cloud",
            paramLabel = "URL",
            description =
                    "Tell qexit serve cs there: heartbeats; of nodes also what was answered, of devices alarms of drift.")
    private URI cloud;

    @Option(
            names = "--heartbeat-seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "With --cloud: between two heartbeats (${DEFAULT-VALUE}).")
    private double heartbeatSeconds;

    public boolean given() {
        return cloud != null;
    }

    /**
     * Whom to tell, or null.
     *
     * @param credentials null without TLS
     * @param fleet the deployment, as the command line says it; only asked without TLS
     * @throws UserError for an address or interval that cannot be, or if nobody says who the process is
     */
    public ReportSettings settings(Credentials credentials, String fleet, Role role, String id) {
        if (cloud == null) {
            return null;
        }
        if (credentials == null && fleet == null) {
            throw new UserError("--fleet is missing; expected it with --cloud and --plain");
        }
        try {
            CloudReports reports = credentials == null
                    ? new CloudReports(cloud, new Identity(fleet, role, id, 1))
                    : new CloudReports(cloud, credentials);
            return ReportSettings.of(reports).withHeartbeatSeconds(heartbeatSeconds);
        } catch (IllegalArgumentException e) {
            throw new UserError("--cloud: " + e.getMessage().replace("heartbeatSeconds", "--heartbeat-seconds"), e);
        }
    }
}
