/**
 * A whole deployment on this machine: certificates, signed documents, cloud server, edge nodes and devices, all over loopback, with a page
 * that shows what they do. What is run comes from above ({@link org.qexit.tier.live.up.LiveFleet}).
 */
package org.qexit.tier.live.up;
