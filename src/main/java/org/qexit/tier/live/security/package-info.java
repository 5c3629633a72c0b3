/**
 * Who speaks to whom: identities in X.509 certificates, and mutual TLS 1.3 with host names and revocation lists checked. The JDK alone, so
 * that devices can use it; certificates are made elsewhere.
 */
package org.qexit.tier.live.security;
