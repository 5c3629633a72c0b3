package org.qexit.data.guess;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qexit.common.UserError;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.catalog.DatasetDescriptor.Format;
import org.qexit.data.catalog.DatasetDescriptor.Role;
import org.qexit.data.formats.ImageFolder;
import org.qexit.data.formats.ImageOptions;
import org.qexit.data.formats.ImageSurvey;

/** Folders of images, one per class. */
final class ImageGuess {
    /** Images up to this height and width are taken as they are; larger ones cost more than a first model can use. */
    private static final int LARGEST = 48;

    /** The longer side that larger images, or images of several sizes, are scaled to. */
    private static final int SIDE = 32;

    private static final int LEAST_SIDE = 8;

    /** Sides that differ by no more of the longer one make a square. */
    private static final double NEARLY = 0.1;

    private ImageGuess() {}

    static Optional<DataGuess> of(Path directory) {
        List<Path> folders =
                FileNames.entries(directory).stream().filter(Files::isDirectory).toList();
        List<Path> train = folders.stream().filter(FileNames::isTrain).toList();
        List<Path> test = folders.stream().filter(FileNames::isTest).toList();
        boolean parts = !train.isEmpty() && !test.isEmpty();
        Path first = parts ? train.get(0) : directory;
        List<String> classes = ImageFolder.classFolders(first);
        if (classes.isEmpty() || ImageSurvey.of(first, classes).images() == 0) {
            return Optional.empty();
        }
        if (classes.size() < 2) {
            throw new UserError(first + ": has images in one folder, " + classes.get(0)
                    + "; expected a folder for each class, two or more");
        }
        List<String> notes = new ArrayList<>();
        List<DataFile> files = new ArrayList<>();
        if (parts) {
            Path tested = test.stream()
                    .filter(folder -> folder.getFileName()
                            .toString()
                            .toLowerCase(java.util.Locale.ROOT)
                            .startsWith("test"))
                    .findFirst()
                    .orElse(test.get(0));
            files.add(new DataFile(Role.TRAIN_FOLDER, first.getFileName().toString(), null, null));
            files.add(new DataFile(Role.TEST_FOLDER, tested.getFileName().toString(), null, null));
        } else {
            files.add(new DataFile(Role.ALL_FOLDER, ".", null, null));
            notes.add("There are no folders train and test: a quarter of each class is kept for tests.");
        }
        ImageOptions options = options(ImageSurvey.of(first, classes), notes);
        return Optional.of(DataGuess.read(
                "images",
                directory,
                DataGuess.descriptor(directory, directory, Format.IMAGES, classes, files, null, options, null),
                notes));
    }

    /** Grey or colour, and a size that all are scaled to where they differ or are large. */
    private static ImageOptions options(ImageSurvey survey, List<String> notes) {
        int channels = survey.colour() ? 3 : 1;
        int height = survey.medianHeight();
        int width = survey.medianWidth();
        if (survey.oneSize() && Math.max(height, width) <= LARGEST) {
            return new ImageOptions(channels, survey.complete() ? null : List.of(height, width));
        }
        double factor = Math.min(1, (double) SIDE / Math.max(height, width));
        boolean square = Math.abs(height - width) <= NEARLY * Math.max(height, width);
        int longer = (int) Math.round(Math.max(height, width) * factor);
        int toHeight = square ? longer : Math.max(LEAST_SIDE, (int) Math.round(height * factor));
        int toWidth = square ? longer : Math.max(LEAST_SIDE, (int) Math.round(width * factor));
        notes.add("Images are " + (survey.oneSize() ? "" : "of several sizes, mostly ") + height + " x " + width
                + " pixels: all are scaled to " + toHeight + " x " + toWidth + ".");
        return new ImageOptions(channels, List.of(toHeight, toWidth));
    }
}
