package org.qexit.cli.console;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Turns Ctrl-C into a request to stop without shutting the JVM down: ONNX Runtime's own shutdown hook frees its environment at once, under
 * the feet of whoever still runs a graph. The second Ctrl-C ends the process. {@code sun.misc.Signal} is reached by reflection because
 * javac warns of it and there is nothing else; where it is missing, Ctrl-C ends the process as ever.
 */
public final class StopSignal implements AutoCloseable {
    private final Map<Object, Object> before = new LinkedHashMap<>();
    private final Method handle;

    private StopSignal(Method handle) {
        this.handle = handle;
    }

    public static StopSignal stopping(AtomicBoolean stop) {
        InvocationHandler request = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                if (stop.getAndSet(true)) {
                    Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
                }
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "stop signal";
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            StopSignal stopping = new StopSignal(signal.getMethod("handle", signal, handler));
            Object proxy = Proxy.newProxyInstance(StopSignal.class.getClassLoader(), new Class<?>[] {handler}, request);
            for (String name : new String[] {"INT", "TERM"}) {
                Object one = signal.getConstructor(String.class).newInstance(name);
                stopping.before.put(one, stopping.handle.invoke(null, one, proxy));
            }
            return stopping;
        } catch (ReflectiveOperationException e) {
            return new StopSignal(null);
        }
    }

    @Override
    public void close() {
        try {
            for (Map.Entry<Object, Object> signal : before.entrySet()) {
                handle.invoke(null, signal.getKey(), signal.getValue());
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot give Ctrl-C back", e);
        }
    }
}
