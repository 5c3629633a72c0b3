package org.qexit.tier.live.node;

import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.common.UserError;

/**
 * The model that a node serves, and the one before. Goes over to another without a request being dropped: those that have begun end with
 * the model they began with, which is closed then. Safe for use by several threads.
 */
final class ModelSlot implements AutoCloseable {
    private ServedModel current;
    /** What the one before was read from, checked already; null if there was none. */
    private Bundle before;

    private Bundle currentBundle;

    ModelSlot(Bundle bundle) {
        current = ServedModel.open(bundle);
        currentBundle = bundle;
    }

    /** The model in use, held; to be released. */
    ServedModel hold() {
        while (true) {
            ServedModel model;
            synchronized (this) {
                model = current;
            }
            if (model.hold()) {
                return model;
            }
        }
    }

    /**
     * Serves another model from now on.
     *
     * @throws UserError if it is no edge node's, or of another name, input or classes: devices and clients would not know it
     */
    void swap(Bundle next) {
        ServedModel opened = ServedModel.open(next);
        ServedModel old;
        try {
            synchronized (this) {
                checkAlike(currentBundle, next);
                old = current;
                before = currentBundle;
                current = opened;
                currentBundle = next;
                opened = null;
            }
        } finally {
            if (opened != null) {
                opened.release();
            }
        }
        old.release();
    }

    /**
     * Goes back to the model before.
     *
     * @throws UserError if there was none
     */
    void rollBack() {
        Bundle target;
        synchronized (this) {
            target = before;
        }
        if (target == null) {
            throw new UserError("there is no model to go back to");
        }
        swap(target);
    }

    private static void checkAlike(Bundle now, Bundle next) {
        if (!now.manifest().name().equals(next.manifest().name())) {
            throw new UserError(next.origin() + ": is the model '"
                    + next.manifest().name() + "'; expected '" + now.manifest().name() + "'");
        }
        BundleManifest.Input shape = now.manifest().input();
        if (!shape.equals(next.manifest().input())
                || !now.node().payload().equals(next.node().payload())) {
            throw new UserError(next.origin() + ": takes other events than the model in use");
        }
        if (!now.node().classes().equals(next.node().classes())
                || !now.node().critical().equals(next.node().critical())) {
            throw new UserError(next.origin() + ": tells other classes apart than the model in use");
        }
    }

    /** Digest of the model in use. */
    synchronized String digest() {
        return current.digest();
    }

    @Override
    public synchronized void close() {
        current.release();
    }
}
