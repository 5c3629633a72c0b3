#!/usr/bin/env python3
"""How time and memory grow with devices and events: qexit on one machine beside qexit on Spark, one after the other.

Writes growth.csv, one row per run, summary.md with the slopes in log-log, and growth.svg. Called again, it runs what is missing.
Needs Python 3.9 or newer, nothing else, and a built qexit (./qexit spark --help builds it).

  experiments/scale/grow.py --part devices --sizes 1000,10000,100000 --out runs/growth
  experiments/scale/grow.py --part events --sizes 1000000,10000000 --out runs/growth --master 'local[2]' --heap 3g
  experiments/scale/grow.py --part plans --sizes 1000,10000 --out runs/growth
  experiments/scale/grow.py --report --out runs/growth
"""
import argparse
import csv
import glob
import math
import os
import shutil
import subprocess
import sys
import time

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COLUMNS = ["part", "size", "program", "devices", "events", "megabytes", "seconds", "cpu_seconds", "memory_mb", "heap", "master", "load"]
EVENTS_PER_DEVICE = 100
DEVICES = 1000
NODES = {1_000: 10, 10_000: 50, 100_000: 100, 1_000_000: 1_000}
X = {"devices": "devices, 100 events each", "events": "events of 1000 devices", "plans": "devices of the plan"}
COLOURS = {"local": "#1f6f8b", "spark": "#c8553d"}


def stop(message):
    sys.exit("grow.py: " + message)


def qexit(arguments, heap, output):
    """Runs qexit; wall and processor seconds, and the most resident memory [MB], of its process."""
    environment = dict(os.environ, QEXIT_HEAP=heap)
    start = time.monotonic()
    with open(output, "wb") as out:
        process = subprocess.Popen([os.path.join(HOME, "qexit")] + arguments, stdout=out, env=environment)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            process.wait()
            raise
    if status != 0:
        stop("qexit " + " ".join(arguments) + ": ended with " + str(os.waitstatus_to_exitcode(status)))
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def read(path):
    if not os.path.exists(path):
        return []
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and list(rows[0]) != COLUMNS:
        stop(path + ": has other columns; expected " + ",".join(COLUMNS))
    return rows


def write(path, text):
    with open(path + ".tmp", "w", newline="") as file:
        file.write(text)
    os.replace(path + ".tmp", path)


def save(path, rows):
    lines = [",".join(COLUMNS)] + [",".join(row[c] for c in COLUMNS) for row in rows]
    write(path, "\n".join(lines) + "\n")


def size_of(directory):
    return sum(os.path.getsize(f) for f in glob.glob(os.path.join(directory, "*"))) / 1e6


def make(part, size, data, alone, options):
    """The input of a size; its devices and events."""
    if part == "plans":
        nodes = NODES.get(size, max(2, size // 1000))
        qexit(["spark", "make-fleet", "--devices", str(size), "--nodes", str(nodes), "--out", data, "--master", options.master],
              options.heap, os.devnull)
        return size, size * EVENTS_PER_DEVICE
    devices, events = (size, size * EVENTS_PER_DEVICE) if part == "devices" else (min(DEVICES, size), size)
    files = ["--files", "1"] if alone else []
    qexit(["spark", "make-traces", "--devices", str(devices), "--events", str(events), "--out", data, "--master", options.master]
          + files, options.heap, os.devnull)
    return devices, events


def commands(part, data, result, options):
    if part == "plans":
        return {"spark": ["spark", "optimize", data, "--out", result, "--master", options.master, "--json"]}
    choice = ["--budget", "0.1", "--cross-fit", "0", "--json"]
    return {"local": ["thresholds"] + glob.glob(os.path.join(data, "part-*.parquet")) + choice,
            "spark": ["spark", "thresholds", data, "--out", result, "--master", options.master] + choice}


def measure(options):
    table = os.path.join(options.out, "growth.csv")
    rows = read(table)
    there = {(r["part"], r["size"], r["program"]) for r in rows}
    work = os.path.join(options.out, "work")
    for size in options.sizes:
        events = size if options.part == "events" else size * EVENTS_PER_DEVICE
        programs = ["local"] if options.part != "plans" and events <= options.local_up_to else []
        missing = [p for p in programs + ["spark"] if (options.part, str(size), p) not in there]
        if not missing:
            continue
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        data, result = os.path.join(work, "data"), os.path.join(work, "result")
        print(f"{options.part} {size}: making", file=sys.stderr, flush=True)
        devices, events = make(options.part, size, data, bool(programs), options)
        for program in missing:
            load = os.getloadavg()[0]
            seconds, cpu, memory = qexit(commands(options.part, data, result, options)[program], options.heap, os.path.join(work, "out.json"))
            rows.append(dict(zip(COLUMNS, [options.part, str(size), program, str(devices), str(events), f"{size_of(data):.1f}",
                                           f"{seconds:.1f}", f"{cpu:.1f}", f"{memory:.0f}", options.heap,
                                           options.master.replace(",", ";"), f"{load:.1f}"])))
            save(table, rows)
            print(f"{options.part} {size} {program}: {seconds:.1f} s, {cpu:.1f} s of processors, {memory:.0f} MB",
                  file=sys.stderr, flush=True)
        shutil.rmtree(work)
    return rows


def slope(points):
    """Least squares of log y on log x; None for fewer than two sizes."""
    if len(points) < 2:
        return None
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)


def series(rows, column):
    found = {}
    for row in rows:
        found.setdefault((row["part"], row["program"]), []).append((float(row["size"]), max(float(row[column]), 0.1)))
    return {key: sorted(points) for key, points in sorted(found.items())}


def shown(value):
    return "" if value is None else f"{value:.2f}"


def report(rows, out):
    lines = ["# Growth", "", "Slopes in log-log over all sizes, and from the last but one to the last.", "",
             "| part | program | sizes | seconds | last | processor seconds | last | memory | last |",
             "|---|---|---|---|---|---|---|---|---|"]
    columns = [series(rows, c) for c in ("seconds", "cpu_seconds", "memory_mb")]
    for key, points in columns[0].items():
        cells = [key[0], key[1], ", ".join(f"{x:.0f}" for x, _ in points)]
        for column in columns:
            cells += [shown(slope(column[key])), shown(slope(column[key][-2:]))]
        lines.append("| " + " | ".join(cells) + " |")
    write(os.path.join(out, "summary.md"), "\n".join(lines) + "\n")
    write(os.path.join(out, "growth.svg"), picture(rows))
    print("\n".join(lines))


def picture(rows):
    """A row of panels for each part: processor seconds and memory, in log-log."""
    parts = [p for p in X if any(r["part"] == p for r in rows)]
    width, height, left, top = 380, 240, 62, 26
    svg = []
    for j, part in enumerate(parts):
        for i, (column, name) in enumerate([("cpu_seconds", "processor seconds"), ("memory_mb", "resident memory [MB]")]):
            own = {k[1]: v for k, v in series(rows, column).items() if k[0] == part}
            svg.append(panel(own, i * width + left, j * height + top, width - 90, height - 74, X[part], name))
    legend = "".join(f'<text x="{left + 90 * n}" y="14" fill="{c}" font-weight="bold">{p}</text>' for n, (p, c) in enumerate(COLOURS.items()))
    w, h = 2 * width, len(parts) * height + 10
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" font-family="sans-serif"'
            f' font-size="11"><rect width="{w}" height="{h}" fill="white"/>{legend}{"".join(svg)}</svg>\n')


def panel(own, x0, y0, w, h, x_name, y_name):
    points = [p for v in own.values() for p in v]
    lows = [math.floor(math.log10(min(p[d] for p in points))) for d in (0, 1)]
    highs = [max(low + 1, math.ceil(math.log10(max(p[d] for p in points)))) for low, d in zip(lows, (0, 1))]

    def at(p):
        fx, fy = ((math.log10(p[d]) - lows[d]) / (highs[d] - lows[d]) for d in (0, 1))
        return x0 + fx * w, y0 + (1 - fy) * h

    out = [f'<rect x="{x0}" y="{y0}" width="{w}" height="{h}" fill="none" stroke="#999"/>']
    for k in range(lows[0], highs[0] + 1):
        x = at((10.0 ** k, 10.0 ** lows[1]))[0]
        out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y0}" y2="{y0 + h}" stroke="#e4e4e4"/>'
                   f'<text x="{x:.1f}" y="{y0 + h + 14}" text-anchor="middle">1e{k}</text>')
    for k in range(lows[1], highs[1] + 1):
        y = at((10.0 ** lows[0], 10.0 ** k))[1]
        out.append(f'<line x1="{x0}" x2="{x0 + w}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e4e4e4"/>'
                   f'<text x="{x0 - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0 ** k:g}</text>')
    for program, line in own.items():
        places = [at(p) for p in line]
        out.append(f'<polyline fill="none" stroke="{COLOURS[program]}" stroke-width="2" points="'
                   + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[program]}"/>' for x, y in places]
    out.append(f'<text x="{x0 + w / 2}" y="{y0 + h + 30}" text-anchor="middle">{x_name}</text>'
               f'<text x="{x0 - 46}" y="{y0 + h / 2}" text-anchor="middle" transform="rotate(-90 {x0 - 46} {y0 + h / 2})">{y_name}</text>')
    return "".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=list(X), help="what grows")
    parser.add_argument("--sizes", default="", help="comma-separated, 1000 and more")
    parser.add_argument("--out", required=True, help="directory of growth.csv, summary.md and growth.svg")
    parser.add_argument("--master", default="local[2]", help="as --master of qexit spark")
    parser.add_argument("--heap", default="3g", help="QEXIT_HEAP of both programs")
    parser.add_argument("--local-up-to", type=int, default=100_000_000, help="most events for qexit on one machine, in one file")
    parser.add_argument("--report", action="store_true", help="run nothing; tables and picture of what is there")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    if options.report:
        rows = read(os.path.join(options.out, "growth.csv"))
    else:
        try:
            options.sizes = sorted(int(float(s)) for s in options.sizes.split(",") if s)
        except ValueError:
            stop("--sizes is '" + options.sizes + "'; expected numbers such as 1000,1e6")
        if not options.part or not options.sizes or options.sizes[0] < 1000:
            stop("expected --part and --sizes of 1000 and more, or --report")
        rows = measure(options)
    if not rows:
        stop(options.out + ": no rows yet")
    report(rows, options.out)


if __name__ == "__main__":
    main()
