package org.qexit.fuzz;

import java.io.IOException;
import java.util.List;

/**
 * A reader of text under the fuzz of tokens.
 *
 * @param name what it reads
 * @param grammar what its texts are made of
 * @param seeds valid texts
 * @param cases in the default test
 * @param reader the product's
 * @param independent what another reader says of what was read
 */
record TextTarget(
        String name,
        TokenMutator.Grammar grammar,
        List<String> seeds,
        int cases,
        Reader reader,
        Independent independent) {
    /** The product's reader; refuses in one line. */
    @FunctionalInterface
    interface Reader {
        Object read(String text) throws IOException;
    }

    /** Compares what was read. */
    @FunctionalInterface
    interface Independent {
        /** For readers of many fields, which only must refuse rightly. */
        Independent NONE = (text, read) -> {};

        /**
         * @throws AssertionError if the answer is another
         * @throws UnsupportedOperationException if the text is not valid at all
         */
        void compare(String text, Object read);
    }

    @Override
    public String toString() {
        return name;
    }
}
