package org.qexit.tier.live.http;

/** Is told of every request that was answered; called by many threads at once. */
public interface HttpWatch {
    /** Looks at nothing. */
    HttpWatch NONE = new HttpWatch() {
        @Override
        public void answered(String route, int status, double seconds) {
            // Nothing to do.
        }

        @Override
        public void failed(String line) {
            // Nothing to do.
        }
    };

    /**
     * A request was answered.
     *
     * @param route its pattern, or "none"
     * @param seconds from its head to its answer
     */
    void answered(String route, int status, double seconds);

    /** An endpoint failed: a bug, in one line. */
    void failed(String line);
}
