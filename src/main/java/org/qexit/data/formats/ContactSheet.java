package org.qexit.data.formats;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;

/** A picture of a data set: one row per class, its first samples side by side. */
public final class ContactSheet {
    private static final int GAP = 2;
    private static final int BACKGROUND = 0x808080;
    /** What a BufferedImage of ints can still index with room to spare. */
    private static final long MAX_PIXELS = 1L << 28;

    private ContactSheet() {}

    /** Writes a PNG file; signals of height 1 are drawn as curves 32 pixels high. */
    public static void write(Dataset data, int perClass, Path file) {
        if (perClass < 1) {
            throw new UserError("contact sheet of " + perClass + " samples per class; expected at least 1");
        }
        int height = data.height() == 1 ? 32 : data.height();
        int[][] byClass = data.samplesByClass();
        long width = (long) perClass * (data.width() + GAP) + GAP;
        long total = (long) byClass.length * (height + GAP) + GAP;
        if (width * total > MAX_PIXELS) {
            throw new UserError("contact sheet of " + width + " x " + total
                    + " pixels is too large. Maybe show fewer samples per class");
        }
        BufferedImage sheet = new BufferedImage((int) width, (int) total, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < total; y++) {
            for (int x = 0; x < width; x++) {
                sheet.setRGB(x, y, BACKGROUND);
            }
        }
        for (int c = 0; c < byClass.length; c++) {
            for (int k = 0; k < Math.min(perClass, byClass[c].length); k++) {
                int left = GAP + k * (data.width() + GAP);
                int top = GAP + c * (height + GAP);
                float[] pixels = data.pixels(byClass[c][k]);
                if (data.height() == 1) {
                    curve(sheet, left, top, height, data.width(), pixels);
                } else {
                    image(sheet, left, top, data, pixels);
                }
            }
        }
        AtomicFiles.write(file, temporary -> {
            if (!ImageIO.write(sheet, "png", temporary.toFile())) {
                throw new IOException("this Java has no PNG writer");
            }
        });
    }

    private static void image(BufferedImage sheet, int left, int top, Dataset data, float[] pixels) {
        int area = data.height() * data.width();
        boolean colour = data.channels() == 3;
        for (int i = 0; i < area; i++) {
            int r = level(pixels[i]);
            int g = colour ? level(pixels[area + i]) : r;
            int b = colour ? level(pixels[2 * area + i]) : r;
            sheet.setRGB(left + i % data.width(), top + i / data.width(), r << 16 | g << 8 | b);
        }
    }

    private static void curve(BufferedImage sheet, int left, int top, int height, int width, float[] values) {
        for (int x = 0; x < width; x++) {
            int at = Math.round(values[x] * (height - 1));
            for (int y = 0; y < height; y++) {
                sheet.setRGB(left + x, top + height - 1 - y, y == at ? 0xffffff : 0);
            }
        }
    }

    private static int level(float value) {
        return Math.round(value * 255);
    }
}
