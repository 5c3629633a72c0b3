package org.qexit.simulation.queue;

import java.util.LinkedList;
import org.qexit.common.RandomStreams;
import org.qexit.simulation.RandomStream;
import umontreal.ssj.simevents.Accumulate;
import umontreal.ssj.simevents.Event;
import umontreal.ssj.simevents.Simulator;
import umontreal.ssj.simevents.eventlist.EventList;
import umontreal.ssj.stat.Tally;

/**
 * {@link SingleQueue} as its guide would write it in SSJ (L'Ecuyer, Meliani and Vaucher, WSC 2002): an event is an object, customers stand in
 * linked lists, SSJ counts. The random numbers come from the same streams, so that both see the same customers and pay the same for them.
 */
public final class SsjQueue {
    private static final class Customer {
        private double came;
        private double service;
    }

    private final QueueSpec spec;
    private final Simulator simulator;
    private final RandomStream arrivals;
    private final RandomStream services;
    private final LinkedList<Customer> line = new LinkedList<>();
    private final Tally waits = new Tally("waits");
    private final Tally sojourns = new Tally("sojourns");
    private final Accumulate present;
    private final Accumulate busy;
    private int serving;
    private long lost;
    private long events;
    private long lastEvent = Long.MAX_VALUE;

    /** @param list SSJ's structure for the events to come */
    public SsjQueue(QueueSpec spec, RandomStreams streams, int replication, EventList list) {
        this.spec = spec;
        simulator = new Simulator(list);
        simulator.init();
        arrivals = RandomStream.of(streams, "arrivals", replication);
        services = RandomStream.of(streams, "services", replication);
        present = new Accumulate(simulator, "present");
        busy = new Accumulate(simulator, "busy");
        new Arrival(this).schedule(spec.interarrival().draw(arrivals));
    }

    private static final class Arrival extends Event {
        private final SsjQueue queue;

        Arrival(SsjQueue queue) {
            super(queue.simulator);
            this.queue = queue;
        }

        @Override
        public void actions() {
            queue.arrive();
        }
    }

    private static final class Departure extends Event {
        private final SsjQueue queue;
        private final Customer customer;

        Departure(SsjQueue queue, Customer customer) {
            super(queue.simulator);
            this.queue = queue;
            this.customer = customer;
        }

        @Override
        public void actions() {
            queue.depart(customer);
        }
    }

    private static final class End extends Event {
        End(Simulator simulator) {
            super(simulator);
        }

        @Override
        public void actions() {
            simulator().stop();
        }
    }

    private void count() {
        if (++events == lastEvent) {
            simulator.stop();
        }
    }

    private void arrive() {
        count();
        new Arrival(this).schedule(spec.interarrival().draw(arrivals));
        Customer customer = new Customer();
        customer.came = simulator.time();
        customer.service = spec.service().draw(services);
        if (serving < spec.servers()) {
            start(customer);
        } else if (serving + line.size() < spec.capacity()) {
            line.addLast(customer);
        } else {
            lost++;
            return;
        }
        present.update(serving + line.size());
    }

    private void start(Customer customer) {
        serving++;
        busy.update(serving);
        waits.add(simulator.time() - customer.came);
        new Departure(this, customer).schedule(customer.service);
    }

    private void depart(Customer customer) {
        count();
        serving--;
        sojourns.add(simulator.time() - customer.came);
        if (line.isEmpty()) {
            busy.update(serving);
        } else {
            start(line.removeFirst());
        }
        present.update(serving + line.size());
    }

    /** Goes on for some events. */
    public void runEvents(long more) {
        lastEvent = events + more;
        simulator.start();
    }

    /** Until a time. */
    public void run(double untilSeconds) {
        new End(simulator).schedule(untilSeconds - simulator.time());
        simulator.start();
    }

    public double meanWaitSeconds() {
        return waits.average();
    }

    public double meanSojournSeconds() {
        return sojourns.average();
    }

    public double meanPresent() {
        return present.average();
    }

    public double utilisation() {
        return busy.average() / spec.servers();
    }

    public long lost() {
        return lost;
    }

    public long departures() {
        return sojourns.numberObs();
    }
}
