package org.qexit.tier.live.cloud;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import org.qexit.bundle.SignedBundle;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Hashing;
import org.qexit.common.UserError;

/** A model of one number: an event of one byte is critical (class 1) from that number on. */
record FakeModel(int from) implements NodeModel {
    @Override
    public String sha256() {
        return Hashing.sha256Hex(new byte[] {(byte) from});
    }

    @Override
    public boolean[] right(List<Labelled> events) {
        boolean[] right = new boolean[events.size()];
        for (int i = 0; i < right.length; i++) {
            right[i] = said(events.get(i)) == events.get(i).classId();
        }
        return right;
    }

    private int said(Labelled event) {
        return (event.payload()[0] & 0xff) >= from ? 1 : 0;
    }

    /** The number that makes the fewest mistakes. */
    @Override
    public FakeModel trained(List<Labelled> events, long seed) {
        FakeModel best = this;
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < 256; i++) {
            FakeModel candidate = new FakeModel(i);
            long wrong = events.stream()
                    .filter(event -> candidate.said(event) != event.classId())
                    .count();
            if (wrong < fewest) {
                fewest = wrong;
                best = candidate;
            }
        }
        if (fewest == events.size()) {
            throw new UserError("nothing can be learnt");
        }
        return best;
    }

    @Override
    public void write(Path directory, String name, PrivateKey key) {
        AtomicFiles.writeDirectory(directory, folder -> {
            Files.writeString(folder.resolve("from"), Integer.toString(from));
            SignedBundle.zip(folder.resolve(BUNDLE), "0." + (100 + from), key);
        });
    }

    static FakeModel read(Path directory) {
        try {
            return new FakeModel(Integer.parseInt(Files.readString(directory.resolve("from"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
