package org.qexit.tier.live.device;

/** What became of a request. */
sealed interface Reply {
    /** An answer. */
    record Answered(InferenceCall.Answer answer) implements Reply {}

    /**
     * Not now.
     *
     * @param waitSeconds that the node asks for; 0 if it does not say
     * @param why in a line
     * @param busy whether the node is well and takes no more of this device, or of anybody, at present
     */
    record Later(double waitSeconds, String why, boolean busy) implements Reply {}

    /** The node is well and cannot answer this event now. */
    record Failed(String why) implements Reply {}

    /** Never. */
    record Refused(int status, String why) implements Reply {}
}
