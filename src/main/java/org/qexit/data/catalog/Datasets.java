package org.qexit.data.catalog;

import org.qexit.data.Dataset;
import org.qexit.data.Split;

/** Short cut to the standard catalog. */
public final class Datasets {
    private Datasets() {}

    /** Loads a split by name or path, as {@link DatasetCatalog#load} of {@link DatasetCatalog#standard} does. */
    public static Dataset load(String nameOrPath, Split split) {
        return DatasetCatalog.standard(null).load(nameOrPath, split);
    }
}
