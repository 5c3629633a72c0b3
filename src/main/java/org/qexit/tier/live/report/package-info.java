/**
 * What devices and nodes tell the cloud server of: answered events, heartbeats, alarms. Nothing of it delays an event.
 */
package org.qexit.tier.live.report;
