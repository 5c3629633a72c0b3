package org.qexit.data;

import java.nio.file.Path;

/** The package's readers, for tests elsewhere. */
public final class DataReaders {
    private DataReaders() {}

    public static void idx(Path file) {
        Idx.read(file);
    }

    public static void csv(Path file) {
        CsvDataset.read("fuzz", file, CsvOptions.DEFAULT, null);
    }

    public static void descriptor(Path file) {
        DatasetCatalog.readDescriptor(file);
    }
}
