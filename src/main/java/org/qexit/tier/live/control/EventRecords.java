package org.qexit.tier.live.control;

import java.util.List;
import org.qexit.common.Checks;

/**
 * What nodes post to {@code /v1/records}, format {@value #FORMAT}.
 *
 * @param format must be {@value #FORMAT}
 * @param records 1 to {@value #MOST}
 */
public record EventRecords(String format, List<EventRecord> records) {
    public static final String FORMAT = "qexit.records/1";
    public static final int MOST = 1_000;

    public EventRecords {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        records = List.copyOf(Checks.present("records", records));
        Checks.within("number of records", records.size(), 1, MOST);
    }

    public static EventRecords of(List<EventRecord> records) {
        return new EventRecords(FORMAT, records);
    }
}
