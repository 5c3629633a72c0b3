/**
 * The nouns of the Open Inference Protocol v2: tensors, requests, answers, in JSON and with the binary tensor extension. Without sockets;
 * what comes from outside is taken for hostile.
 */
package org.qexit.tier.live.inference;
