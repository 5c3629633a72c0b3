package org.qexit.scale;

import java.util.Map;
import org.qexit.common.UserError;

/** An engine that spreads work over the cores of many machines. There is one, Apache Spark, in a source folder of its own. */
public interface Engine {
    /** The one of {@code src/spark}, loaded by name: nobody else has its libraries. */
    String SPARK = "org.qexit.scale.spark.SparkEngine";

    /**
     * Connects.
     *
     * @param master where to, such as "local[2]" or "spark://host:7077"; null for what spark-submit says, or all cores of this machine
     * @param settings further ones, by the engine's own names
     * @throws UserError if that cannot be
     */
    Session open(String master, Map<String, String> settings);

    /**
     * Loads the engine and connects.
     *
     * @throws UserError if a setting is none of the engine's, or as {@link #open} says
     */
    static Session connect(String master, Map<String, String> settings) {
        settings.forEach((key, value) -> {
            if (!key.startsWith("spark.")) {
                throw new UserError("--conf " + UserError.shown(key) + ": expected a name that begins with spark.");
            }
        });
        return load().open(master, settings);
    }

    /** The engine, if its libraries are there. */
    static Engine load() {
        try {
            return (Engine) Class.forName(SPARK).getDeclaredConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw new UserError(
                    "Apache Spark is not on the class path; expected to be started by ./qexit spark or ./qexit ... --spark,"
                            + " which fetch it, or by spark-submit with qexit-spark.jar (docs/scale.md)",
                    e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + SPARK, e);
        }
    }
}
