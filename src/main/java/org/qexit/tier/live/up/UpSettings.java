package org.qexit.tier.live.up;

import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.qexit.common.Checks;
import org.qexit.tier.live.cloud.CloudService;

/**
 * How a deployment on loopback runs.
 *
 * @param speed how many times as fast as planned events come, and grants of nodes renew
 * @param seconds after which it ends; null: with the events
 * @param deadlineSeconds from an event's arrival to its answer
 * @param drainSeconds that what waits is waited for at the end
 * @param page where the page is served
 * @param nodes how nodes run
 * @param learning how the cloud server learns; null: it does not
 * @param offloaded is told which events are sent
 * @param disturbance of the events that devices see; null: none
 * @param say takes lines for the user
 */
public record UpSettings(
        double speed,
        Double seconds,
        double deadlineSeconds,
        double drainSeconds,
        InetSocketAddress page,
        NodeHost nodes,
        CloudService.Learning learning,
        Offloaded offloaded,
        Disturbance disturbance,
        Consumer<String> say) {
    public UpSettings {
        Checks.within("speed", speed, 1e-6, 1e9);
        if (seconds != null) {
            Checks.within("seconds", seconds, 0.1, 1e7);
        }
        Checks.within("deadlineSeconds", deadlineSeconds, 1e-3, 1e7);
        Checks.within("drainSeconds", drainSeconds, 0, 3600);
        Checks.present("nodes", nodes);
        Checks.present("offloaded", offloaded);
        Checks.present("say", say);
    }

    /** Learns nothing, disturbs nothing. */
    public UpSettings(
            double speed,
            Double seconds,
            double deadlineSeconds,
            double drainSeconds,
            InetSocketAddress page,
            NodeHost nodes,
            Consumer<String> say) {
        this(speed, seconds, deadlineSeconds, drainSeconds, page, nodes, null, new Offloaded(), null, say);
    }
}
