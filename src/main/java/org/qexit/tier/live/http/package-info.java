/**
 * HTTP for the running services, on Jetty, which enters here alone: TLS, limits on size, time and number of requests, routes, an orderly
 * end.
 */
package org.qexit.tier.live.http;
