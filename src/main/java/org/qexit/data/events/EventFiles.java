package org.qexit.data.events;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.qexit.common.UserError;
import org.qexit.data.formats.FolderContents;
import org.qexit.data.formats.GzipInput;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxArray;
import org.qexit.data.formats.IdxType;
import org.qexit.data.formats.ImageFile;
import org.qexit.data.formats.Resampling;

/**
 * Events from files: PNG and JPEG images, folders of them, IDX arrays and text of one event per line ({@link EventLines}), each of
 * the last two plain or gzipped. Files are opened one at a time, in the order given.
 */
public final class EventFiles implements EventSource {
    private static final int MAX_DEPTH = 8;

    private final EventFormat format;
    private final Deque<Path> waiting;
    private EventSource current;

    private EventFiles(EventFormat format, List<Path> files) {
        this.format = format;
        this.waiting = new ArrayDeque<>(files);
    }

    /** @throws UserError if there is no such file, or a folder without images */
    public static EventFiles of(EventFormat format, List<Path> inputs) {
        List<Path> files = new ArrayList<>();
        for (Path input : inputs) {
            if (Files.isDirectory(input)) {
                files.addAll(images(input));
            } else if (Files.exists(input)) {
                files.add(input);
            } else {
                throw new UserError(input + ": no such file");
            }
        }
        return new EventFiles(format, files);
    }

    private static List<Path> images(Path folder) {
        try (Stream<Path> all = Files.walk(folder, MAX_DEPTH)) {
            List<Path> images = all.filter(ImageFile::isImage)
                    .filter(file -> !FolderContents.isForeign(folder, file))
                    .sorted()
                    .toList();
            if (images.isEmpty()) {
                throw new UserError(folder + ": no images; expected .png, .jpg or .jpeg files in it");
            }
            return images;
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new UserError(folder + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Event> next() {
        while (true) {
            if (current != null) {
                Optional<Event> event = current.next();
                if (event.isPresent()) {
                    return event;
                }
                close();
            }
            Path file = waiting.poll();
            if (file == null) {
                return Optional.empty();
            }
            if (ImageFile.isImage(file)) {
                return Optional.of(image(file));
            }
            try {
                current = open(file);
            } catch (UserError e) {
                return Optional.of(Event.bad(file.toString(), e.getMessage()));
            }
        }
    }

    @Override
    public void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    private Event image(Path file) {
        try {
            BufferedImage image = ImageFile.decode(file);
            byte[] planes = ImageFile.bytes(image, format.channels());
            if (image.getHeight() != format.height() || image.getWidth() != format.width()) {
                if (!format.resize()) {
                    return Event.bad(
                            file.toString(),
                            file + ": image is " + image.getHeight() + " x " + image.getWidth() + "; expected "
                                    + format.height() + " x " + format.width() + ". Maybe add --resize");
                }
                planes = Resampling.byArea(
                        planes,
                        format.channels(),
                        image.getHeight(),
                        image.getWidth(),
                        format.height(),
                        format.width());
            }
            return Event.good(file.toString(), format.ofLevels(planes));
        } catch (UserError e) {
            return Event.bad(file.toString(), e.getMessage());
        }
    }

    private EventSource open(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT).replaceAll("\\.gz$", "");
        if (name.endsWith(".csv") || name.endsWith(".txt") || name.endsWith(".jsonl") || name.endsWith(".json")) {
            try {
                return EventLines.of(file.toString(), GzipInput.unzipping(file), format);
            } catch (NoSuchFileException e) {
                throw new UserError(file + ": no such file", e);
            } catch (IOException e) {
                throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
            }
        }
        return idx(Idx.read(file));
    }

    private EventSource idx(IdxArray array) {
        int[] dims = array.dims();
        if (dims.length < 2 || !format.accepts(Arrays.copyOfRange(dims, 1, dims.length))) {
            throw new UserError(array.file() + ": an IDX array of "
                    + Arrays.toString(dims).replace(", ", " x ") + "; expected events of "
                    + format.shape());
        }
        return new EventSource() {
            private int row;

            @Override
            public Optional<Event> next() {
                return row < array.rows().length ? Optional.of(event(array, row++)) : Optional.empty();
            }

            @Override
            public void close() {
                row = array.rows().length;
            }
        };
    }

    /** Whole numbers are levels 0 to 255, decimals 0 to 1, as in data sets. */
    private Event event(IdxArray array, int row) {
        String name = array.file() + " event " + row;
        if (array.type() == IdxType.UBYTE) {
            return Event.good(name, format.ofLevels(array.rows()[row]));
        }
        double[] numbers = array.values(row);
        float[] values = new float[numbers.length];
        boolean whole = array.type().isWhole();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) numbers[i];
        }
        try {
            format.checkRange(values, whole ? EventFormat.MOST_LEVEL : 1);
        } catch (IllegalArgumentException e) {
            return Event.bad(name, name + ": " + e.getMessage());
        }
        for (int i = 0; i < values.length; i++) {
            values[i] *= whole ? format.perLevel() : format.maximum();
        }
        return Event.good(name, values);
    }
}
