package org.qexit.tier.live.report;

import org.qexit.common.Checks;
import org.qexit.tier.live.control.CloudReports;

/**
 * How a process tells the cloud server.
 *
 * @param cloud whom
 * @param heartbeatSeconds between two heartbeats, at least 1 as the server takes no more
 * @param waiting what may wait while the cloud is away
 * @param alpha of devices: probability of an alarm, ever, while events do not drift
 */
public record ReportSettings(CloudReports cloud, double heartbeatSeconds, RecordLog.Limits waiting, double alpha) {
    private static final double HEARTBEAT_SECONDS = 10;
    private static final double ALPHA = 0.01;

    public ReportSettings {
        Checks.present("cloud", cloud);
        Checks.within("heartbeatSeconds", heartbeatSeconds, 1, 86_400);
        Checks.present("waiting", waiting);
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha is " + alpha + "; expected between 0 and 1");
        }
    }

    /** A heartbeat every 10 s, up to 10,000 records or 256 MiB, alarms at 0.01. */
    public static ReportSettings of(CloudReports cloud) {
        return new ReportSettings(cloud, HEARTBEAT_SECONDS, RecordLog.Limits.STANDARD, ALPHA);
    }

    public ReportSettings withHeartbeatSeconds(double seconds) {
        return new ReportSettings(cloud, seconds, waiting, alpha);
    }

    public ReportSettings withAlpha(double other) {
        return new ReportSettings(cloud, heartbeatSeconds, waiting, other);
    }
}
