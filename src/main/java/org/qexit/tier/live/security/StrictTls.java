package org.qexit.tier.live.security;

import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * An {@link SSLContext} whose engines speak TLS 1.3 (RFC 8446) alone and, as servers, need the client's certificate, whatever their users
 * leave unset. There is no resumption on servers: a ticket would let a client in whose certificate has been revoked meanwhile.
 */
final class StrictTls extends SSLContextSpi {
    static final String PROTOCOL = "TLSv1.3";
    /** The JDK sends no ticket for sessions longer than RFC 8446 (4.6.1) lets tickets live: seven days. */
    private static final int BEYOND_TICKETS_SECONDS = 604_801;

    private final SSLContext inner;

    private StrictTls(SSLContext inner) {
        this.inner = inner;
    }

    static SSLContext context(KeyManager own, TrustManager peers) {
        try {
            SSLContext inner = SSLContext.getInstance(PROTOCOL);
            inner.init(new KeyManager[] {own}, new TrustManager[] {peers}, null);
            inner.getServerSessionContext().setSessionTimeout(BEYOND_TICKETS_SECONDS);
            return new SSLContext(new StrictTls(inner), inner.getProvider(), PROTOCOL) {};
        } catch (NoSuchAlgorithmException | KeyManagementException e) {
            throw new IllegalStateException("every JDK since 11 has " + PROTOCOL, e);
        }
    }

    private static SSLParameters strict(SSLParameters parameters) {
        parameters.setProtocols(new String[] {PROTOCOL});
        parameters.setNeedClientAuth(true);
        return parameters;
    }

    private static SSLEngine strict(SSLEngine engine) {
        engine.setEnabledProtocols(new String[] {PROTOCOL});
        engine.setNeedClientAuth(true);
        return engine;
    }

    @Override
    protected void engineInit(KeyManager[] own, TrustManager[] peers, SecureRandom random)
            throws KeyManagementException {
        throw new KeyManagementException("this context is made and stays as it is");
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return strict(inner.createSSLEngine());
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return strict(inner.createSSLEngine(host, port));
    }

    /** Clients set {@link Credentials#clientParameters}; without a check of host names they let no server in. */
    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        return inner.getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        throw new UnsupportedOperationException("server sockets would not be strict; expected an engine");
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return inner.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return inner.getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
        return strict(inner.getDefaultSSLParameters());
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
        SSLParameters parameters = inner.getSupportedSSLParameters();
        parameters.setProtocols(new String[] {PROTOCOL});
        return parameters;
    }
}
