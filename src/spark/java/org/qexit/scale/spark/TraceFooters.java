package org.qexit.scale.spark;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.scale.Session;
import org.qexit.trace.TraceMetadata;

/** The footers of a trace's files, which agree. */
record TraceFooters(Session.Traces traces, List<Footer> footers) {
    private static final String SKIP = ". Maybe add --skip-bad to leave such files out";

    static TraceFooters of(String path, Configuration hadoop, boolean skipBad) {
        List<Path> files = TraceFiles.list(path, hadoop);
        List<Footer> good = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        TraceMetadata metadata = null;
        for (Footer footer :
                files.parallelStream().map(file -> Footer.read(file, hadoop)).toList()) {
            String name = TraceFiles.shown(footer.file());
            if (footer.problem() != null) {
                if (!skipBad) {
                    throw new UserError(name + ": " + footer.problem() + SKIP);
                }
                skipped.add(name);
                continue;
            }
            if (!good.isEmpty() && good.get(0).exits() != footer.exits()) {
                throw new UserError(name + ": has " + footer.exits() + " exits; expected "
                        + good.get(0).exits() + " as in "
                        + TraceFiles.shown(good.get(0).file()));
            }
            TraceMetadata own = footer.metadata() == null
                    ? null
                    : Json.parse(name + " (qexit.trace)", footer.metadata(), TraceMetadata.class);
            if (own != null && own.exits() != null && own.exits().size() != footer.exits()) {
                throw new UserError(name + " (qexit.trace): has costs of "
                        + own.exits().size() + " exits; the trace has " + footer.exits() + " exits");
            }
            if (metadata != null && own != null) {
                checkSameModel(metadata, own, name);
            }
            metadata = metadata == null ? own : metadata;
            good.add(footer);
        }
        return of(path, Optional.ofNullable(metadata), good, skipped);
    }

    private static TraceFooters of(
            String path, Optional<TraceMetadata> metadata, List<Footer> good, List<String> skipped) {
        if (good.isEmpty()) {
            throw new UserError(path + ": none of its " + skipped.size() + " files can be read");
        }
        List<String> names =
                good.stream().map(footer -> TraceFiles.shown(footer.file())).toList();
        return new TraceFooters(
                new Session.Traces(path, good.get(0).exits(), metadata, names, List.copyOf(skipped)), good);
    }

    /** The same less files whose contents are damaged, which are an error unless they may be skipped. */
    TraceFooters without(List<Contents.Damage> damages, boolean skipBad) {
        if (damages.isEmpty()) {
            return this;
        }
        List<String> skipped = new ArrayList<>(traces.skipped());
        Set<String> damaged = new HashSet<>();
        for (Contents.Damage damage : damages) {
            String name = TraceFiles.shown(new Path(damage.file()));
            if (!skipBad) {
                throw new UserError(name + ": is damaged: " + damage.reason() + SKIP);
            }
            damaged.add(name);
            skipped.add(name);
        }
        return of(
                traces.path(),
                traces.metadata(),
                footers.stream()
                        .filter(footer -> !damaged.contains(TraceFiles.shown(footer.file())))
                        .toList(),
                skipped);
    }

    /** Thresholds hold for the confidences of one model. */
    static void checkSameModel(TraceMetadata one, TraceMetadata other, String name) {
        if (one.modelSha256() != null
                && other.modelSha256() != null
                && !one.modelSha256().equals(other.modelSha256())) {
            throw new UserError(name + ": is of the model with parameters of SHA-256 " + other.modelSha256()
                    + "; expected " + one.modelSha256() + " as in the files before (confidences of different models"
                    + " cannot be compared)");
        }
    }
}
