/**
 * What must not be lost: an append-only log on disk with recovery, and what devices and edge nodes keep in it. Durable means that the
 * system was asked to write it to the disk, and said it had.
 */
package org.qexit.tier.live.journal;
