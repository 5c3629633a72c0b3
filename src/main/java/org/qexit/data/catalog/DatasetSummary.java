package org.qexit.data.catalog;

import java.util.LinkedHashMap;
import java.util.Map;
import org.qexit.data.Dataset;
import org.qexit.data.Split;

/**
 * A data set in a few numbers.
 *
 * @param name its name
 * @param split which part of it
 * @param size number of samples
 * @param channels channels of a sample
 * @param height rows of a sample
 * @param width columns of a sample
 * @param pixelMean mean of all pixels, in [0, 1]
 * @param pixelDeviation standard deviation of all pixels, in [0, 1]
 * @param classCounts samples by "id name"
 * @param sha256 of the content, as {@link Dataset#sha256} says
 */
public record DatasetSummary(
        String name,
        Split split,
        int size,
        int channels,
        int height,
        int width,
        double pixelMean,
        double pixelDeviation,
        Map<String, Integer> classCounts,
        String sha256) {
    /** Reads every pixel once. */
    public static DatasetSummary of(Dataset data, Split split) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        int[] byClass = data.classCounts();
        for (int c = 0; c < byClass.length; c++) {
            String name = data.classNames().get(c);
            counts.put(name.equals(Integer.toString(c)) ? name : c + " " + name, byClass[c]);
        }
        float[] pixels = new float[data.features()];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < data.size(); i++) {
            data.copyTo(i, pixels, 0);
            for (float value : pixels) {
                sum += value;
                squares += (double) value * value;
            }
        }
        double n = (double) data.size() * data.features();
        double mean = sum / n;
        // Pixels lie in [0, 1], so the difference of the two moments keeps its digits.
        double deviation = Math.sqrt(Math.max(0, squares / n - mean * mean));
        return new DatasetSummary(
                data.name(),
                split,
                data.size(),
                data.channels(),
                data.height(),
                data.width(),
                mean,
                deviation,
                counts,
                data.sha256());
    }
}
