package org.qexit.tier.live.device;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.qexit.tier.live.journal.EventId;
import org.qexit.tier.live.journal.NodeJournal;

/** A process: an edge node of a few lines that answers from its journal, until it is killed. */
final class JournalNode {
    private JournalNode() {}

    public static void main(String[] words) throws Exception {
        NodeJournal journal = NodeJournal.open(Path.of(words[0]));
        FakeNode node = new FakeNode(Integer.parseInt(words[1]), request -> answer(journal, request));
        System.out.println("ready: " + node.url());
        Thread.sleep(Long.MAX_VALUE);
    }

    private static FakeNode.Answer answer(NodeJournal journal, FakeNode.Request request) throws Exception {
        EventId id = EventId.parse(request.id()).orElseThrow();
        NodeJournal.Entry entry = journal.begin(request.device(), id, request.settled());
        if (entry instanceof NodeJournal.Stale) {
            return FakeNode.Answer.of(409, "{\"error\":\"stale\"}");
        }
        if (entry instanceof NodeJournal.Full) {
            return FakeNode.Answer.of(503, "{\"error\":\"full\"}");
        }
        byte[] answer;
        if (entry instanceof NodeJournal.Claim claim) {
            answer = Integer.toString(request.classId()).getBytes(StandardCharsets.US_ASCII);
            claim.answer(answer);
        } else if (entry instanceof NodeJournal.Stored stored) {
            answer = stored.answer();
        } else {
            answer = ((NodeJournal.Running) entry).answer().get();
        }
        return FakeNode.classified(request.id(), Integer.parseInt(new String(answer, StandardCharsets.US_ASCII)));
    }
}
