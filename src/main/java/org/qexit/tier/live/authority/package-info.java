/** A deployment's own certificate authority in a directory: makes certificates and revocation lists. Bouncy Castle enters here alone. */
package org.qexit.tier.live.authority;
