package org.qexit.scale.spark;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.VersionInfo;
import org.qexit.common.UserError;

/** Hadoop's file systems, of which those of clouds are in packages of their own. */
final class FileSystems {
    /** By scheme; %s is the version of Hadoop that is here. */
    private static final Map<String, String> PACKAGES = Map.of(
            "s3a", "org.apache.hadoop:hadoop-aws:%s",
            "s3", "org.apache.hadoop:hadoop-aws:%s, and s3a:// in the place of s3://",
            "abfs", "org.apache.hadoop:hadoop-azure:%s",
            "abfss", "org.apache.hadoop:hadoop-azure:%s",
            "wasb", "org.apache.hadoop:hadoop-azure:%s",
            "gs", "com.google.cloud.bigdataoss:gcs-connector",
            "oss", "org.apache.hadoop:hadoop-aliyun:%s");

    private static final int DEEPEST = 10;

    private FileSystems() {}

    /**
     * The file system of a path.
     *
     * @param shown the path, for messages
     * @throws UserError if it needs a package that is not here, or cannot be reached
     */
    static FileSystem of(Path path, Configuration hadoop, String shown) {
        String scheme = path.toUri().getScheme();
        try {
            return path.getFileSystem(hadoop);
        } catch (UnsupportedFileSystemException e) {
            throw missing(scheme, shown, e);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(
                    shown + ": its file system cannot be reached: " + UserError.shown(String.valueOf(e.getMessage())),
                    e);
        } catch (RuntimeException | LinkageError e) {
            Throwable cause = e;
            for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
                if (cause instanceof ClassNotFoundException || cause instanceof LinkageError) {
                    throw missing(scheme, shown, e);
                }
            }
            throw e;
        }
    }

    private static UserError missing(String scheme, String shown, Throwable cause) {
        String needed = scheme == null ? null : PACKAGES.get(scheme.toLowerCase(Locale.ROOT));
        return new UserError(
                shown + ": there is no file system for " + scheme + "://; expected "
                        + (needed == null
                                ? "file, hdfs, or one whose package is on the class path"
                                : "the package " + String.format(Locale.ROOT, needed, VersionInfo.getVersion())
                                        + " with what it needs, by spark-submit --packages or in QEXIT_SPARK_JARS")
                        + " (docs/scale.md)",
                cause);
    }
}
