package org.qexit.data.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.UserError;
import org.qexit.data.Split;

class DivisionTest {
    private static int[][] byClass(int... classes) {
        int most = Arrays.stream(classes).max().orElse(-1);
        return IntStream.rangeClosed(0, most)
                .mapToObj(c -> IntStream.range(0, classes.length)
                        .filter(i -> classes[i] == c)
                        .toArray())
                .toArray(int[][]::new);
    }

    @ParameterizedTest
    @CsvSource({
        "0.25, 100, 8, 2, 25, 2, 1",
        "0.5, 3, 3, 1, 2, 2, 0",
        "0.01, 10, 10, 10, 1, 1, 1",
        "0.99, 10, 2, 2, 9, 1, 1"
    })
    void everyClassHasItsShare(double fraction, int a, int b, int c, int testA, int testB, int testC) {
        int[] classes = new int[a + b + c];
        Arrays.fill(classes, a, a + b, 1);
        Arrays.fill(classes, a + b, classes.length, 2);
        Division division = Division.of("x", byClass(classes), null, fraction);
        int[] counts = new int[3];
        Arrays.stream(division.samples(Split.TEST)).forEach(i -> counts[classes[i]]++);
        assertArrayEquals(new int[] {testA, testB, testC}, counts);
        assertEquals(classes.length, division.samples(Split.TRAIN).length + division.samples(Split.TEST).length);
    }

    @Test
    void theSameEveryTime() {
        int[][] classes = byClass(IntStream.range(0, 90).map(i -> i % 3).toArray());
        assertArrayEquals(
                Division.of("x", classes, null, 0.3).test(),
                Division.of("y", classes, null, 0.3).test());
    }

    /** 1 and 1.0 are one group, and none is on both sides; classes that only some groups have are on both. */
    @Test
    void groupsStayTogether() {
        int[] classes = new int[200];
        String[] groups = new String[200];
        for (int i = 0; i < 200; i++) {
            groups[i] = i % 20 + (i < 100 ? "" : ".0");
            classes[i] = i % 20 % 10 == 0 ? 1 : 0;
        }
        boolean[] test =
                Division.of("x", byClass(classes), List.of(groups), 0.3).test();
        for (int i = 0; i < 200; i++) {
            assertEquals(test[i % 20], test[i], "sample " + i);
        }
        long critical =
                IntStream.range(0, 200).filter(i -> test[i] && classes[i] == 1).count();
        assertEquals(10, critical, "one of the two groups with the rare class");
        long all = IntStream.range(0, 200).filter(i -> test[i]).count();
        assertTrue(all >= 60 && all < 80, all + " of 200");
    }

    @Test
    void oneGroupCannotBeDivided() {
        UserError error =
                assertThrows(UserError.class, () -> Division.of("x", byClass(0, 1, 0), List.of("a", "a", "a"), 0.5));
        assertTrue(error.getMessage().contains("of one group, 'a'"), error.getMessage());
    }
}
