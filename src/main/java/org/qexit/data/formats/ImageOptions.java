package org.qexit.data.formats;

import java.util.List;

/**
 * How an image folder reads.
 *
 * @param channels 1 for grey, 3 for red, green, blue; null means what the first image is
 * @param resize height, width that every image is scaled to; null means that all must agree
 */
public record ImageOptions(Integer channels, List<Integer> resize) {
    public static final ImageOptions DEFAULT = new ImageOptions(null, null);

    public ImageOptions {
        if (channels != null && channels != 1 && channels != 3) {
            throw new IllegalArgumentException("channels is " + channels + "; expected 1 (grey) or 3 (colour)");
        }
        if (resize != null) {
            resize = List.copyOf(resize);
            if (resize.size() != 2 || resize.stream().anyMatch(s -> s < 1 || s > 16_384)) {
                throw new IllegalArgumentException(
                        "resize is " + resize + "; expected two numbers 1 to 16384: height, width");
            }
        }
    }
}
