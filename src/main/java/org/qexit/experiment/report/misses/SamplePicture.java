package org.qexit.experiment.report.misses;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.qexit.data.Dataset;
import org.qexit.experiment.report.Markup;

/** A sample as a picture within a page: an image as it is, a series as lines, one for each channel. */
final class SamplePicture {
    private static final int WIDTH = 120;
    private static final int HEIGHT = 60;

    /** Points of a line that such a width can show. */
    private static final int POINTS = 240;

    private SamplePicture() {}

    /** @param words that stand for the picture where it cannot be seen */
    static Markup of(Dataset data, int sample, String words) {
        String label = Markup.text(words).html();
        return Markup.trusted(data.height() > 1 ? image(data, sample, label) : series(data, sample, label));
    }

    private static String image(Dataset data, int sample, String label) {
        float[] pixels = data.pixels(sample);
        int area = data.height() * data.width();
        boolean colour = data.channels() == 3;
        BufferedImage image = new BufferedImage(
                data.width(), data.height(), colour ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < data.height(); y++) {
            for (int x = 0; x < data.width(); x++) {
                int at = y * data.width() + x;
                if (colour) {
                    image.setRGB(
                            x,
                            y,
                            level(pixels[at]) << 16 | level(pixels[area + at]) << 8 | level(pixels[2 * area + at]));
                } else {
                    image.getRaster().setSample(x, y, 0, level(pixels[at]));
                }
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "<img alt=\"" + label + "\" style=\"width:84px;image-rendering:pixelated\" src=\"data:image/png;base64,"
                + Base64.getEncoder().encodeToString(bytes.toByteArray()) + "\">";
    }

    private static int level(float value) {
        return Math.round(255 * Math.min(1, Math.max(0, value)));
    }

    private static String series(Dataset data, int sample, String label) {
        float[] values = data.pixels(sample);
        StringBuilder out = new StringBuilder("<svg role=\"img\" aria-label=\"" + label + "\" width=\"" + WIDTH
                + "\" height=\"" + HEIGHT + "\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\">");
        for (int c = 0; c < data.channels(); c++) {
            out.append("<polyline fill=\"none\" stroke=\"currentColor\" opacity=\"")
                    .append(c == 0 ? "1" : "0.5")
                    .append("\" points=\"");
            int step = Math.max(1, data.width() / POINTS);
            for (int t = 0; t < data.width(); t += step) {
                out.append(String.format(
                        Locale.ROOT,
                        "%.1f,%.1f ",
                        (double) WIDTH * t / Math.max(1, data.width() - 1),
                        2 + (HEIGHT - 4) * (1 - values[c * data.width() + t])));
            }
            out.append("\"/>");
        }
        return out.append("</svg>").toString();
    }
}
