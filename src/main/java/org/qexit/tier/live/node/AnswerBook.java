package org.qexit.tier.live.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.qexit.common.UserError;
import org.qexit.tier.live.inference.InferRequest;
import org.qexit.tier.live.inference.InferResponse;
import org.qexit.tier.live.inference.Message;
import org.qexit.tier.live.inference.Parameters;
import org.qexit.tier.live.inference.Refusal;
import org.qexit.tier.live.journal.EventId;
import org.qexit.tier.live.journal.NodeJournal;

/**
 * Answers every event of a device once: what is in the journal is answered from there, whatever the model now is; what is not is on disk
 * before it is answered. Safe for use by several threads.
 */
final class AnswerBook implements AutoCloseable {
    static final String DUPLICATE = "duplicate";
    private final NodeJournal journal;
    private final double waitSeconds;
    private final Consumer<String> log;
    private final AtomicBoolean refused = new AtomicBoolean();

    private AnswerBook(NodeJournal journal, double waitSeconds, Consumer<String> log) {
        this.journal = journal;
        this.waitSeconds = waitSeconds;
        this.log = log;
    }

    /**
     * Opens a journal.
     *
     * @param waitSeconds the longest that a request waits for the same one's answer
     * @param log takes a line on what should not happen
     * @throws UserError if it is another process's, or damaged
     */
    static AnswerBook open(Path directory, double waitSeconds, Consumer<String> log) {
        NodeJournal journal = NodeJournal.open(directory);
        journal.told().ifPresent(log);
        return new AnswerBook(journal, waitSeconds, log);
    }

    /**
     * The answer to an event.
     *
     * @param id of the event
     * @param settled below which number the device awaits nothing any more
     * @param work makes the answer to a new one; may refuse
     * @throws Refusal if there is none
     */
    InferResponse answer(String device, EventId id, long settled, Supplier<InferResponse> work) {
        NodeJournal.Entry entry = journal.begin(device, id, settled);
        if (entry instanceof NodeJournal.Claim claim) {
            return fresh(claim, work);
        } else if (entry instanceof NodeJournal.Stored stored) {
            return decoded(stored.answer(), true);
        } else if (entry instanceof NodeJournal.Running running) {
            return awaited(running);
        } else if (entry instanceof NodeJournal.Stale stale) {
            throw Refusal.of(
                    Refusal.Reason.STALE,
                    "event " + id + " is below " + stale.settled() + ", under which the device has settled all");
        } else if (entry instanceof NodeJournal.Full full) {
            throw Refusal.of(
                    Refusal.Reason.UNAVAILABLE,
                    "device '" + device + "' has " + full.outstanding() + " answers that it has not settled",
                    1);
        } else {
            throw new IllegalStateException("no answer for " + entry.getClass());
        }
    }

    private InferResponse fresh(NodeJournal.Claim claim, Supplier<InferResponse> work) {
        InferResponse answer;
        byte[] bytes;
        try {
            answer = work.get();
            bytes = encoded(answer);
        } catch (RuntimeException | Error e) {
            claim.drop();
            throw e;
        }
        try {
            claim.answer(bytes);
            if (refused.compareAndSet(true, false)) {
                log.accept("journal: is written again");
            }
        } catch (IOException e) {
            // Once, not for every event: the log may be on the same disk.
            if (refused.compareAndSet(false, true)) {
                log.accept("journal: " + UserError.shown(String.valueOf(e.getMessage())) + "; devices are told 503");
            }
            throw Refusal.of(Refusal.Reason.UNAVAILABLE, "the node's journal cannot be written", 1);
        }
        return marked(answer, false);
    }

    private InferResponse awaited(NodeJournal.Running running) {
        try {
            return decoded(running.answer().get((long) (1000 * waitSeconds), TimeUnit.MILLISECONDS), true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.of(Refusal.Reason.UNAVAILABLE, "the node ends", 1);
        } catch (ExecutionException | TimeoutException e) {
            throw Refusal.of(Refusal.Reason.UNAVAILABLE, "the same event is being answered, without success", 1);
        }
    }

    private static InferResponse marked(InferResponse answer, boolean duplicate) {
        return new InferResponse(
                answer.modelName(),
                answer.modelVersion(),
                answer.id(),
                answer.parameters().with(DUPLICATE, duplicate),
                answer.outputs());
    }

    /** Length of the JSON, then the message with all tensors binary. */
    private static byte[] encoded(InferResponse answer) {
        InferRequest wanted = new InferRequest(
                null,
                new Parameters(java.util.Map.of("binary_data_output", true)),
                answer.outputs(),
                java.util.List.of());
        Message message = answer.write(wanted);
        return ByteBuffer.allocate(Integer.BYTES + message.bytes().length)
                .putInt(message.jsonLength())
                .put(message.bytes())
                .array();
    }

    private static InferResponse decoded(byte[] bytes, boolean duplicate) {
        int jsonLength = ByteBuffer.wrap(bytes).getInt();
        byte[] body = Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length);
        return marked(InferResponse.read(new Message(body, jsonLength)), duplicate);
    }

    @Override
    public void close() {
        try {
            journal.close();
        } catch (IOException e) {
            log.accept("journal: " + UserError.shown(String.valueOf(e.getMessage())));
        }
    }
}
