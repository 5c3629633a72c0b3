package org.qexit.simulation;

/**
 * What a model does when an event's time has come. One method for all kinds, with plain numbers: an event costs no object, and the call is
 * the same one every time.
 */
@FunctionalInterface
public interface EventHandler {
    /**
     * The calendar's {@link Calendar#now} is the event's time; new events may be scheduled and others cancelled.
     *
     * @param kind what happens, a number of the model's own, &ge; 0
     * @param entity to whom, as the model numbers them
     * @param item a third number, such as a job or a server
     */
    void handle(int kind, int entity, int item);
}
