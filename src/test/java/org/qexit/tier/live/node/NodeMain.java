package org.qexit.tier.live.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.qexit.bundle.Bundle;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.report.ReportSettings;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** A process: an edge node that tells the cloud, until it is killed. */
final class NodeMain {
    private NodeMain() {}

    /** Without TLS, for all devices of the golden plan. */
    static NodeServer start(Path plan, Path state, URI cloud) {
        return NodeServer.start(
                Bundle.open(GoldenNode.BUNDLE),
                NodePlan.read(plan, "en1", 1),
                new NodeServer.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        null,
                        null,
                        state,
                        HttpLimits.standard(),
                        new NodeService.Settings(null, 600, 8, 2, 10),
                        null,
                        Map.of(),
                        ReportSettings.of(new CloudReports(cloud, new Identity("north", Role.NODE, "en1", 1))),
                        line -> {}));
    }

    /** Words: plan, state, cloud. */
    public static void main(String[] words) throws InterruptedException {
        NodeServer server = start(Path.of(words[0]), Path.of(words[1]), URI.create(words[2]));
        System.out.println("ready: " + server.address());
        Thread.sleep(Long.MAX_VALUE);
    }
}
