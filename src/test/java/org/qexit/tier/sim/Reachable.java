package org.qexit.tier.sim;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** What an object holds on to: elements of arrays and collections, and objects, all that can be reached from it. */
final class Reachable {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> left = new ArrayDeque<>();
    private long count;

    private Reachable() {}

    /** Objects and elements of arrays together, each object once. */
    static long from(Object... roots) {
        Reachable walk = new Reachable();
        for (Object root : roots) {
            walk.visit(root);
        }
        while (!walk.left.isEmpty()) {
            walk.open(walk.left.pop());
        }
        return walk.count;
    }

    private void visit(Object object) {
        if (object != null && !(object instanceof Class) && seen.add(object)) {
            left.push(object);
        }
    }

    private void open(Object object) {
        count++;
        Class<?> type = object.getClass();
        if (type.isArray()) {
            int length = Array.getLength(object);
            count += length;
            for (int i = 0; !type.getComponentType().isPrimitive() && i < length; i++) {
                visit(Array.get(object, i));
            }
        } else if (object instanceof Collection<?> collection) {
            collection.forEach(this::visit);
        } else if (object instanceof Map<?, ?> map) {
            map.keySet().forEach(this::visit);
            map.values().forEach(this::visit);
        } else if (type.getName().startsWith("org.qexit.")) {
            for (Class<?> c = type; c.getName().startsWith("org.qexit."); c = c.getSuperclass()) {
                for (Field field : c.getDeclaredFields()) {
                    visitField(object, field);
                }
            }
        }
    }

    private void visitField(Object object, Field field) {
        if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) {
            return;
        }
        try {
            field.setAccessible(true);
            visit(field.get(object));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
