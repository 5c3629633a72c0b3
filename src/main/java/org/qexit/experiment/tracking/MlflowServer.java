package org.qexit.experiment.tracking;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.Json;
import org.qexit.common.UserError;

/**
 * An MLflow tracking server, by version 2.0 of its REST interface. Credentials as MLflow's own clients have them: the environment's {@code
 * MLFLOW_TRACKING_TOKEN}, or {@code MLFLOW_TRACKING_USERNAME} and {@code MLFLOW_TRACKING_PASSWORD}.
 */
public final class MlflowServer {
    /** What the interface takes in one call. */
    private static final int METRICS_PER_CALL = 1_000;

    private static final int PARAMETERS_PER_CALL = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int NOT_FOUND = 404;

    private final URI address;
    private final String authorization;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    private MlflowServer(URI address, String authorization) {
        this.address = address;
        this.authorization = authorization;
    }

    /**
     * One value of a metric.
     *
     * @param step epoch, or 0 for what is known at the end only
     */
    record Metric(String key, double value, long timestamp, long step) {}

    /**
     * @param address such as http://localhost:5000
     * @param environment of the process
     * @throws UserError if the address is none
     */
    public static MlflowServer at(String address, Map<String, String> environment) {
        URI uri;
        try {
            uri = URI.create(address.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "--mlflow is '" + UserError.shown(address) + "'; expected an address such as"
                            + " http://localhost:5000",
                    e);
        }
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new UserError("--mlflow is '" + UserError.shown(address)
                    + "'; expected an address such as http://localhost:5000");
        }
        if (uri.getUserInfo() != null) {
            throw new UserError("--mlflow has credentials in its address; expected them in MLFLOW_TRACKING_USERNAME and"
                    + " MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN");
        }
        return new MlflowServer(uri, authorization(environment));
    }

    private static String authorization(Map<String, String> environment) {
        String token = environment.get("MLFLOW_TRACKING_TOKEN");
        if (token != null) {
            return "Bearer " + token;
        }
        String user = environment.get("MLFLOW_TRACKING_USERNAME");
        String password = environment.get("MLFLOW_TRACKING_PASSWORD");
        if (user == null || password == null) {
            return null;
        }
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The number of an experiment, which is made if there is none of this name.
     *
     * @throws UserError if the server is out of reach, or refuses
     */
    public String experiment(String name) {
        HttpResponse<String> found = send(
                request("experiments/get-by-name?experiment_name=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                        .GET());
        if (found.statusCode() != NOT_FOUND) {
            return text(answer(found), "experiment", "experiment_id");
        }
        return text(post("experiments/create", Map.of("name", name)), "experiment_id");
    }

    /** Begins a run and returns its number. */
    String begin(String experiment, String name, long startMillis, Map<String, String> tags) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("experiment_id", experiment);
        body.put("run_name", name);
        body.put("start_time", startMillis);
        body.put("tags", pairs(tags));
        return text(post("runs/create", body), "run", "info", "run_id");
    }

    private static List<Map<String, String>> pairs(Map<String, String> values) {
        List<Map<String, String>> pairs = new ArrayList<>();
        values.forEach((key, value) -> pairs.add(Map.of("key", key, "value", value)));
        return pairs;
    }

    void parameters(String run, Map<String, String> values) {
        List<Map<String, String>> all = pairs(values);
        for (int first = 0; first < all.size(); first += PARAMETERS_PER_CALL) {
            post(
                    "runs/log-batch",
                    Map.of(
                            "run_id",
                            run,
                            "params",
                            all.subList(first, Math.min(all.size(), first + PARAMETERS_PER_CALL))));
        }
    }

    void metrics(String run, List<Metric> all) {
        for (int first = 0; first < all.size(); first += METRICS_PER_CALL) {
            post(
                    "runs/log-batch",
                    Map.of(
                            "run_id",
                            run,
                            "metrics",
                            all.subList(first, Math.min(all.size(), first + METRICS_PER_CALL))));
        }
    }

    void end(String run, long endMillis) {
        post("runs/update", Map.of("run_id", run, "status", "FINISHED", "end_time", endMillis));
    }

    private Map<?, ?> post(String path, Map<String, ?> body) {
        return answer(send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.compact(body)))));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(address + "/api/2.0/mlflow/" + path))
                .timeout(TIMEOUT);
        return authorization == null ? builder : builder.header("Authorization", authorization);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UserError(
                    "MLflow server " + address + ": cannot be reached: "
                            + (e.getMessage() == null ? "no connection" : UserError.shown(e.getMessage())),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("MLflow server " + address + ": interrupted", e);
        }
    }

    private Map<?, ?> answer(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw new UserError("MLflow server " + address + ": refuses with status " + response.statusCode() + ": "
                    + UserError.shown(response.body()));
        }
        return Json.parse("MLflow server " + address, response.body(), Map.class);
    }

    private String text(Map<?, ?> answer, String... path) {
        Object value = answer;
        for (String name : path) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        if (!(value instanceof String text)) {
            throw new UserError("MLflow server " + address + ": its answer has no '" + String.join(".", path)
                    + "'; expected MLflow's REST interface 2.0");
        }
        return text;
    }
}
