package org.qexit.scale.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.CityGenerator;
import org.qexit.allocation.FleetFile;
import org.qexit.allocation.FleetPlan;
import org.qexit.allocation.Instance;
import org.qexit.allocation.fleet.Choice;
import org.qexit.allocation.fleet.FleetBlock;
import org.qexit.allocation.fleet.NodeFill;
import org.qexit.allocation.fleet.NodePrices;
import org.qexit.allocation.fleet.Placed;
import org.qexit.allocation.fleet.Prices;
import org.qexit.allocation.fleet.Repair;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.scale.Session;

/** Plans of large fleets: node prices by passes over all devices, then a plan near them. */
final class FleetPlanning {
    private static final int DEVICES_PER_BLOCK = 5_000;
    private static final int MAKE_PER_TASK = 10_000;
    /** Of the last step, whose tasks have the devices of some nodes each. */
    private static final int DEVICES_PER_NODE_TASK = 20_000;

    private final SparkSession spark;
    private final JavaSparkContext context;
    private final TaskProgress progress;

    FleetPlanning(SparkSession spark, TaskProgress progress) {
        this.spark = spark;
        this.context = new JavaSparkContext(spark.sparkContext());
        this.progress = progress;
    }

    void make(int devices, int nodes, long seed, Output output) {
        progress.now("making devices");
        CityGenerator city = new CityGenerator(nodes, seed);
        int tasks = Math.max(1, (devices + MAKE_PER_TASK - 1) / MAKE_PER_TASK);
        List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
        StructType schema = DeviceRows.SCHEMA
                .add("plantedNode", DataTypes.IntegerType)
                .add("plantedHz", DataTypes.DoubleType)
                .add("positives", DataTypes.IntegerType);
        JavaRDD<Row> rows = context.parallelize(numbers, tasks).mapPartitions(own -> {
            CityGenerator here = new CityGenerator(nodes, seed);
            List<Iterator<Row>> parts = new ArrayList<>();
            own.forEachRemaining(task ->
                    parts.add(IntStream.range(task * MAKE_PER_TASK, Math.min(devices, (task + 1) * MAKE_PER_TASK))
                            .mapToObj(n -> planted(here.device(n)))
                            .iterator()));
            return parts.get(0);
        });
        output.write(directory -> {
            spark.createDataFrame(rows, schema)
                    .write()
                    .option("compression", "zstd")
                    .parquet(directory);
            double[] hertz = new double[nodes];
            double[] positives = new double[nodes];
            long[] planted = new long[nodes];
            for (Row row : spark.read()
                    .parquet(directory)
                    .groupBy("plantedNode")
                    .agg(sum("plantedHz"), sum("positives"), count("id"))
                    .collectAsList()) {
                hertz[row.getInt(0)] = row.getDouble(1);
                positives[row.getInt(0)] = row.getLong(2);
                planted[row.getInt(0)] = row.getLong(3);
            }
            String name = "city_" + devices + "x" + nodes + "_s" + seed;
            write(
                    directory,
                    FleetFile.NAME,
                    new FleetFile(FleetFile.FORMAT, name, city.radio(), city.nodes(hertz, positives, planted)));
        });
    }

    private static Row planted(CityGenerator.Drawn drawn) {
        Row device = DeviceRows.row(drawn.device(), drawn.links());
        Object[] cells = new Object[device.size() + 3];
        for (int i = 0; i < device.size(); i++) {
            cells[i] = device.get(i);
        }
        cells[device.size()] = drawn.node();
        cells[device.size() + 1] = drawn.hertz();
        cells[device.size() + 2] = drawn.positives();
        return RowFactory.create(cells);
    }

    Session.Planned optimize(String path, Output output) {
        long start = System.nanoTime();
        FleetFile fleet = fleet(path);
        JavaRDD<FleetBlock> blocks = blocks(path, fleet).persist(StorageLevel.MEMORY_AND_DISK());
        progress.now("projecting devices");
        long devices = blocks.map(block -> (long) block.devices()).reduce(Long::sum);
        progress.silent(true);
        SparkFleetWork work = new SparkFleetWork(context, blocks, fleet.nodes().size());
        NodePrices prices;
        Choice choice;
        try (Progress shown = Progress.start("prices", NodePrices.MOST_PASSES)) {
            prices = new NodePrices(work, fleet.nodes(), (pass, bound) -> {
                        shown.note("bound " + bound.floatValue());
                        shown.step();
                    })
                    .run();
            choice = Repair.of(work, fleet.nodes(), prices);
        }
        progress.silent(false);
        progress.now("plan");
        JavaRDD<Row> rows = plan(blocks, choice, fleet, devices);
        double[] objective = new double[1];
        Prices proving = prices.proving();
        double bound = prices.bound();
        output.write(directory -> {
            spark.createDataFrame(rows, PlanRows.SCHEMA)
                    .write()
                    .option("compression", "zstd")
                    .parquet(directory);
            Row sums = spark.read()
                    .parquet(directory)
                    .agg(sum(col("value")), count(col("id")))
                    .first();
            if (sums.getLong(1) != devices) {
                throw new IllegalStateException(sums.getLong(1) + " devices were placed of " + devices);
            }
            objective[0] = sums.getDouble(0);
            write(
                    directory,
                    FleetPlan.NAME,
                    new FleetPlan(
                            FleetPlan.FORMAT,
                            fleet.name(),
                            objective[0],
                            bound,
                            gap(objective[0], bound),
                            devices,
                            new Certificate.Multipliers(proving.alpha(), proving.beta())));
        });
        return new Session.Planned(
                objective[0], bound, gap(objective[0], bound), devices, (System.nanoTime() - start) * 1e-9);
    }

    private static double gap(double objective, double bound) {
        return objective == 0 ? 0 : 100 * Math.max(0, bound - objective) / Math.abs(objective);
    }

    private JavaRDD<FleetBlock> blocks(String path, FleetFile fleet) {
        progress.now("reading devices");
        List<Path> files = TraceFiles.list(path, context.hadoopConfiguration());
        Dataset<Row> rows = spark.read()
                .schema(DeviceRows.SCHEMA)
                .option("__globPaths__", "false")
                .option("recursiveFileLookup", "true")
                .parquet(files.stream().map(Path::toString).toArray(String[]::new));
        long twice = rows.groupBy("id").count().filter(col("count").gt(1)).count();
        if (twice > 0) {
            throw new UserError(path + ": " + twice + " ids are of several devices; expected each once");
        }
        Broadcast<String> shared = context.broadcast(Json.compact(fleet));
        return rows.toJavaRDD()
                .mapPartitions(own -> blocks(own, Json.parse("fleet.json", shared.value(), FleetFile.class)));
    }

    private static Iterator<FleetBlock> blocks(Iterator<Row> rows, FleetFile fleet) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public FleetBlock next() {
                FleetBlock.Builder builder = null;
                while (rows.hasNext() && (builder == null || builder.size() < DEVICES_PER_BLOCK)) {
                    Row row = rows.next();
                    Instance.Device device = DeviceRows.device(row);
                    List<Link> links = DeviceRows.links(row);
                    if (builder == null) {
                        // An instance has a device; the builder looks at nodes and radio alone.
                        builder = new FleetBlock.Builder(fleet.instance(List.of(device), List.of()));
                    }
                    builder.add(device, links);
                }
                return builder.build();
            }
        };
    }

    private JavaRDD<Row> plan(JavaRDD<FleetBlock> blocks, Choice choice, FleetFile fleet, long devices) {
        Broadcast<Choice> shared = context.broadcast(choice);
        int least = context.defaultParallelism();
        int tasks = (int) Math.min(fleet.nodes().size(), Math.max(least, devices / DEVICES_PER_NODE_TASK));
        // As text: what is sent are numbers and strings.
        Broadcast<String> all = context.broadcast(Json.compact(fleet));
        return blocks.flatMapToPair(block -> block.placed(shared.value()).stream()
                        .map(device -> new scala.Tuple2<>(device.node(), device))
                        .iterator())
                .groupByKey(tasks)
                .mapPartitions(groups -> {
                    List<EdgeNode> nodes = Json.parse("fleet.json", all.value(), FleetFile.class)
                            .nodes();
                    List<Row> rows = new ArrayList<>();
                    groups.forEachRemaining(
                            group -> filled(group._1(), group._2(), nodes).forEachRemaining(rows::add));
                    return rows.iterator();
                });
    }

    private static Iterator<Row> filled(int number, Iterable<Placed> there, List<EdgeNode> nodes) {
        List<Placed> devices = new ArrayList<>();
        there.forEach(devices::add);
        devices.sort(Comparator.comparing(Placed::id));
        EdgeNode node = nodes.get(number);
        int[] steps = NodeFill.steps(devices, node.eventsPerPeriod());
        if (steps == null) {
            throw new IllegalStateException("node " + node.id() + " cannot take its devices' first steps");
        }
        return IntStream.range(0, steps.length)
                .mapToObj(n -> PlanRows.row(devices.get(n), steps[n], node))
                .iterator();
    }

    private FleetFile fleet(String path) {
        Path file = new Path(path, FleetFile.NAME);
        Configuration hadoop = context.hadoopConfiguration();
        try (InputStream in = FileSystems.of(file, hadoop, path).open(file)) {
            return Json.parse(
                    TraceFiles.shown(file), new String(in.readAllBytes(), StandardCharsets.UTF_8), FleetFile.class);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(
                    path + ": has no " + FleetFile.NAME + " that can be read; expected the directory of a fleet"
                            + " (docs/scale.md)",
                    e);
        }
    }

    private void write(String directory, String name, Object content) {
        Path file = new Path(directory, name);
        try (FSDataOutputStream out =
                file.getFileSystem(context.hadoopConfiguration()).create(file, true)) {
            out.write(Json.compact(content).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UserError(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
