package org.qexit.tier.live.report;

import java.net.URI;
import java.nio.file.Path;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** A process: "answers" events, by printing their numbers, as fast as it can, each once its record is taken. */
final class AnsweringProcess {
    static final Identity NODE = new Identity("north", Role.NODE, "en1", 1);

    /** Added to all numbers, so that a line that was cut off has fewer digits. */
    static final long FIRST = 1_000_000_000;

    static final int DIGITS = 10;

    private AnsweringProcess() {}

    static EventRecord record(long seq) {
        return EventRecord.of("ue1", "0123456789abcdef-" + seq, "0".repeat(64), 1, 2, new byte[300]);
    }

    /** Words: directory, cloud, number of the first event. */
    public static void main(String[] words) {
        ReportSettings settings = ReportSettings.of(new CloudReports(URI.create(words[1]), NODE));
        RecordSender sender = new RecordSender(Path.of(words[0]), settings, line -> {});
        for (long seq = Long.parseLong(words[2]); ; seq++) {
            sender.add(record(seq));
            System.out.println(FIRST + seq);
        }
    }
}
