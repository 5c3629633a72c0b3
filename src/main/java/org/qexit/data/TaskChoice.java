package org.qexit.data;

import java.util.List;
import org.qexit.common.UserError;

/**
 * A {@link Task} as configurations say it: classes by id or by name.
 *
 * @param critical classes of critical events
 * @param normal classes of normal events; null means all others; a class in neither list is left out
 * @param criticalFraction wished share of critical events, in (0, 1); null means 0.1
 * @param keepAll true keeps every image, and so the data's own share of critical events; excludes a fraction
 */
public record TaskChoice(
        List<ClassChoice> critical, List<ClassChoice> normal, Double criticalFraction, Boolean keepAll) {
    /** That of {@link Task#DEFAULT}. */
    public static final TaskChoice DEFAULT = of(Task.DEFAULT);

    public TaskChoice {
        critical = critical == null ? List.of() : List.copyOf(critical);
        normal = normal == null ? null : List.copyOf(normal);
        if (critical.isEmpty() || isNumbers(critical) && (normal == null || isNumbers(normal))) {
            new Task(numbers(critical), numbers(normal), criticalFraction, keepAll);
        } else {
            // Which ids the names mean, only data tells.
            new Task(List.of(0), null, criticalFraction, keepAll);
        }
        keepAll = Boolean.TRUE.equals(keepAll);
    }

    /** The choice of a task's ids. */
    public static TaskChoice of(Task task) {
        return new TaskChoice(
                task.critical().stream().map(ClassChoice::of).toList(),
                task.normal() == null
                        ? null
                        : task.normal().stream().map(ClassChoice::of).toList(),
                task.criticalFraction(),
                task.keepAll());
    }

    private static boolean isNumbers(List<ClassChoice> classes) {
        return classes.stream().allMatch(each -> each.value() instanceof Integer);
    }

    private static List<Integer> numbers(List<ClassChoice> classes) {
        return classes == null
                ? null
                : classes.stream().map(each -> (Integer) each.value()).toList();
    }

    /**
     * The task on a data set.
     *
     * @throws UserError if no class has one of the names, or two choices are one class
     */
    public Task on(Dataset data) {
        try {
            return new Task(ids(critical, data), ids(normal, data), criticalFraction, keepAll);
        } catch (IllegalArgumentException e) {
            throw new UserError("data.task: " + e.getMessage(), e);
        }
    }

    private static List<Integer> ids(List<ClassChoice> classes, Dataset data) {
        return classes == null
                ? null
                : classes.stream()
                        .map(each -> each.id(data.name(), data.classNames()))
                        .toList();
    }
}
