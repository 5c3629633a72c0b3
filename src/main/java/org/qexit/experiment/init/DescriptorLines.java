package org.qexit.experiment.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.qexit.common.Json;
import org.qexit.data.formats.CsvOptions;
import org.qexit.data.formats.ImageOptions;

/** How samples read, as lines of a configuration. */
final class DescriptorLines {
    private DescriptorLines() {}

    static List<String> of(CsvOptions csv) {
        List<String> lines = new ArrayList<>();
        lines.add("    csv:");
        lines.add("      label: " + quoted(csv.label()) + "   # column of the classes");
        lines.add("      shape: " + csv.shape() + "   # channels, height, width");
        if (csv.scale() == null) {
            lines.add("      range: " + csv.range().name().toLowerCase(Locale.ROOT)
                    + "   # byte: whole numbers 0 to 255; unit: decimals 0 to 1");
        } else {
            lines.add("      # least and greatest of each column, or of all: they become 0 and 1");
            lines.add("      scale: " + csv.scale());
        }
        if (!csv.ignore().isEmpty()) {
            lines.add("      ignore: " + flow(csv.ignore()) + "   # columns that are neither class nor values");
        }
        if (!csv.separator().equals(",")) {
            lines.add("      separator: " + Json.compact(csv.separator()));
        }
        return lines;
    }

    static List<String> of(ImageOptions images) {
        return List.of("    images: {channels: " + images.channels()
                + (images.resize() == null ? "" : ", resize: " + images.resize()) + "}   # 1 is grey, 3 is colour");
    }

    static String flow(List<String> names) {
        return names.stream().map(DescriptorLines::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    /** In quotes where YAML could take it for something else. */
    static String quoted(String text) {
        return text.matches("[A-Za-z][A-Za-z0-9_./-]*") && !text.matches("(?i)true|false|null|yes|no|on|off|y|n")
                ? text
                : Json.compact(text);
    }
}
