"use strict";
// What the page computes by itself: other budgets and thresholds on the events that it holds, and where the events go.
(() => {
  const {island, datasets, chosen, views} = window.qexitReport;
  const svgName = "http://www.w3.org/2000/svg";

  function html(name, attributes, ...children) {
    const element = document.createElement(name);
    Object.entries(attributes || {}).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children);
    return element;
  }

  function svg(name, attributes, ...children) {
    const element = document.createElementNS(svgName, name);
    Object.entries(attributes || {}).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children);
    return element;
  }

  const number = new Intl.NumberFormat("en");
  const count = value => number.format(Math.round(value));
  const percent = (part, all) => all > 0 ? (100 * part / all).toFixed(1) + " %" : "undefined";

  // ---- Where events go ----

  const kinds = [
    {key: "found", text: "found", colour: "--critical", wrong: false, what: "critical events offloaded"},
    {key: "falseAlarms", text: "false alarms", colour: "--critical", wrong: true, what: "normal events offloaded"},
    {key: "missed", text: "missed", colour: "--normal", wrong: true, what: "critical events dropped"},
    {key: "dropped", text: "rightly dropped", colour: "--normal", wrong: false, what: "normal events dropped"}
  ];

  // A band between two upright bars, as wide at both ends.
  function band(x0, y0, x1, y1, width, attributes, title) {
    const middle = (x0 + x1) / 2;
    const path = `M${x0},${y0}C${middle},${y0} ${middle},${y1} ${x1},${y1}v${width}C${middle},${y1 + width} ${middle},${y0 + width} ${x0},${y0 + width}Z`;
    return svg("path", {d: path, ...attributes}, svg("title", {}, title));
  }

  function drawFlow() {
    const host = document.getElementById("flow-picture");
    if (!host) return;
    const rows = (datasets.flow || []).filter(
      row => row.model === chosen.model && row.method === chosen.method && row.device === chosen.device);
    if (rows.length === 0) {
      host.replaceChildren(html("p", {class: "soft"}, "infeasible: no event is decided"));
      return;
    }
    const exits = rows.map(row => ({exit: row.exit, events: kinds.reduce((sum, kind) => sum + row[kind.key], 0), row}));
    const total = exits.reduce((sum, exit) => sum + exit.events, 0);
    const ends = kinds.map(kind => ({...kind, events: rows.reduce((sum, row) => sum + row[kind.key], 0)}));
    const width = Math.max(300, host.clientWidth);
    const gap = 24;
    const bar = 12;
    const inner = 260;
    const height = inner + gap * (Math.max(exits.length, ends.length) + 1);
    const scale = inner / Math.max(1, total);
    const columns = [0, Math.round(width * 0.42), width - bar];
    const place = nodes => {
      const used = nodes.reduce((sum, node) => sum + node.events * scale, 0);
      const space = (height - used) / (nodes.length + 0.3);
      let y = space;
      nodes.forEach(node => { node.y = y; node.into = y; node.out = y; y += node.events * scale + space; });
    };
    const start = [{events: total}];
    place(start);
    place(exits);
    place(ends);
    const picture = svg("svg", {viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true"});
    picture.append(svg("defs", {}, svg("pattern",
      {id: "wrong", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)"},
      svg("rect", {width: 3, height: 6, style: "fill: var(--ink)"}))));
    exits.forEach(exit => {
      const title = `${count(exit.events)} events leave at exit ${exit.exit}, ${percent(exit.events, total)}`;
      picture.append(band(columns[0] + bar, start[0].out, columns[1], exit.y, exit.events * scale,
        {style: `fill: var(--exit-${Math.min(exit.exit, 6)})`, opacity: 0.6}, title));
      start[0].out += exit.events * scale;
      picture.append(svg("rect", {x: columns[1], y: exit.y, width: bar, height: Math.max(1, exit.events * scale),
        style: `fill: var(--exit-${Math.min(exit.exit, 6)}); stroke: var(--axis)`}));
    });
    ends.forEach(end => {
      exits.forEach(exit => {
        const events = exit.row[end.key];
        if (events === 0) return;
        const title = `exit ${exit.exit}: ${count(events)} ${end.what}`;
        const shape = [columns[1] + bar, exit.out, columns[2], end.into, events * scale];
        picture.append(band(...shape, {style: `fill: var(${end.colour})`, opacity: 0.6}, title));
        if (end.wrong) picture.append(band(...shape, {fill: "url(#wrong)", opacity: 0.55}, title));
        exit.out += events * scale;
        end.into += events * scale;
      });
      picture.append(svg("rect", {x: columns[2], y: end.y, width: bar, height: Math.max(1, end.events * scale), style: `fill: var(${end.colour}); stroke: var(--axis)`}));
    });
    picture.append(svg("rect", {x: columns[0], y: start[0].y, width: bar, height: total * scale, style: "fill: var(--axis)"}));
    const label = (x, y, anchor, text) => picture.append(svg("text", {x, y: y - 5, "text-anchor": anchor}, text));
    label(columns[0], start[0].y, "start", `${count(total)} events`);
    exits.forEach(exit => label(columns[1] + bar / 2, exit.y, "middle", `exit ${exit.exit}: ${count(exit.events)}`));
    ends.forEach(end => label(width, end.y, "end", `${end.text}: ${count(end.events)}`));
    host.setAttribute("aria-label", `Flow of ${count(total)} test events: `
      + exits.map(exit => `${count(exit.events)} leave at exit ${exit.exit}`).join(", ") + "; "
      + ends.map(end => `${count(end.events)} ${end.text}`).join(", "));
    host.replaceChildren(picture);
  }

  // ---- What if ----

  const events = island.events;
  const decoded = new Map();

  // The events of a device and split: labels, and scores exit after exit.
  function part(model, device, split) {
    const key = model + "\n" + device + "\n" + split;
    if (!decoded.has(key)) {
      const packed = events[model].devices[device][split];
      const bytes = Uint8Array.from(atob(packed.scores), c => c.charCodeAt(0));
      const view = new DataView(bytes.buffer);
      const scores = new Float32Array(bytes.length / 4);
      for (let i = 0; i < scores.length; i++) scores[i] = view.getFloat32(4 * i, true);
      decoded.set(key, {size: packed.labels.length, of: packed.of, labels: Uint8Array.from(packed.labels, Number), scores});
    }
    return decoded.get(key);
  }

  // The rule of Eq. (2), exit by exit; undecided after the last is normal.
  function tally(counts, events, rule) {
    const exits = rule.lower.length;
    for (let k = 0; k < events.size; k++) {
      let q = 0;
      let critical = false;
      for (; q < exits; q++) {
        const score = events.scores[q * events.size + k];
        if (score <= rule.lower[q]) break;
        if (score >= rule.upper[q]) { critical = true; break; }
      }
      counts.exits[Math.min(q, exits - 1)]++;
      if (events.labels[k] === 1) critical ? counts.tp++ : counts.fn++;
      else critical ? counts.fp++ : counts.tn++;
    }
    return counts;
  }

  const nothing = exits => ({tp: 0, fp: 0, tn: 0, fn: 0, exits: new Array(exits).fill(0)});

  function counted(split, rules) {
    const counts = nothing(exitCount());
    rules.forEach((rule, device) => tally(counts, part(chosen.model, device, split), rule));
    return counts;
  }

  const exitCount = () => events[chosen.model].macs.length;
  const devices = () => chosen.device === "all" ? Object.keys(events[chosen.model].devices) : [chosen.device];
  const threshold = (entry, always) => entry === "never" ? -always : entry === "always" ? always : Math.fround(entry);

  function planned() {
    const rules = new Map();
    const ofMethod = (island.rules[chosen.model] || {})[chosen.method] || {};
    devices().forEach(device => {
      const rule = ofMethod[device];
      if (rule) {
        rules.set(device, {
          lower: rule.lower.map(entry => threshold(entry, Infinity)), upper: rule.upper.map(entry => threshold(entry, -Infinity))});
      }
    });
    return rules;
  }

  // The best pair within a share of each device's validation events, as its staircase has it.
  function withinBudget(share) {
    const rules = new Map();
    devices().forEach(device => {
      const most = Math.floor(share * part(chosen.model, device, "validation").of + 1e-9);
      let best = null;
      events[chosen.model].devices[device].corners.forEach(corner => { if (corner[0] <= most) best = corner; });
      const lower = best ? Math.fround(best[2]) : 0;
      const upper = best && best[3] !== null ? Math.fround(best[3]) : Infinity;
      rules.set(device, {lower: new Array(exitCount()).fill(lower), upper: new Array(exitCount()).fill(upper)});
    });
    return rules;
  }

  const panel = document.getElementById("whatif-panel");
  let rules = new Map();
  let perExit = false;
  let source = "plan";
  const budget = html("input", {type: "range", min: 0, max: 40, step: 0.5, value: 12, id: "whatif-budget"});
  const budgetText = html("output", {for: "whatif-budget"});
  const kind = html("select", {"aria-label": "Thresholds"}, html("option", {value: "pair"}, "one pair for all exits"), html("option", {value: "per-exit"}, "a pair for each exit"));
  const reset = html("button", {type: "button"}, "As planned");
  const sliders = html("div", {class: "sliders"});
  const table = html("table", {class: "live", "aria-live": "polite"});

  function words(value) {
    return value === Infinity || value === -Infinity ? null : value.toFixed(4);
  }

  function slider(side, exit) {
    const id = `whatif-${side}-${exit}`;
    const name = (side === "lower" ? "l" : "u") + (perExit ? `, exit ${exit + 1}` : "");
    const input = html("input", {type: "range", min: -0.005, max: 1.005, step: 0.005, id, "data-side": side, "data-exit": exit});
    const text = html("output", {for: id});
    input.addEventListener("input", () => {
      source = "hand";
      const value = Number(input.value);
      const at = value < 0 ? -Infinity : value > 1 ? Infinity : Math.fround(value);
      const touched = perExit ? [exit] : [...Array(exitCount()).keys()];
      const first = rules.values().next().value;
      const whole = {lower: [...first.lower], upper: [...first.upper]};
      touched.forEach(q => {
        whole[side][q] = at;
        if (whole.lower[q] > whole.upper[q]) whole[side === "lower" ? "upper" : "lower"][q] = at;
      });
      devices().forEach(device => rules.set(device, whole));
      show();
    });
    return html("div", {class: "slider"}, html("label", {for: id}, name), input, text);
  }

  function buildSliders() {
    sliders.replaceChildren();
    const shown = perExit ? [...Array(exitCount()).keys()] : [0];
    shown.forEach(exit => sliders.append(slider("lower", exit), slider("upper", exit)));
  }

  function showSliders() {
    const all = [...rules.values()];
    sliders.querySelectorAll("input").forEach(input => {
      const side = input.dataset.side;
      const exit = Number(input.dataset.exit);
      const values = new Set(all.map(rule => rule[side][exit]));
      const value = values.size > 0 ? [...values][0] : 0;
      input.value = Math.max(-0.005, Math.min(1.005, value));
      const never = side === "lower" ? value === -Infinity : value === Infinity;
      const text = values.size > 1 ? "differs by device" : words(value) || (never ? "never" : "always");
      input.nextSibling.textContent = text;
      input.setAttribute("aria-valuetext", text);
    });
  }

  function row(name, counts) {
    const all = counts.tp + counts.fp + counts.tn + counts.fn;
    const macs = events[chosen.model].macs;
    const cost = counts.exits.reduce((sum, n, q) => sum + n * macs[q], 0) / Math.max(1, all);
    const cells = [
      `${count(counts.tp)} of ${count(counts.tp + counts.fn)}, ${percent(counts.tp, counts.tp + counts.fn)}`,
      `${count(counts.fp)} of ${count(counts.fp + counts.tn)}, ${percent(counts.fp, counts.fp + counts.tn)}`,
      `${count(counts.tp + counts.fp)} of ${count(all)}, ${percent(counts.tp + counts.fp, all)}`,
      counts.exits.map(n => percent(n, all)).join(" / "),
      count(cost)
    ];
    return {name, cells, counts};
  }

  function show() {
    const empty = rules.size === 0;
    budgetText.textContent = source === "budget" ? `${Number(budget.value).toFixed(1)} % of validation events`
      : source === "plan" ? "as planned" : "thresholds by hand";
    budget.setAttribute("aria-valuetext", budgetText.textContent);
    showSliders();
    const plan = planned();
    const columns = [];
    if (plan.size > 0) columns.push(row("plan, test", counted("test", plan)));
    if (!empty) columns.push(row("now, test", counted("test", rules)), row("now, validation", counted("validation", rules)));
    const heads = ["Critical events found", "False alarms", "Offloaded", "Leave at exits", "Mean multiply-accumulates"];
    table.replaceChildren(
      html("thead", {}, html("tr", {}, html("td", {}), ...columns.map(c => html("th", {scope: "col"}, c.name)))),
      html("tbody", {}, ...heads.map((head, i) =>
        html("tr", {}, html("th", {scope: "row"}, head), ...columns.map(c => html("td", {}, c.cells[i]))))));
    panel.dataset.now = JSON.stringify(columns.map(c => [c.name, c.counts]));
    marks();
  }

  // ---- The plane of pairs ----

  const cells = 40;

  function plane() {
    const exits = exitCount();
    const grid = [];
    const parts = devices().map(device => part(chosen.model, device, "validation"));
    for (let i = 0; i < cells; i++) {
      for (let j = i; j < cells; j++) {
        const rule = {lower: new Array(exits).fill(i / cells), upper: new Array(exits).fill((j + 1) / cells)};
        const counts = nothing(exits);
        parts.forEach(each => tally(counts, each, rule));
        const all = counts.tp + counts.fp + counts.tn + counts.fn;
        grid.push({
          lower: i / cells, lowerEnd: (i + 1) / cells, upper: j / cells, upperEnd: (j + 1) / cells,
          tpr: counts.tp + counts.fn > 0 ? 100 * counts.tp / (counts.tp + counts.fn) : 0,
          ofr: 100 * (counts.tp + counts.fp) / Math.max(1, all), within: true});
      }
    }
    datasets.plane = grid;
    datasets.planeFrontier = chosen.device === "all" ? [] : events[chosen.model].devices[chosen.device].corners.map(
      corner => ({offloads: corner[0], lower: corner[2], upper: corner[3] === null ? 1 : corner[3]}));
  }

  function marks() {
    const most = source === "budget" ? Number(budget.value)
      : 100 * shareOffloaded(counted("validation", rules));
    datasets.plane = (datasets.plane || []).map(cell => ({...cell, within: cell.ofr <= most + 1e-9}));
    const first = rules.values().next().value;
    const one = first && [...rules.values()].every(rule =>
      rule.lower.every(l => l === first.lower[0]) && rule.upper.every(u => u === first.upper[0]));
    datasets.planeChosen = one && chosen.device !== "all" || one && rules.size === 1 ? [{
      lower: Math.max(0, Math.min(1, first.lower[0])), upper: Math.max(0, Math.min(1, first.upper[0])),
      text: `l = ${words(first.lower[0]) || "never"}, u = ${words(first.upper[0]) || "never"}`}] : [];
    const result = views.get("plane");
    if (result) {
      ["plane", "planeFrontier", "planeChosen"].forEach(name => result.view.data(name, datasets[name]));
      result.view.runAsync();
    }
  }

  const shareOffloaded = counts => (counts.tp + counts.fp) / Math.max(1, counts.tp + counts.fp + counts.tn + counts.fn);

  function selection() {
    rules = planned();
    source = "plan";
    const kinds = devices().map(device => ((island.rules[chosen.model] || {})[chosen.method] || {})[device]);
    perExit = kinds.some(rule => rule && rule.kind === "per-exit");
    kind.value = perExit ? "per-exit" : "pair";
    if (rules.size === 0) { rules = withinBudget(Number(budget.value) / 100); source = "budget"; }
    else budget.value = 100 * shareOffloaded(counted("validation", rules));
    buildSliders();
    plane();
    show();
  }

  if (panel && events) {
    panel.append(
      html("div", {class: "slider"}, html("label", {for: "whatif-budget"}, "Budget"), budget, budgetText),
      html("div", {class: "controls"}, html("label", {}, "Thresholds ", kind), reset),
      sliders,
      html("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": "What the thresholds do"}, table));
    budget.addEventListener("input", () => {
      source = "budget";
      rules = withinBudget(Number(budget.value) / 100);
      show();
    });
    kind.addEventListener("change", () => {
      perExit = kind.value === "per-exit";
      if (!perExit) {
        const first = rules.values().next().value;
        const exits = exitCount();
        const lower = first.lower.every(l => l === first.lower[0]);
        const upper = first.upper.every(u => u === first.upper[0]);
        if (!(lower && upper)) {
          source = "budget";
          budget.value = 100 * shareOffloaded(counted("validation", rules));
          rules = withinBudget(Number(budget.value) / 100);
        }
      }
      buildSliders();
      show();
    });
    reset.addEventListener("click", selection);
    selection();
  }
  drawFlow();
  document.addEventListener("qexit-chosen", () => {
    drawFlow();
    if (panel && events) selection();
  });
  document.addEventListener("qexit-drawn", () => {
    drawFlow();
    if (panel && events) marks();
  });
})();
