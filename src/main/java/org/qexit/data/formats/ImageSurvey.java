package org.qexit.data.formats;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the images in class folders look like, from some of them, evenly spread.
 *
 * @param images how many there are
 * @param colour whether one that was looked at is no grey one
 * @param oneSize whether all that were looked at have one size
 * @param complete whether all were looked at
 * @param medianHeight their median height
 * @param medianWidth their median width
 */
public record ImageSurvey(
        int images, boolean colour, boolean oneSize, boolean complete, int medianHeight, int medianWidth) {
    private static final int LOOKED_AT = 200;

    /** @param classes names of folders in {@code folder} */
    public static ImageSurvey of(Path folder, List<String> classes) {
        List<Path> all = new ArrayList<>();
        classes.forEach(name -> all.addAll(FolderContents.images(folder.resolve(name))));
        List<Integer> heights = new ArrayList<>();
        List<Integer> widths = new ArrayList<>();
        boolean colour = false;
        int count = Math.min(LOOKED_AT, all.size());
        for (int i = 0; i < count; i++) {
            BufferedImage image = ImageFile.decode(all.get((int) ((long) i * all.size() / count)));
            heights.add(image.getHeight());
            widths.add(image.getWidth());
            colour |= !ImageFile.isGrey(image);
        }
        boolean oneSize = heights.stream().distinct().count() <= 1
                && widths.stream().distinct().count() <= 1;
        return new ImageSurvey(all.size(), colour, oneSize, count == all.size(), median(heights), median(widths));
    }

    private static int median(List<Integer> values) {
        return values.isEmpty() ? 0 : values.stream().sorted().toList().get(values.size() / 2);
    }
}
