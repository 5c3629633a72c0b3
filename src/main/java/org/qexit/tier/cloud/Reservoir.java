package org.qexit.tier.cloud;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.simulation.RandomStream;

/**
 * The places of one class. An example takes a place by Vitter's algorithm R (ACM TOMS 11(1), 1985): the s-th that competes replaces a random one with
 * probability places / s. An example of a device that has all the places it may have competes with those of its device alone, likewise, and does not
 * count among the s: a device that floods a class lessens nobody else's chance.
 */
final class Reservoir {
    private final int places;
    private final int perDevice;
    private final List<Example> held = new ArrayList<>();
    private final Map<String, Share> shares = new HashMap<>();
    private long seen;

    /** Places that a device has, and its examples that competed since it last had none. */
    private static final class Share {
        private int held;
        private long seen;
    }

    Reservoir(ReplayLimits limits) {
        places = limits.perClass();
        perDevice = limits.perDevice();
    }

    /** What it does with an example: whom it replaces, or null, and whether it stays. */
    record Outcome(boolean kept, Example replaced) {
        static final Outcome NOT_KEPT = new Outcome(false, null);
    }

    Outcome offer(Example example, RandomStream random) {
        Share own = shares.computeIfAbsent(example.device(), id -> new Share());
        own.seen++;
        if (own.held >= perDevice) {
            long k = below(own.seen, random);
            return k < own.held ? replace(ownPlace(example.device(), (int) k), example) : Outcome.NOT_KEPT;
        }
        seen++;
        if (held.size() < places) {
            held.add(example);
            own.held++;
            return new Outcome(true, null);
        }
        long k = below(seen, random);
        if (k < places) {
            return replace((int) k, example);
        }
        if (own.held == 0) {
            shares.remove(example.device());
        }
        return Outcome.NOT_KEPT;
    }

    private static long below(long bound, RandomStream random) {
        return (long) (random.uniform() * bound);
    }

    private int ownPlace(String device, int k) {
        int left = k;
        for (int i = 0; i < held.size(); i++) {
            if (held.get(i).device().equals(device) && left-- == 0) {
                return i;
            }
        }
        throw new IllegalStateException("device " + device + " has no " + (k + 1) + " examples");
    }

    private Outcome replace(int place, Example example) {
        Example old = held.set(place, example);
        shares.get(example.device()).held++;
        Share other = shares.get(old.device());
        if (--other.held == 0) {
            shares.remove(old.device());
        }
        return new Outcome(true, old);
    }

    /** What is held counts from now on as all that was seen, so that new examples get in as if it had just been filled. */
    void renew() {
        seen = held.size();
        shares.values().forEach(share -> share.seen = share.held);
    }

    List<Example> held() {
        return held;
    }

    ReplayState.OfClass state() {
        Map<String, Long> seenOf = new TreeMap<>();
        shares.forEach((device, share) -> seenOf.put(device, share.seen));
        return new ReplayState.OfClass(seen, List.copyOf(held), seenOf);
    }

    /** @throws IllegalArgumentException if it is no state of such a reservoir */
    void restore(int classId, ReplayState.OfClass state) {
        if (state.held().size() > places) {
            throw new IllegalArgumentException(
                    "class " + classId + " holds " + state.held().size() + " examples; expected at most " + places);
        }
        for (Example example : state.held()) {
            if (example.classId() != classId) {
                throw new IllegalArgumentException(
                        "class " + classId + " holds event '" + example.event() + "' of class " + example.classId());
            }
            Share own = shares.computeIfAbsent(example.device(), id -> new Share());
            if (++own.held > perDevice) {
                throw new IllegalArgumentException("class " + classId + " holds more than " + perDevice
                        + " examples of device '" + example.device() + "'");
            }
            held.add(example);
        }
        seen = atLeast("seen of class " + classId, state.seen(), held.size());
        if (!state.seenOf().keySet().equals(shares.keySet())) {
            throw new IllegalArgumentException("class " + classId + ": seenOf names other devices than held");
        }
        shares.forEach((device, share) ->
                share.seen = atLeast("seenOf '" + device + "'", state.seenOf().get(device), share.held));
    }

    private static long atLeast(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(what + " is " + value + "; expected at least " + least);
        }
        return value;
    }
}
