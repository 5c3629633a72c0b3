package org.qexit.tier.live.grpc;

import org.qexit.tier.live.inference.Refusal;

/**
 * A message that came, or why it is none: what a marshaller throws would be logged and told as unknown.
 *
 * @param message null if it is refused
 * @param refusal null if it is not
 */
record Parsed<T>(T message, Refusal refusal) {
    /** @throws Refusal if it is none */
    T get() {
        if (refusal != null) {
            throw refusal;
        }
        return message;
    }
}
