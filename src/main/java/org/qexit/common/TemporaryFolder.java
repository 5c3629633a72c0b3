package org.qexit.common;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process's own folder within the system's folder of temporary files. The libraries below unpack native code there, tens of MB that a
 * killed process leaves behind: in a folder named after the process, the next one knows what is nobody's any more. The launcher makes the
 * folder, for the platform asks only at its start where temporary files go, and the process that it starts has its own number.
 */
public final class TemporaryFolder {
    /** Where the launcher says which folder is this process's. */
    public static final String PROPERTY = "qexit.tmpdir";

    private static final Pattern NAME = Pattern.compile("qexit-(\\d{1,18})-[0-9A-Za-z]{1,16}");

    private TemporaryFolder() {}

    /** Sees to it that this process's folder goes with it, and removes those of dead processes. To be called once. */
    public static void use() {
        String own = System.getProperty(PROPERTY);
        if (own == null) {
            sweep(Path.of(System.getProperty("java.io.tmpdir")));
            return;
        }
        Path folder = Path.of(own).toAbsolutePath();
        if (!NAME.matcher(folder.getFileName().toString()).matches() || !Files.isDirectory(folder)) {
            return;
        }
        DirectoryLock[] lock = new DirectoryLock[1];
        try {
            lock[0] = DirectoryLock.inside(folder);
        } catch (UserError e) {
            // A full disk: whoever needs a temporary file will say so.
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            LeftOvers.remove(folder);
            if (lock[0] != null) {
                lock[0].close();
            }
        }));
        sweep(folder.getParent());
    }

    /** Removes the folders of processes that are no more: neither does one of that number run, nor is the folder locked. */
    static void sweep(Path base) {
        for (Path folder : LeftOvers.list(base)) {
            Matcher name = NAME.matcher(folder.getFileName().toString());
            if (name.matches()
                    && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.isWritable(folder)
                    && !LeftOvers.isAlive(Long.parseLong(name.group(1)), folder)) {
                try {
                    // A process of another container has no number here, but a lock.
                    DirectoryLock lock = DirectoryLock.inside(folder);
                    LeftOvers.remove(folder);
                    lock.close();
                } catch (UserError e) {
                    // In use.
                }
            }
        }
    }
}
