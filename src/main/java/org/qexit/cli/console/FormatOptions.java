package org.qexit.cli.console;

import org.qexit.bundle.BundleManifest;
import org.qexit.common.UserError;
import org.qexit.data.events.EventFormat;
import picocli.CommandLine.Option;

/** How files of events are to be read: alike wherever a bundle takes events from files. */
public final class FormatOptions {
    @Option(names = "--levels", description = "Numbers in text are levels 0 to 255.")
    private boolean levels;

    @Option(names = "--resize", description = "Scale images of another size.")
    private boolean resize;

    @Option(
            names = "--ignore-column",
            paramLabel = "I",
            description = "Column of CSV rows that is no part of the event, from 0; such as its label.")
    private Integer ignoredColumn;

    /** The format of events that a bundle takes. */
    public EventFormat format(BundleManifest.Input shape) {
        try {
            return new EventFormat(
                    shape.channels(), shape.height(), shape.width(), shape.maximum(), levels, resize, ignoredColumn);
        } catch (IllegalArgumentException e) {
            throw new UserError("--ignore-column: " + e.getMessage(), e);
        }
    }
}
