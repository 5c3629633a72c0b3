package org.qexit.tier.sim;

import java.nio.file.Path;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.simulation.RandomStream;
import org.qexit.tier.EventOutcome;
import org.qexit.trace.ParquetTable;

/** The events of a run, or a sample of them, in a Parquet file, in the order in which they end. */
final class EventLog {
    private static final List<ParquetTable.Column> COLUMNS = List.of(
            new ParquetTable.Column("device", ParquetTable.Type.TEXT),
            new ParquetTable.Column("event", ParquetTable.Type.WHOLE),
            new ParquetTable.Column("row", ParquetTable.Type.WHOLE),
            new ParquetTable.Column("seconds", ParquetTable.Type.NUMBER),
            new ParquetTable.Column("critical", ParquetTable.Type.TRUTH),
            new ParquetTable.Column("exit", ParquetTable.Type.WHOLE),
            new ParquetTable.Column("offloaded", ParquetTable.Type.TRUTH),
            new ParquetTable.Column("node", ParquetTable.Type.TEXT),
            new ParquetTable.Column("outcome", ParquetTable.Type.TEXT),
            new ParquetTable.Column("endSeconds", ParquetTable.Type.NUMBER));

    private final ParquetTable table;
    private final Fleet fleet;
    private final double share;
    private final RandomStream sample;

    private EventLog(ParquetTable table, Fleet fleet, double share) {
        this.table = table;
        this.fleet = fleet;
        this.share = share;
        sample = RandomStream.of(RandomStreams.of(fleet.scenario.seed()), "log", 0);
    }

    /** Whoever lets the run happen while the log is open. */
    @FunctionalInterface
    interface Running {
        void into(EventLog log);
    }

    /** @param share of the events, chosen by device and number, 0 to 1 */
    static void write(Path file, Fleet fleet, double share, Running run) {
        Checks.within("sample", share, 0, 1);
        ParquetTable.write(file, COLUMNS, table -> run.into(new EventLog(table, fleet, share)));
    }

    /** An event that its device never looked at. */
    void unseen(int device, int number, int row, double now, EventOutcome outcome) {
        if (isChosen(device, number)) {
            boolean critical = fleet.trace(0, device).labels()[row] == 1;
            put(device, number, row, now, critical, null, false, null, outcome, now);
        }
    }

    void ended(Jobs jobs, int job, double now, EventOutcome outcome) {
        int device = jobs.device[job];
        if (!isChosen(device, jobs.number[job])) {
            return;
        }
        boolean offloaded = (jobs.flags[job] & Jobs.CRITICAL) != 0;
        boolean sent = offloaded && outcome != EventOutcome.WITHHELD && outcome != EventOutcome.LOST_LINK;
        boolean critical = fleet.trace(0, device).labels()[jobs.row[job]] == 1;
        put(
                device,
                jobs.number[job],
                jobs.row[job],
                jobs.arrived[job],
                critical,
                (long) jobs.exit[job] + 1,
                offloaded,
                sent ? fleet.nodes.get(jobs.node[job]).id() : null,
                outcome,
                now);
    }

    private boolean isChosen(int device, int number) {
        sample.jumpTo((long) device << Integer.SIZE | number);
        return sample.uniform() < share;
    }

    private void put(int device, int number, int row, double arrived, boolean critical, Object... rest) {
        table.append(
                fleet.devices.get(device).id(),
                (long) number,
                fleet.trace(0, device).events()[row],
                arrived,
                critical,
                rest[0],
                rest[1],
                rest[2],
                ((EventOutcome) rest[3]).word(),
                rest[4]);
    }
}
