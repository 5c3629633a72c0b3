package org.qexit.nn.head;

/**
 * A tensor of parameters of a layer, and how it begins.
 *
 * @param name within the layer, as model files have it
 * @param key within the layer, as DL4J has it
 * @param shape row-major
 * @param mean of its initial values
 * @param deviation their standard deviation
 */
public record ParameterTensor(String name, String key, int[] shape, double mean, double deviation) {
    /** Of a layer of our own, where names and keys are the same. */
    ParameterTensor(String name, int[] shape, double mean, double deviation) {
        this(name, name, shape, mean, deviation);
    }

    long size() {
        long size = 1;
        for (int length : shape) {
            size *= length;
        }
        return size;
    }
}
