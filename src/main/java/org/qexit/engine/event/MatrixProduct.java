package org.qexit.engine.event;

import java.util.Arrays;

/**
 * Products of matrices, one after another: y_b = a_b c_b.
 *
 * @param a slot of the left ones, {@code [batch][row][inner]}
 * @param c slot of the right ones, {@code [batch][inner][column]}
 * @param out slot of the output
 * @param batch how many
 * @param aStep from one left matrix to the next; 0 for the same one always
 * @param cStep from one right matrix to the next
 */
public record MatrixProduct(int a, int c, int out, int batch, int aStep, int cStep, int rows, int inner, int columns)
        implements Step {
    @Override
    public void run(float[][] slots, EventKernels kernels) {
        float[] left = slots[a];
        float[] right = slots[c];
        float[] y = slots[out];
        Arrays.fill(y, 0, batch * rows * columns, 0);
        for (int b = 0; b < batch; b++) {
            for (int r = 0; r < rows; r++) {
                int to = (b * rows + r) * columns;
                for (int k = 0; k < inner; k++) {
                    float factor = left[b * aStep + r * inner + k];
                    int from = b * cStep + k * columns;
                    for (int j = 0; j < columns; j++) {
                        y[to + j] = Math.fma(factor, right[from + j], y[to + j]);
                    }
                }
            }
        }
    }
}
