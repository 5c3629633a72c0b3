"use strict";
(() => {
  const island = JSON.parse(document.getElementById("report-data").textContent);
  const datasets = {};
  for (const [name, table] of Object.entries(island.data)) {
    datasets[name] = table.rows.map(row => Object.fromEntries(table.fields.map((field, i) => [field, row[i]])));
  }
  const views = new Map();
  const chosen = {};
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  // Colours are named once, in the style sheet.
  function palette() {
    const style = getComputedStyle(document.documentElement);
    const c = name => style.getPropertyValue("--" + name).trim();
    const named = {};
    for (const name of ["ink", "muted", "axis", "line", "track", "surface", "page", "critical", "normal", "bad", "green", "orange"]) {
      named[name] = c(name);
    }
    named.models = ["blue", "vermillion", "green", "purple", "grey", "orange"].map(c);
    named.methods = ["green", "purple", "orange", "blue", "vermillion", "grey", "sky", "yellow"].map(c);
    named.category = ["sky", "orange", "green", "purple", "vermillion", "blue", "yellow", "grey"].map(c);
    named.exits = ["exit-1", "exit-2", "exit-3", "exit-4", "exit-5", "exit-6"].map(c);
    named.font = getComputedStyle(document.body).fontFamily;
    return named;
  }

  // A copy of a specification with its "@name" strings replaced by colours; nothing inside "values" is touched.
  function coloured(node, colours, key) {
    if (key === "domain" || key === "sort" || key === "values" || key === "equal" || key === "value") return node;
    if (Array.isArray(node)) return node.map(item => coloured(item, colours));
    if (node !== null && typeof node === "object") {
      const copy = {};
      for (const k of Object.keys(node)) copy[k] = coloured(node[k], colours, k);
      return copy;
    }
    return typeof node === "string" && node[0] === "@" ? colours[node.slice(1)] : node;
  }

  function config(colours, narrow) {
    const label = {labelColor: colours.muted, titleColor: colours.muted};
    return {
      background: null,
      font: colours.font,
      view: {stroke: null},
      axis: {...label, domainColor: colours.axis, tickColor: colours.axis, gridColor: colours.line, labelFontSize: 11, titleFontSize: 12,
        titleFontWeight: "normal", labelLimit: narrow ? 90 : 150, titlePadding: 8, labelOverlap: "greedy"},
      axisY: {tickCount: 5},
      axisX: {tickCount: narrow ? 5 : 7, labelFlush: true},
      axisBand: {grid: false, domain: false, ticks: false, labelColor: colours.ink, labelFontSize: 12},
      axisPoint: {domain: false, ticks: false, labelColor: colours.ink, labelFontSize: 12},
      legend: {orient: "top", direction: "horizontal", labelColor: colours.ink, titleColor: colours.muted, labelFontSize: 12, titleFontSize: 12,
        titleFontWeight: "normal", columns: narrow ? 3 : 6, symbolStrokeWidth: 2, offset: 8, padding: 0, labelLimit: 200,
        layout: {top: {anchor: "start", direction: narrow ? "vertical" : "horizontal", margin: narrow ? 3 : 14, bounds: "full"}}},
      text: {color: colours.ink, fontSize: 12},
      bar: {stroke: null},
      rule: {color: colours.ink}
    };
  }

  // The parameters that the page's selectors set.
  function selectable(spec) {
    return spec.usermeta && spec.usermeta.fixed ? [] : spec.params || [];
  }

  function specification(id, element, colours) {
    const spec = coloured(island.charts[id], colours);
    const used = new Set();
    (function names(node) {
      if (node === null || typeof node !== "object") return;
      if (node.data && typeof node.data.name === "string") used.add(node.data.name);
      Object.values(node).forEach(names);
    })(spec);
    spec.datasets = {};
    used.forEach(name => { spec.datasets[name] = datasets[name] || []; });
    for (const param of selectable(spec)) {
      if (param.name in chosen) param.value = chosen[param.name];
    }
    const shape = spec.usermeta && spec.usermeta.aspect ? spec.usermeta : null;
    if (shape) {
      // Both axes in the same scale: a metre is as long to the north as to the east.
      spec.width = Math.min(element.clientWidth - 84, shape.largest);
      spec.height = Math.round(spec.width * shape.aspect);
    }
    return spec;
  }

  async function draw(element) {
    const id = element.dataset.chart;
    const colours = palette();
    const old = views.get(id);
    if (old) old.finalize();
    try {
      const compiled = vegaLite.compile(specification(id, element, colours), {
        config: config(colours, element.clientWidth < 460),
        logger: vega.logger(vega.Error)
      });
      const result = await vegaEmbed(element, compiled.spec, {
        mode: "vega",
        renderer: "svg",
        ast: true,
        actions: {export: {svg: true, png: true}, source: false, compiled: false, editor: false},
        downloadFileName: "qexit-" + id,
        tooltip: {theme: "custom"}
      });
      views.set(id, result);
      const title = element.getAttribute("aria-label") || id;
      element.querySelectorAll("summary").forEach(summary => summary.setAttribute("aria-label", "Save the chart: " + title));
    } catch (error) {
      const message = document.createElement("p");
      message.className = "failed";
      message.textContent = "This chart could not be drawn: " + error.message;
      element.replaceChildren(message);
    }
  }

  const elements = Array.from(document.querySelectorAll("[data-chart]"));
  const drawAll = () => Promise.all(elements.map(draw)).then(() => document.dispatchEvent(new Event("qexit-drawn")));

  const selects = Array.from(document.querySelectorAll("select[data-param]"));
  for (const select of selects) {
    chosen[select.dataset.param] = chosen[select.dataset.param] ?? select.value;
    select.value = chosen[select.dataset.param];
    select.addEventListener("change", () => {
      const name = select.dataset.param;
      chosen[name] = select.value;
      selects.filter(other => other.dataset.param === name).forEach(other => { other.value = select.value; });
      views.forEach((result, id) => {
        if (selectable(island.charts[id]).some(param => param.name === name)) {
          result.view.signal(name, select.value).runAsync();
        }
      });
      tellChoices();
      document.dispatchEvent(new Event("qexit-chosen"));
    });
  }

  // Paper has no selectors: it says what was chosen.
  function tellChoices() {
    document.querySelectorAll("p.choices").forEach(line => {
      line.textContent = Array.from(line.previousElementSibling.querySelectorAll("select[data-param]"))
        .map(select => select.dataset.param + " " + select.value).join(", ");
    });
  }
  document.querySelectorAll(".controls").forEach(controls => {
    if (controls.querySelector("select[data-param]")) {
      const line = document.createElement("p");
      line.className = "choices";
      controls.after(line);
    }
  });
  tellChoices();
  window.qexitReport = {island, datasets, chosen, views};

  dark.addEventListener("change", drawAll);
  let width = window.innerWidth;
  let timer = 0;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    clearTimeout(timer);
    timer = setTimeout(drawAll, 150);
  });
  drawAll().then(() => { document.documentElement.dataset.drawn = "yes"; });
})();
