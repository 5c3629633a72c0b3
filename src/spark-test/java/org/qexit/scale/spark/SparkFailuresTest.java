package org.qexit.scale.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.util.List;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.qexit.common.UserError;

/** Whose mistake a failure is: the user's, or the program's. */
class SparkFailuresTest {
    private static final String ABORTED =
            "Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times, most recent failure:"
                    + " Lost task 0.3 in stage 3.0 (TID 9) (10.0.0.7 executor 1): ";

    private static RuntimeException of(Throwable cause, String text) {
        return SparkFailures.of(new SparkException(text, cause), "traces/");
    }

    @Test
    void whatOurOwnCodeThrewIsAFault() {
        for (RuntimeException fault : List.of(
                of(new IllegalStateException("no such exit"), ABORTED),
                of(
                        null,
                        ABORTED
                                + "java.lang.IllegalStateException: no such exit\n\tat org.qexit.trace.A.b(A.java:3)\n"),
                of(
                        null,
                        ABORTED
                                + "java.lang.IllegalStateException: no such exit\n\tat java.base/java.util.A.b(A.java:3)\n"
                                + "\tat org.qexit.trace.A.b(A.java:3)\n\tat org.apache.spark.A.b(A.java:3)\n"))) {
            assertInstanceOf(IllegalStateException.class, fault);
            assertEquals(
                    "IllegalStateException: no such exit", fault.getMessage().replace("java.lang.", ""));
        }
    }

    @Test
    void theRestIsToldAsWhatTheUserCanMend() {
        IllegalArgumentException theirs = new IllegalArgumentException("Wrong FS");
        theirs.setStackTrace(
                new StackTraceElement[] {new StackTraceElement("org.apache.hadoop.fs.Path", "check", "Path.java", 1)});
        assertEquals("traces/: IllegalArgumentException: Wrong FS", told(of(theirs, ABORTED)));
        assertEquals("traces/: IOException: disk full", told(of(new IOException("disk full"), ABORTED)));
        assertEquals("device 7: is new", told(of(new UserError("device 7: is new"), ABORTED)));
        assertEquals(
                "device 7: is new",
                told(of(
                        null,
                        ABORTED + "org.qexit.common.UserError: device 7: is new\n\tat org.qexit.A.b(A.java:1)\n")));
    }

    private static String told(RuntimeException failure) {
        return assertInstanceOf(UserError.class, failure).getMessage();
    }
}
