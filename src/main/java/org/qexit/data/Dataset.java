package org.qexit.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.qexit.common.Checks;
import org.qexit.common.Hashing;

/**
 * Labelled images (or signals, as images of height 1). Pixels are stored as they came, row-major by channel, row, column:
 * {@code [sample][channel * height * width]}, either as bytes, where 255 means 1, or as floats in [0, 1]. Immutable.
 *
 * <p>{@link #sha256()} names the content whatever file format it came from: SHA-256 over the line
 * {@code "qexit-dataset 1 <u8|f32> <size> <channels> <height> <width>\n"}, then for each sample its class id (4 bytes, big
 * endian) and its pixels (big endian); with groups, then for each sample its group's name in UTF-8 and a line end.
 *
 * <p>Samples may belong to groups, as heart beats belong to patients: what comes from one source, in the order it came.
 */
public final class Dataset {
    private static final float PER_LEVEL = 1f / 255f;

    private final String name;
    private final int channels;
    private final int height;
    private final int width;
    private final byte[][] bytes;
    private final float[][] floats;
    private final int[] classes;
    private final List<String> classNames;
    private final List<String> groups;
    private final String sha256;

    private Dataset(
            String name,
            int[] shape,
            byte[][] bytes,
            float[][] floats,
            int[] classes,
            List<String> classNames,
            List<String> groups) {
        this.name = Checks.notBlank("name", name);
        this.channels = Checks.within("channels", shape[0], 1, Integer.MAX_VALUE);
        this.height = Checks.within("height", shape[1], 1, Integer.MAX_VALUE);
        this.width = Checks.within("width", shape[2], 1, Integer.MAX_VALUE);
        this.bytes = bytes;
        this.floats = floats;
        this.classes = classes;
        this.classNames = List.copyOf(classNames);
        this.groups = groups == null ? null : List.copyOf(groups);
        if (groups != null && groups.size() != classes.length) {
            throw new IllegalArgumentException(groups.size() + " groups for " + classes.length + " samples");
        }
        long features = (long) channels * height * width;
        if (features > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "images of " + channels + " x " + height + " x " + width + " are too large");
        }
        for (int i = 0; i < classes.length; i++) {
            Checks.within("class of sample " + i, classes[i], 0, this.classNames.size() - 1);
        }
        this.sha256 = digest();
    }

    /**
     * A data set of 8-bit pixels; takes over the arrays.
     *
     * @param shape channels, height, width
     * @param pixels {@code [sample][channel * height * width]}
     * @param classes class id of each sample, an index into {@code classNames}
     */
    public static Dataset ofBytes(String name, int[] shape, byte[][] pixels, int[] classes, List<String> classNames) {
        checkLengths(pixels.length, classes.length);
        for (byte[] image : pixels) {
            checkFeatures(shape, image.length);
        }
        return new Dataset(name, shape, pixels, null, classes, classNames, null);
    }

    /** As {@link #ofBytes}, for pixels in [0, 1]. */
    public static Dataset ofFloats(String name, int[] shape, float[][] pixels, int[] classes, List<String> classNames) {
        checkLengths(pixels.length, classes.length);
        for (float[] image : pixels) {
            checkFeatures(shape, image.length);
            for (float value : image) {
                if (!(value >= 0 && value <= 1)) {
                    throw new IllegalArgumentException("a pixel is " + value + "; expected 0 to 1");
                }
            }
        }
        return new Dataset(name, shape, null, pixels, classes, classNames, null);
    }

    /** As {@link #ofBytes}, for any finite numbers, such as the features that a network makes of images. */
    public static Dataset ofReals(String name, int[] shape, float[][] values, int[] classes, List<String> classNames) {
        checkLengths(values.length, classes.length);
        for (float[] sample : values) {
            checkFeatures(shape, sample.length);
            for (float value : sample) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("a value is " + value + "; expected a finite number");
                }
            }
        }
        return new Dataset(name, shape, null, values, classes, classNames, null);
    }

    /**
     * The same samples, each with the group that it belongs to.
     *
     * @param names of the groups, {@code [sample]}
     */
    public Dataset withGroups(List<String> names) {
        Checks.present("groups", names);
        return new Dataset(name, new int[] {channels, height, width}, bytes, floats, classes, classNames, names);
    }

    /** Some of the samples, in the given order, with their classes and groups. */
    public Dataset select(int[] samples) {
        return new Dataset(
                name,
                new int[] {channels, height, width},
                bytes == null
                        ? null
                        : IntStream.of(samples).mapToObj(i -> bytes[i]).toArray(byte[][]::new),
                floats == null
                        ? null
                        : IntStream.of(samples).mapToObj(i -> floats[i]).toArray(float[][]::new),
                IntStream.of(samples).map(i -> classes[i]).toArray(),
                classNames,
                groups == null
                        ? null
                        : IntStream.of(samples).mapToObj(groups::get).toList());
    }

    private static void checkLengths(int images, int labels) {
        if (images != labels) {
            throw new IllegalArgumentException(images + " images but " + labels + " labels");
        }
    }

    private static void checkFeatures(int[] shape, int length) {
        if ((long) shape[0] * shape[1] * shape[2] != length) {
            throw new IllegalArgumentException(
                    "an image has " + length + " values; expected " + shape[0] + " x " + shape[1] + " x " + shape[2]);
        }
    }

    public String name() {
        return name;
    }

    /** Number of samples. */
    public int size() {
        return classes.length;
    }

    public int channels() {
        return channels;
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    /** Values per sample: channels x height x width. */
    public int features() {
        return channels * height * width;
    }

    public int classOf(int sample) {
        return classes[sample];
    }

    /** Class ids of all samples; a copy. */
    public int[] classes() {
        return classes.clone();
    }

    /** Names by class id. A class may have no sample. */
    public List<String> classNames() {
        return classNames;
    }

    /** Whether samples belong to groups. */
    public boolean hasGroups() {
        return groups != null;
    }

    /** The group of each sample, in order; null where there are none. */
    public List<String> groups() {
        return groups;
    }

    /** The samples of each group in ascending order, by name. */
    public SortedMap<String, int[]> samplesByGroup() {
        if (groups == null) {
            throw new IllegalStateException("data set " + name + " has no groups");
        }
        SortedMap<String, int[]> samples = new TreeMap<>();
        IntStream.range(0, size())
                .boxed()
                .collect(Collectors.groupingBy(groups::get))
                .forEach((group, list) -> samples.put(
                        group, list.stream().mapToInt(Integer::intValue).toArray()));
        return samples;
    }

    /** SHA-256 of the content, see above. */
    public String sha256() {
        return sha256;
    }

    /** Whether pixels are stored as bytes. */
    public boolean isBytes() {
        return bytes != null;
    }

    /** Writes the pixels of a sample, scaled to [0, 1], to {@code dst[offset]} and on; O(features). */
    public void copyTo(int sample, float[] dst, int offset) {
        if (bytes == null) {
            System.arraycopy(floats[sample], 0, dst, offset, floats[sample].length);
            return;
        }
        byte[] image = bytes[sample];
        for (int i = 0; i < image.length; i++) {
            dst[offset + i] = (image[i] & 0xff) * PER_LEVEL;
        }
    }

    /** One sample's pixels in [0, 1], a fresh array. */
    public float[] pixels(int sample) {
        float[] values = new float[features()];
        copyTo(sample, values, 0);
        return values;
    }

    /** How many samples each class has, {@code [class]}. */
    public int[] classCounts() {
        int[] counts = new int[classNames.size()];
        for (int id : classes) {
            counts[id]++;
        }
        return counts;
    }

    /** The samples of each class in ascending order, {@code [class][i]}. */
    public int[][] samplesByClass() {
        int[] counts = classCounts();
        int[][] samples = new int[counts.length][];
        for (int c = 0; c < counts.length; c++) {
            samples[c] = new int[counts[c]];
        }
        int[] next = new int[counts.length];
        for (int i = 0; i < classes.length; i++) {
            samples[classes[i]][next[classes[i]]++] = i;
        }
        return samples;
    }

    /** The raw bytes of a sample, not copied; only where {@link #isBytes}. */
    public byte[] rawBytes(int sample) {
        return bytes[sample];
    }

    private String digest() {
        MessageDigest digest = Hashing.sha256();
        String head = "qexit-dataset 1 " + (bytes != null ? "u8 " : "f32 ") + size() + " " + channels + " " + height
                + " " + width + "\n";
        digest.update(head.getBytes(StandardCharsets.US_ASCII));
        ByteBuffer buffer = ByteBuffer.allocate(bytes != null ? 4 : 4 + 4 * features());
        for (int i = 0; i < classes.length; i++) {
            buffer.clear();
            buffer.putInt(classes[i]);
            if (bytes == null) {
                for (float value : floats[i]) {
                    buffer.putFloat(value);
                }
            }
            digest.update(buffer.array(), 0, buffer.position());
            if (bytes != null) {
                digest.update(bytes[i]);
            }
        }
        if (groups != null) {
            groups.forEach(group -> digest.update((group + "\n").getBytes(StandardCharsets.UTF_8)));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public String toString() {
        return name + ": " + size() + " x " + channels + "x" + height + "x" + width + ", " + classNames.size()
                + " classes";
    }
}
