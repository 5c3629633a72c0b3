package org.qexit.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxType;

/** A made-up data set of patients' beats: series with groups. */
public final class GroupedBeats {
    private GroupedBeats() {}

    /**
     * Writes data set {@code beats} of 1 x 16 random series, of classes 0 to 3 in turn.
     *
     * @param folder gets the descriptor {@code beats.yaml} and the files
     * @param train group of each sample to learn from
     * @param test group of each sample of the devices
     */
    public static void write(Path folder, List<String> train, List<String> test) throws IOException {
        for (Split split : Split.values()) {
            List<String> groups = split == Split.TRAIN ? train : test;
            byte[] labels = new byte[groups.size()];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = (byte) (i % 4);
            }
            Path base = folder.resolve("beats");
            int n = groups.size();
            Idx.write(
                    base.resolve(split.word() + "-x.gz"),
                    IdxType.UBYTE,
                    new int[] {n, 1, 16},
                    List.of(TestData.pixels(n, 16, n)));
            Idx.write(base.resolve(split.word() + "-y"), IdxType.UBYTE, new int[] {n}, List.of(labels));
            StringBuilder csv = new StringBuilder("sample,\"record\"\n");
            groups.forEach(group -> csv.append("7,").append(group).append("\r\n"));
            Files.writeString(base.resolve(split.word() + ".csv"), csv);
        }
        Files.writeString(folder.resolve("beats.yaml"), """
                name: beats
                format: idx
                groups: record
                files:
                  - {role: train_images, name: train-x.gz}
                  - {role: train_labels, name: train-y}
                  - {role: train_groups, name: train.csv}
                  - {role: test_images, name: test-x.gz}
                  - {role: test_labels, name: test-y}
                  - {role: test_groups, name: test.csv}
                """);
    }
}
