package org.qexit.data.formats;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What decoders do not say of a JPEG file: how the camera was held, and how many colour components there are. Reads the segments
 * before the image data, of Exif only the orientation (tag 0x0112 of IFD 0; CIPA DC-008, 4.6.4); whatever does not fit its segment
 * counts as not there.
 *
 * @param orientation 1 (upright) to 8
 * @param components 1 grey, 3 colour, 4 CMYK; 0 if the file has no frame
 */
record JpegHeader(int orientation, int components) {
    /** Of a file that is no JPEG. */
    static final JpegHeader NONE = new JpegHeader(1, 0);

    private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};
    private static final int ENTRY_BYTES = 12;
    private static final int ORIENTATION_TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int START_OF_IMAGE = 0xffd8;
    private static final int APP1 = 0xe1;
    private static final int START_OF_SCAN = 0xda;

    static JpegHeader read(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(new BufferedInputStream(stream))) {
            return in.readUnsignedShort() == START_OF_IMAGE ? segments(in) : NONE;
        } catch (EOFException e) {
            return NONE;
        }
    }

    private static JpegHeader segments(DataInputStream in) throws IOException {
        int orientation = 0;
        while (true) {
            int marker = marker(in);
            int length = in.readUnsignedShort() - 2;
            if (marker == START_OF_SCAN || length < 0) {
                return new JpegHeader(Math.max(1, orientation), 0);
            }
            if (isFrame(marker)) {
                byte[] frame = in.readNBytes(6);
                return new JpegHeader(Math.max(1, orientation), frame.length < 6 ? 0 : frame[5] & 0xff);
            }
            if (marker == APP1 && orientation == 0) {
                byte[] segment = new byte[length];
                in.readFully(segment);
                orientation = orientation(ByteBuffer.wrap(segment));
            } else {
                in.skipNBytes(length);
            }
        }
    }

    /** The next marker that has a segment; fill bytes may come before it. */
    private static int marker(DataInputStream in) throws IOException {
        int c = in.readUnsignedByte();
        while (c != 0xff) {
            c = in.readUnsignedByte();
        }
        while (c == 0xff) {
            c = in.readUnsignedByte();
        }
        return c;
    }

    /** SOF0 to SOF15, without DHT, JPG and DAC among them. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /** 0 if the segment does not tell. */
    private static int orientation(ByteBuffer segment) {
        byte[] name = new byte[EXIF.length];
        if (segment.remaining() < EXIF.length + 8) {
            return 0;
        }
        segment.get(name);
        if (!Arrays.equals(name, EXIF)) {
            return 0;
        }
        ByteBuffer tiff = segment.slice();
        short order = tiff.getShort(0);
        if (order != 0x4949 && order != 0x4d4d) {
            return 0;
        }
        tiff.order(order == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long ifd = Integer.toUnsignedLong(tiff.getInt(4));
        if (tiff.getShort(2) != 42 || ifd + 2 > tiff.limit()) {
            return 0;
        }
        int entries = tiff.getShort((int) ifd) & 0xffff;
        for (int i = 0; i < entries; i++) {
            long at = ifd + 2 + (long) i * ENTRY_BYTES;
            if (at + ENTRY_BYTES > tiff.limit()) {
                return 0;
            }
            int entry = (int) at;
            if ((tiff.getShort(entry) & 0xffff) == ORIENTATION_TAG) {
                int value = tiff.getShort(entry + 8) & 0xffff;
                boolean valid = tiff.getShort(entry + 2) == SHORT && tiff.getInt(entry + 4) == 1;
                return valid && value >= 1 && value <= 8 ? value : 0;
            }
        }
        return 0;
    }
}
