package org.qexit.allocation.fleet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.qexit.allocation.problem.JointModel;

/**
 * Divides a node's compute among its devices: steps along the concave envelopes, the steepest first, which is exact up to the first that
 * does not fit; then whatever single steps gain most in what is left. Below the best division by less than one step of one device.
 */
public final class NodeFill {
    private NodeFill() {}

    private record Increment(int device, int at, double slope) {}

    /**
     * The step of each device.
     *
     * @param devices in an order that does not depend on how they came
     * @param units offloaded events that the node can take
     * @return null if not even their first steps fit
     */
    public static int[] steps(List<Placed> devices, double units) {
        int[] step = new int[devices.size()];
        int[][] hull = new int[devices.size()][];
        int[] at = new int[devices.size()];
        double left = units;
        for (int n = 0; n < step.length; n++) {
            left -= devices.get(n).load()[0];
            hull[n] = JointModel.envelope(devices.get(n).load(), devices.get(n).value());
        }
        if (left < -1e-9 * units) {
            return null;
        }
        PriorityQueue<Increment> queue = new PriorityQueue<>(
                Comparator.comparingDouble((Increment i) -> -i.slope()).thenComparingInt(Increment::device));
        for (int n = 0; n < step.length; n++) {
            push(queue, devices.get(n), n, hull[n], 0);
        }
        List<Integer> blocked = new ArrayList<>();
        while (!queue.isEmpty()) {
            Increment next = queue.remove();
            Placed own = devices.get(next.device());
            int[] h = hull[next.device()];
            double more = own.load()[h[next.at() + 1]] - own.load()[h[next.at()]];
            if (more <= left) {
                left -= more;
                at[next.device()] = next.at() + 1;
                step[next.device()] = h[next.at() + 1];
                push(queue, own, next.device(), h, next.at() + 1);
            } else {
                blocked.add(next.device());
            }
        }
        fillUp(devices, blocked, step, left);
        return step;
    }

    private static void push(PriorityQueue<Increment> queue, Placed own, int n, int[] hull, int at) {
        if (at + 1 < hull.length) {
            double rise = own.value()[hull[at + 1]] - own.value()[hull[at]];
            queue.add(new Increment(n, at, rise / (own.load()[hull[at + 1]] - own.load()[hull[at]])));
        }
    }

    private static void fillUp(List<Placed> devices, List<Integer> blocked, int[] step, double left) {
        double room = left;
        while (true) {
            int best = -1;
            int to = -1;
            double gain = 0;
            for (int n : blocked) {
                Placed own = devices.get(n);
                for (int s = step[n] + 1; s < own.load().length && own.load()[s] - own.load()[step[n]] <= room; s++) {
                    if (own.value()[s] - own.value()[step[n]] > gain) {
                        gain = own.value()[s] - own.value()[step[n]];
                        best = n;
                        to = s;
                    }
                }
            }
            if (best < 0) {
                return;
            }
            room -= devices.get(best).load()[to] - devices.get(best).load()[step[best]];
            step[best] = to;
        }
    }
}
