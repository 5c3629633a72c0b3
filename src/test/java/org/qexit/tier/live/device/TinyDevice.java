package org.qexit.tier.live.device;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.qexit.bundle.Bundle;
import org.qexit.device.EdgeRuntime;

/** A device with the tiny bundle, events that follow from a seed, and what must become of each. */
final class TinyDevice {
    static final String MODEL = "tiny-node";

    private TinyDevice() {}

    /** Event {@code k} from 0, of four values up to 0.8; every 97th is unreadable. */
    static EventFeed.Item event(long seed, int k) {
        if (k % 97 == 96) {
            return new EventFeed.Item(null, "spoilt");
        }
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + k);
        float[] event = new float[4];
        for (int i = 0; i < event.length; i++) {
            double u = random.nextDouble();
            event[i] = (float) (0.8 * u * u);
        }
        return new EventFeed.Item(event, null);
    }

    static EventFeed feed(long seed, int count) {
        int[] next = {0};
        return () -> next[0] < count ? Optional.of(event(seed, next[0]++)) : Optional.empty();
    }

    static InForce begun(Path bundle) {
        return InForce.of(Bundle.open(bundle), "ue1").withPlace("en1", Set.of("en1", "en2"));
    }

    static EdgeRuntime runtime(Path bundle) {
        return EdgeRuntime.open(
                Bundle.open(bundle), Bundle.open(bundle).device("ue1").thresholds(), 1);
    }

    static DeviceOptions options(
            EdgeRuntime runtime,
            Path folder,
            List<String> addresses,
            double deadlineSeconds,
            int senders,
            Consumer<String> say) {
        return new DeviceOptions(
                "ue1",
                addresses.stream().map(a -> NodeAddress.parse(a, true)).toList(),
                PayloadFormat.events(MODEL, runtime.input()),
                "tiny",
                folder.resolve("outbox"),
                folder.resolve("events.jsonl"),
                deadlineSeconds,
                senders,
                1,
                null,
                1,
                null,
                1,
                say);
    }
}
