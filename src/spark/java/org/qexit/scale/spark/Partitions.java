package org.qexit.scale.spark;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.Path;
import org.qexit.common.UserError;

/** Directories that tell a column's value in their name, {@code device=ue1}, as Hive, Spark, pandas and others write partitions. */
final class Partitions {
    private static final String PREFIX = TraceTable.DEVICE + "=";
    /** What writers name the directory of rows without a value. */
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    private Partitions() {}

    /**
     * The device in the directories' names above a file, the nearest one, as it is written: {@code device=007} is 007 and no number.
     *
     * @return null where there is none
     * @throws UserError if the rows are of no device
     */
    static String device(Path file) {
        for (Path directory = file.getParent(); directory != null; directory = directory.getParent()) {
            String name = directory.getName();
            if (name.startsWith(PREFIX)) {
                String value = unescaped(name.substring(PREFIX.length()));
                if (value.equals(NULL) || value.isBlank()) {
                    throw new UserError(TraceFiles.shown(directory) + ": holds rows without a device");
                }
                return value;
            }
        }
        return null;
    }

    /** Bytes of UTF-8 that a file's name cannot hold stand there as %XX; a % that begins nothing such stands for itself. */
    static String unescaped(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] all = name.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < all.length; i++) {
            int high = all[i] == '%' && i + 2 < all.length ? Character.digit(all[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(all[i + 2], 16);
            if (low < 0) {
                bytes.write(all[i]);
            } else {
                bytes.write(high << 4 | low);
                i += 2;
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
