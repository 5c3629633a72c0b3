package org.qexit.tier.live.up;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleSignature;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.control.ControlTrust;
import org.qexit.tier.live.control.HttpControl;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.node.NodeFollower;
import org.qexit.tier.live.node.NodePlan;
import org.qexit.tier.live.node.NodeServer;
import org.qexit.tier.live.node.NodeService;
import org.qexit.tier.live.report.ReportSettings;
import org.qexit.tier.live.security.Credentials;

/** Nodes as threads of this process; what they serve and how is as in processes of their own. */
public final class ThreadNodes implements NodeHost {
    private static final int MAX_BATCH = 32;
    private static final double WAIT_SECONDS = 10;

    @Override
    public Running start(Order order, Consumer<String> say) {
        Credentials credentials = Credentials.read(order.tls());
        NodeFollower.Settings follow = new NodeFollower.Settings(
                new HttpControl(order.cloud(), credentials),
                new ControlTrust(credentials.identity().fleet(), BundleSignature.readPublicKey(order.trust())),
                LiveDeployment.CONTROL_SECONDS,
                order.unitsPerEvent());
        NodeServer server = NodeServer.start(
                Bundle.open(order.bundle()),
                NodePlan.read(order.plan(), order.id(), order.unitsPerEvent()),
                new NodeServer.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        null,
                        credentials,
                        order.state(),
                        HttpLimits.standard(),
                        new NodeService.Settings(
                                credentials.identity().level(),
                                order.periodSeconds(),
                                MAX_BATCH,
                                Runtime.getRuntime().availableProcessors(),
                                WAIT_SECONDS),
                        follow,
                        Map.of(),
                        order.tells() ? ReportSettings.of(new CloudReports(order.cloud(), credentials)) : null,
                        say));
        AtomicBoolean closed = new AtomicBoolean();
        return new Running() {
            @Override
            public String address() {
                return server.address();
            }

            @Override
            public boolean drain(Duration atMost) {
                return server.drain(atMost);
            }

            @Override
            public void close() {
                if (!closed.getAndSet(true)) {
                    server.close();
                }
            }
        };
    }
}
