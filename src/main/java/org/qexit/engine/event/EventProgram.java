package org.qexit.engine.event;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Stages of steps, for one event at a time. Any number of threads may run it, each in a room of its own; nothing is allocated for an event once there are as many rooms as threads at work at once.
 */
public final class EventProgram {
    /** Rooms that are kept while nobody works in them. */
    private static final int KEPT = 64;

    private final List<Stage> stages;
    private final int input;
    private final int[] sizes;
    private final float[][] constants;
    private final Supplier<EventKernels> kernels;
    private final AtomicReferenceArray<Room> free = new AtomicReferenceArray<>(KEPT);

    /**
     * A stage.
     *
     * @param steps in order
     * @param answer where the numbers of its answer are
     * @param handedOn where the features are that it hands on, row-major; null where they are not asked for
     */
    public record Stage(List<Step> steps, Numbers answer, Numbers handedOn) {
        public Stage {
            steps = List.copyOf(steps);
        }
    }

    /**
     * Numbers in a slot.
     *
     * @param slot which
     * @param at where each is; null for one after another
     * @param count how many
     */
    public record Numbers(int slot, int[] at, int count) {
        /** Copies them. */
        void into(float[][] slots, float[] target) {
            for (int i = 0; i < count; i++) {
                target[i] = slots[slot][at == null ? i : at[i]];
            }
        }
    }

    /**
     * Makes it.
     *
     * @param input slot of the event
     * @param sizes of all slots; what no step writes stays 0
     * @param constants what slots hold from the start, or null
     */
    public EventProgram(List<Stage> stages, int input, int[] sizes, float[][] constants) {
        this(stages, input, sizes, constants, EventKernels::create);
    }

    private EventProgram(
            List<Stage> stages, int input, int[] sizes, float[][] constants, Supplier<EventKernels> kernels) {
        this.kernels = kernels;
        this.stages = List.copyOf(stages);
        this.input = input;
        this.sizes = sizes.clone();
        this.constants = constants.clone();
    }

    /** The same program on kernels of one's choice. */
    public EventProgram on(Supplier<EventKernels> other) {
        return new EventProgram(stages, input, sizes, constants, other);
    }

    /** "vector" or "plain": the inner loops that run. */
    public String kernels() {
        return kernels.get().name();
    }

    /**
     * Begins with an event, in a room of its own, to be {@link Walk#leave left}.
     *
     * @param event row-major, as long as the program's input
     */
    public Walk begin(float[] event) {
        Room room = enter();
        System.arraycopy(event, 0, room.slots[input], 0, event.length);
        room.next = 0;
        return room;
    }

    private Room enter() {
        int first = (int) (Thread.currentThread().getId() % KEPT);
        for (int i = 0; i < KEPT; i++) {
            int place = (first + i) % KEPT;
            if (free.get(place) != null) {
                Room room = free.getAndSet(place, null);
                if (room != null) {
                    return room;
                }
            }
        }
        return new Room();
    }

    /** What a thread needs for an event. */
    private final class Room implements Walk {
        private final float[][] slots = new float[sizes.length][];
        private final EventKernels own = kernels.get();
        private final float[][] answers = new float[stages.size()][];
        private int next;

        private Room() {
            for (int s = 0; s < sizes.length; s++) {
                slots[s] = constants[s] != null ? constants[s] : new float[sizes[s]];
            }
            for (int q = 0; q < answers.length; q++) {
                answers[q] = new float[stages.get(q).answer().count()];
            }
        }

        @Override
        public float[] next() {
            Stage stage = stages.get(next);
            List<Step> steps = stage.steps();
            for (int i = 0; i < steps.size(); i++) {
                steps.get(i).run(slots, own);
            }
            stage.answer().into(slots, answers[next]);
            return answers[next++];
        }

        @Override
        public float[] answer(int stage) {
            return answers[stage];
        }

        @Override
        public float[] handedOn() {
            Numbers features = stages.get(next - 1).handedOn();
            float[] values = new float[features.count()];
            features.into(slots, values);
            return values;
        }

        @Override
        public void leave() {
            int first = (int) (Thread.currentThread().getId() % KEPT);
            for (int i = 0; i < KEPT; i++) {
                if (free.compareAndSet((first + i) % KEPT, null, this)) {
                    return;
                }
            }
        }
    }
}
