package org.qexit.tier.live.device;

import java.util.Map;
import org.qexit.tier.live.journal.EventEnd;
import org.qexit.tier.live.journal.Ledger;

/**
 * What a device has to say for itself, over all its runs with one outbox.
 *
 * @param device its id
 * @param events taken from the source and readable: dropped + classified + rejected + missed + waiting
 * @param unreadable taken from the source, and no event
 * @param dropped normal, by the device
 * @param offloaded critical, by the device: classified + rejected + missed + waiting
 * @param classified a node named a class in time
 * @param classes of them, by the class's id
 * @param rejected a node said in time that it is a false alarm
 * @param missed without an answer in time; late and refused ones with them
 * @param late answered after the deadline
 * @param refused by a node, for good
 * @param waiting for an answer still
 * @param retries times that an event was sent again
 * @param p50Seconds median time from an event's arrival to its answer; null without answers
 * @param p95Seconds that 95 % do not exceed
 * @param p99Seconds that 99 % do not exceed
 */
public record DeviceSummary(
        String device,
        long events,
        long unreadable,
        long dropped,
        long offloaded,
        long classified,
        Map<Integer, Long> classes,
        long rejected,
        long missed,
        long late,
        long refused,
        long waiting,
        long retries,
        Double p50Seconds,
        Double p95Seconds,
        Double p99Seconds) {
    static DeviceSummary of(String device, Ledger ledger, int waiting) {
        long unreadable = ledger.ended(EventEnd.Kind.UNREADABLE);
        return new DeviceSummary(
                device,
                ledger.taken() - unreadable,
                unreadable,
                ledger.ended(EventEnd.Kind.DROPPED),
                ledger.offloaded(),
                ledger.ended(EventEnd.Kind.CLASSIFIED),
                ledger.classes(),
                ledger.ended(EventEnd.Kind.REJECTED),
                ledger.missed(),
                ledger.ended(EventEnd.Kind.LATE),
                ledger.ended(EventEnd.Kind.REFUSED),
                waiting,
                ledger.retries(),
                seconds(ledger, 0.5),
                seconds(ledger, 0.95),
                seconds(ledger, 0.99));
    }

    private static Double seconds(Ledger ledger, double share) {
        Double micros = ledger.answers().quantileMicros(share);
        return micros == null ? null : micros / 1e6;
    }
}
