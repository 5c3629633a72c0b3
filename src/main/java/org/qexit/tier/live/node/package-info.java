/** An edge node as a process: its model, what the plan grants its devices, answers over HTTP and gRPC. */
package org.qexit.tier.live.node;
