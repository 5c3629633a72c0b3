/**
 * The Open Inference Protocol v2 over gRPC, which enters here alone. The messages are read and written field by field, as the protocol's
 * public description numbers them.
 */
package org.qexit.tier.live.grpc;
