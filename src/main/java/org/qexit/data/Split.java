package org.qexit.data;

import java.util.Locale;

/** The two parts that a data set comes in. */
public enum Split {
    /** Images that models learn from; their held-out part selects the model. */
    TRAIN,
    /** Images that become the events of the devices; no model sees them before. */
    TEST;

    /** "train" or "test", as in file and folder names. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
