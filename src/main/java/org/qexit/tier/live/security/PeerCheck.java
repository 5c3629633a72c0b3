package org.qexit.tier.live.security;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets a peer in whose certificate the authorities' present files clear and whose identity is of the own fleet; a client, only if it also
 * checks the server's host name.
 */
final class PeerCheck extends X509ExtendedTrustManager {
    private final Supplier<Trust> present;
    private final String fleet;

    PeerCheck(Supplier<Trust> present, String fleet) {
        this.present = present;
        this.fleet = fleet;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        present.get().manager().checkClientTrusted(chain, authType, socket);
        checkFleet(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        present.get().manager().checkClientTrusted(chain, authType, engine);
        checkFleet(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkHost(socket instanceof SSLSocket tls ? tls.getSSLParameters() : null);
        present.get().manager().checkServerTrusted(chain, authType, socket);
        checkFleet(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkHost(engine == null ? null : engine.getSSLParameters());
        present.get().manager().checkServerTrusted(chain, authType, engine);
        checkFleet(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        present.get().manager().checkClientTrusted(chain, authType);
        checkFleet(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checkHost(null);
    }

    /** The path check compares names only if it is asked to. */
    private static void checkHost(SSLParameters parameters) throws CertificateException {
        String algorithm = parameters == null ? null : parameters.getEndpointIdentificationAlgorithm();
        if (!"HTTPS".equals(algorithm)) {
            throw new CertificateException("this client does not check the server's host name");
        }
    }

    private void checkFleet(X509Certificate[] chain) throws CertificateException {
        try {
            Identity peer = Identity.of(chain[0]);
            if (!peer.fleet().equals(fleet)) {
                throw new CertificateException("the peer is of the fleet " + peer.fleet() + "; expected " + fleet);
            }
        } catch (IllegalArgumentException e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return present.get().authorities().toArray(X509Certificate[]::new);
    }
}
