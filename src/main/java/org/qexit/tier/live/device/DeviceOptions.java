package org.qexit.tier.live.device;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.qexit.common.Checks;
import org.qexit.tier.live.report.ReportSettings;
import org.qexit.tier.live.security.Credentials;

/**
 * How a device's process runs.
 *
 * @param id of the device
 * @param addresses of nodes, at least one
 * @param format what is sent
 * @param source names where events come from
 * @param outbox directory of the outbox
 * @param log file with a line per event, or null
 * @param deadlineSeconds from an event's arrival to its answer
 * @param senders events that are on their way at a time
 * @param drainSeconds that what is on its way is waited for at the end
 * @param credentials null without TLS
 * @param level of the device; only asked with TLS
 * @param control that it follows, or null
 * @param controlSeconds between two looks at it
 * @param cloud whom it tells of itself, or null
 * @param say takes lines for the user
 */
public record DeviceOptions(
        String id,
        List<NodeAddress> addresses,
        PayloadFormat format,
        String source,
        Path outbox,
        Path log,
        double deadlineSeconds,
        int senders,
        double drainSeconds,
        Credentials credentials,
        int level,
        ControlFollower control,
        double controlSeconds,
        ReportSettings cloud,
        Consumer<String> say) {
    public DeviceOptions {
        Checks.notBlank("id", id);
        addresses = List.copyOf(addresses);
        Checks.within("number of nodes", addresses.size(), 1, 1000);
        Checks.present("format", format);
        Checks.within("deadlineSeconds", deadlineSeconds, 1e-3, 1e7);
        Checks.within("senders", senders, 1, 256);
        Checks.within("drainSeconds", drainSeconds, 0, 3600);
        Checks.within("controlSeconds", controlSeconds, 0.01, 1e6);
        Checks.present("say", say);
    }

    /** Tells nobody of itself. */
    public DeviceOptions(
            String id,
            List<NodeAddress> addresses,
            PayloadFormat format,
            String source,
            Path outbox,
            Path log,
            double deadlineSeconds,
            int senders,
            double drainSeconds,
            Credentials credentials,
            int level,
            ControlFollower control,
            double controlSeconds,
            Consumer<String> say) {
        this(
                id,
                addresses,
                format,
                source,
                outbox,
                log,
                deadlineSeconds,
                senders,
                drainSeconds,
                credentials,
                level,
                control,
                controlSeconds,
                null,
                say);
    }
}
