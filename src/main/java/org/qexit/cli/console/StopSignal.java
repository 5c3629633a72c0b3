package org.qexit.cli.console;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToIntFunction;

/**
 * Turns Ctrl-C and SIGTERM into a request to stop without shutting the JVM down: the work in hand is written however long that takes, and
 * libraries whose own shutdown hooks free native memory do not do so under the feet of whoever still uses it. The second signal ends the
 * process. {@code sun.misc.Signal} is reached by reflection because javac warns of it and there is nothing else; where it is missing,
 * Ctrl-C ends the process as ever.
 */
public final class StopSignal {
    /** What shells add to a signal's number. */
    private static final int SIGNAL = 128;

    private static final long LOOK_MILLIS = 20;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final Map<Object, Object> before = new LinkedHashMap<>();
    private volatile int exitCode;

    private StopSignal() {}

    /**
     * Does some work that heeds a signal.
     *
     * @param work takes a flag that a signal sets, and returns the command's exit code
     * @return that code; 128 + the signal's number if one came
     */
    public static int heeded(ToIntFunction<AtomicBoolean> work) {
        StopSignal signal = new StopSignal();
        Method handle = signal.install();
        try {
            int code = work.applyAsInt(signal.stop);
            return signal.stop.get() ? signal.exitCode : code;
        } finally {
            signal.giveBack(handle);
        }
    }

    /** Waits for the flag of {@link #heeded}. */
    public static void await(AtomicBoolean stop) {
        while (!stop.get()) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                stop.set(true);
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns what gives the signals back; null where there are none to be had. */
    private Method install() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method number = signal.getMethod("getNumber");
            Method handle = signal.getMethod("handle", signal, handler);
            InvocationHandler request = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    request(SIGNAL + (int) number.invoke(arguments[0]));
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "stop signal";
            };
            Object proxy = Proxy.newProxyInstance(StopSignal.class.getClassLoader(), new Class<?>[] {handler}, request);
            for (String name : new String[] {"INT", "TERM"}) {
                Object one = signal.getConstructor(String.class).newInstance(name);
                before.put(one, handle.invoke(null, one, proxy));
            }
            return handle;
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    private void request(int code) {
        exitCode = code;
        if (stop.getAndSet(true)) {
            Runtime.getRuntime().halt(code);
        }
    }

    private void giveBack(Method handle) {
        try {
            for (Map.Entry<Object, Object> signal : before.entrySet()) {
                handle.invoke(null, signal.getKey(), signal.getValue());
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot give Ctrl-C back", e);
        }
    }
}
