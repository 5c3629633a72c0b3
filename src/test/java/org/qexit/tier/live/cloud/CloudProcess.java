package org.qexit.tier.live.cloud;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.Map;
import org.qexit.bundle.BundleSignature;
import org.qexit.tier.cloud.AcceptanceRules;
import org.qexit.tier.cloud.CloudRules;
import org.qexit.tier.cloud.ReplayLimits;
import org.qexit.tier.cloud.TriggerRules;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.security.Credentials;

/** A cloud server with the model of one number, in this process or in one of its own, to be killed. */
final class CloudProcess {
    static final FakeModel DEPLOYED = new FakeModel(200);

    private CloudProcess() {}

    static CloudRules rules() {
        return new CloudRules(
                new ReplayLimits(400, 2, 0.5),
                new TriggerRules(60, true, null, 20, 0),
                new AcceptanceRules(0.05, 0, 0.5, Map.of()),
                0.4,
                20,
                List.of(1),
                7);
    }

    static CloudService start(Path folder, Credentials credentials, PrivateKey key, List<String> log) {
        return CloudService.start(
                new CloudService.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        credentials,
                        HttpLimits.standard(),
                        folder.resolve("control"),
                        line -> {
                            synchronized (log) {
                                log.add(line);
                            }
                        }),
                new CloudService.Learning(
                        new CloudSettings(rules(), 1, 300, List.of("*"), 0.05),
                        folder.resolve("state"),
                        DEPLOYED,
                        FakeModel::read,
                        key,
                        "tiny",
                        "f",
                        new LabelFile(folder.resolve("labels.csv"), 2),
                        0.02));
    }

    /** Serves until it is killed; writes where into {@code address}. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        List<String> log = new java.util.ArrayList<>();
        CloudService service = start(folder, null, BundleSignature.readPrivateKey(folder.resolve("k.key.pem")), log);
        Path told = folder.resolve("address.new");
        Files.writeString(told, service.address());
        Files.move(told, folder.resolve("address"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        Thread.sleep(Long.MAX_VALUE);
    }
}
