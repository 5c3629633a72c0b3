package org.qexit.tier.live.control;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;

/**
 * Tells the cloud server. Each call returns true once it is durable there, and false if the server asks to come again later; what is told
 * twice counts once.
 */
public final class CloudReports {
    /** Says who a client without a certificate is. */
    public static final String IDENTITY = "Qexit-Identity";

    private final CloudClient client;

    /** Over TLS: who tells is the certificate's holder. */
    public CloudReports(URI server, Credentials credentials) {
        client = new CloudClient(server, credentials);
    }

    /** Without TLS, to this machine only. */
    public CloudReports(URI server, Identity plain) {
        client = new CloudClient(server, plain);
    }

    /**
     * Tells of events; for nodes.
     *
     * @throws IOException if the server is out of reach, or refuses
     */
    public boolean records(List<EventRecord> records) throws IOException {
        return client.post("/v1/records", EventRecords.of(records));
    }

    public boolean heartbeat(Heartbeat heartbeat) throws IOException {
        return client.post("/v1/heartbeats", heartbeat);
    }

    public boolean alarm(Alarm alarm) throws IOException {
        return client.post("/v1/alarms", alarm);
    }
}
