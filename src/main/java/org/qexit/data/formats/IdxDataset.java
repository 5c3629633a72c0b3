package org.qexit.data.formats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;

/** A data set from two IDX arrays: images of 2 (N x W), 3 (N x H x W) or 4 (N x C x H x W) dimensions, and their labels. */
public final class IdxDataset {
    private static final int MAX_CLASS = 65_535;

    private IdxDataset() {}

    /** @param classNames names by class id; null means the ids themselves */
    public static Dataset of(String name, IdxArray images, IdxArray labels, List<String> classNames) {
        int[] dims = images.dims();
        if (dims.length < 2 || dims.length > 4) {
            throw new UserError(images.file() + " at byte 3: " + dims.length
                    + " dimensions; expected 2 to 4: samples, (channels,) (rows,) columns");
        }
        if (dims[0] == 0) {
            throw new UserError(images.file() + " at byte 4: no images");
        }
        int[] classes = classes(labels);
        if (classes.length != dims[0]) {
            throw new UserError(labels.file() + " at byte 4: " + classes.length + " labels; expected " + dims[0]
                    + ", one for each image of " + images.file());
        }
        List<String> names = classNames == null ? numbered(classes) : classNames;
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] >= names.size()) {
                throw new UserError(labels.file() + " at byte " + labels.offset(0, i) + ": class " + classes[i]
                        + "; expected 0 to " + (names.size() - 1));
            }
        }
        int[] shape = shape(dims);
        return images.type() == IdxType.UBYTE
                ? Dataset.ofBytes(name, shape, images.rows(), classes, names)
                : converted(name, shape, images, classes, names);
    }

    /** Channels, height and width of the images of an array; of one with too many dimensions the first ones. */
    public static int[] shape(int[] dims) {
        int[] shape = {1, 1, 1};
        int count = Math.min(3, dims.length - 1);
        System.arraycopy(dims, 1, shape, 3 - count, count);
        return shape;
    }

    /** The class ids in an array of labels. */
    public static int[] classes(IdxArray labels) {
        if (labels.dims().length != 1) {
            throw new UserError(labels.file() + " at byte 3: " + labels.dims().length
                    + " dimensions; expected 1, a list of labels");
        }
        double[] values = labels.values(0);
        int[] classes = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            double value = values[i];
            if (!(value >= 0 && value <= MAX_CLASS && value == Math.rint(value))) {
                throw new UserError(labels.file() + " at byte " + labels.offset(0, i) + ": class " + value
                        + "; expected a whole number 0 to " + MAX_CLASS);
            }
            classes[i] = (int) value;
        }
        return classes;
    }

    static List<String> numbered(int[] classes) {
        int last = Arrays.stream(classes).max().orElse(0);
        List<String> names = new ArrayList<>();
        for (int c = 0; c <= last; c++) {
            names.add(Integer.toString(c));
        }
        return names;
    }

    /** Whole numbers are levels 0 to 255, as bytes are; decimals are taken as they are, in [0, 1]. */
    private static Dataset converted(
            String name, int[] shape, IdxArray images, int[] classes, List<String> classNames) {
        boolean whole = images.type().isWhole();
        int max = whole ? 255 : 1;
        byte[][] bytes = new byte[images.rows().length][];
        float[][] floats = new float[bytes.length][];
        for (int r = 0; r < bytes.length; r++) {
            double[] values = images.values(r);
            bytes[r] = new byte[whole ? values.length : 0];
            floats[r] = new float[whole ? 0 : values.length];
            for (int i = 0; i < values.length; i++) {
                if (!(values[i] >= 0 && values[i] <= max)) {
                    throw new UserError(images.file() + " at byte " + images.offset(r, i) + ": pixel " + values[i]
                            + "; expected 0 to " + max + " in a file of type " + images.type());
                }
                if (whole) {
                    bytes[r][i] = (byte) (int) values[i];
                } else {
                    floats[r][i] = (float) values[i];
                }
            }
        }
        return whole
                ? Dataset.ofBytes(name, shape, bytes, classes, classNames)
                : Dataset.ofFloats(name, shape, floats, classes, classNames);
    }
}
