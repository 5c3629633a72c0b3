package org.qexit.simulation.queue;

import org.qexit.common.Checks;

/**
 * One queue of the family G/G/c/K in Kendall's notation.
 *
 * @param name such as "M/M/1"
 * @param interarrival time between arrivals
 * @param service time of a service
 * @param servers c
 * @param capacity K, places of the servers included; {@link Integer#MAX_VALUE} for no limit
 */
public record QueueSpec(String name, Durations interarrival, Durations service, int servers, int capacity) {
    public QueueSpec {
        Checks.notBlank("name", name);
        Checks.present("interarrival", interarrival);
        Checks.present("service", service);
        Checks.positive("mean interarrival time", interarrival.mean());
        Checks.within("servers", servers, 1, Integer.MAX_VALUE);
        Checks.within("capacity", capacity, servers, Integer.MAX_VALUE);
    }

    /** With room for all. */
    public static QueueSpec of(String name, Durations interarrival, Durations service, int servers) {
        return new QueueSpec(name, interarrival, service, servers, Integer.MAX_VALUE);
    }

    /** Offered load per server, E[S] / (c E[A]). */
    public double load() {
        return service.mean() / (servers * interarrival.mean());
    }
}
