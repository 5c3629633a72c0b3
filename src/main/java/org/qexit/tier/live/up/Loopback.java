package org.qexit.tier.live.up;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qexit.bundle.BundleSignature;
import org.qexit.common.Json;
import org.qexit.tier.live.authority.CertificateAuthority;
import org.qexit.tier.live.authority.CertificateRequest;
import org.qexit.tier.live.authority.Validity;
import org.qexit.tier.live.control.ControlKind;
import org.qexit.tier.live.control.ControlNames;
import org.qexit.tier.live.control.ControlPublisher;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** What a deployment on this machine needs before anything runs: certificates for everybody, signed documents. */
final class Loopback {
    /** The deployment's name in certificates and documents. */
    static final String NAME = "up";

    static final String CLOUD = "cs";
    private static final String OPERATOR = "up";
    private static final int DAYS = 30;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private Loopback() {}

    /** Any free port of this machine. */
    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    static void issueCertificates(LiveFleet fleet, UpFolder folder) {
        CertificateAuthority authority = CertificateAuthority.init(folder.certificates(), NAME);
        List<Identity> all = new ArrayList<>();
        fleet.nodes().forEach(node -> all.add(new Identity(NAME, Role.NODE, node.id(), node.level())));
        fleet.devices().forEach(device -> all.add(new Identity(NAME, Role.DEVICE, device.id(), device.level())));
        all.add(new Identity(NAME, Role.CLOUD, CLOUD, null));
        all.add(new Identity(NAME, Role.OPERATOR, OPERATOR, null));
        for (Identity identity : all) {
            authority.issue(CertificateRequest.of(identity, Validity.days(DAYS)));
        }
    }

    /** The plan for all; the models for each, as there are two. */
    static void publish(LiveFleet fleet, UpFolder folder) {
        Path keyFile = folder.keys().resolveSibling(folder.keys().getFileName() + ".key.pem");
        PrivateKey key = BundleSignature.readPrivateKey(keyFile);
        ControlPublisher publisher = new ControlPublisher(folder.control(), key);
        for (LiveFleet.Node node : fleet.nodes()) {
            publisher.publishModel(NAME, node.id(), fleet.nodeBundle());
        }
        for (LiveFleet.Device device : fleet.devices()) {
            publisher.publishModel(NAME, device.id(), fleet.deviceBundle());
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> plan = Json.read(fleet.plan(), Map.class);
        publisher.publish(NAME, ControlKind.PLAN, ControlNames.ALL, plan);
    }

    /** Asks nodes for their figures. */
    static HttpClient operator(UpFolder folder) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .sslContext(Credentials.read(folder.certificate(Role.OPERATOR, OPERATOR))
                        .context())
                .build();
    }
}
