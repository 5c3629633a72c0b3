// Shows what /events tells. Text goes in as text, never as markup.
(() => {
  "use strict";
  const labels = ["Device", "Node", "Events", "Offloaded", "Missed", "Delay p50", "Delay p95", "U so far", "U promised"];
  const words = { running: "Running", learning: "Ending: learning", draining: "Ending: waiting for answers", ended: "Ended", lost: "Connection lost, trying again" };
  const byId = (id) => document.getElementById(id);
  const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const number = (x) => x.toLocaleString("en");
  const fixed = (x, digits) => x === null || x === undefined ? "–" : x.toFixed(digits).replace("-", "−");
  const share = (part, all) => all > 0 ? (100 * part / all).toFixed(1) + " %" : "–";
  const percent = (x) => x === null || x === undefined ? "–" : (100 * x).toFixed(x === 0 || x >= 0.1 ? 0 : 2) + " %";
  const delay = (seconds) => seconds === null || seconds === undefined ? "–" : seconds < 1 ? (1000 * seconds).toFixed(1) + " ms" : seconds.toFixed(2) + " s";

  function state(word) {
    document.body.dataset.state = word;
    put(byId("state"), words[word]);
  }

  // As many children as items, made once; a screen reader keeps its place.
  function each(parent, items, make, fill) {
    while (parent.children.length > items.length) parent.lastElementChild.remove();
    items.forEach((item, i) => {
      if (!parent.children[i]) parent.append(make(item));
      fill(parent.children[i], item);
    });
  }

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function makeNode(node) {
    const bar = (key, text) => [
      element("p", { class: "bar" }, text + " ", element("b", { "data-field": key })),
      element("meter", { min: 0, max: 1, "data-meter": key, "aria-label": text + ", node " + node.id }),
    ];
    const row = (key, text) => [element("dt", {}, text), element("dd", { "data-field": key })];
    return element("li", { "data-node": node.id },
      element("h3", {}, node.id + " ", element("span", { "data-field": "about" })),
      ...bar("load", "Load, of what the plan grants"), ...bar("busy", "Model at work, of one core"),
      element("dl", {}, ...row("decided", "Events decided"), ...row("exits", "By exit"), ...row("classes", "Classes"), ...row("model", "Model"), ...row("refused", "Told to wait")));
  }

  // "Coat: 6, exit 2: 4", each in one piece.
  const counts = (map, prefix) => Object.entries(map)
    .map(([key, count]) => (prefix + key + ": " + number(count)).replaceAll(" ", "\u00a0")).join(", ") || "–";

  function fillNode(item, node) {
    const field = (key, text) => put(item.querySelector('[data-field="' + key + '"]'), text);
    item.classList.toggle("away", node.away);
    field("about", node.away ? "does not answer" : "level " + node.level + ", " + node.devices + (node.devices === 1 ? " device" : " devices"));
    for (const key of ["load", "busy"]) {
      field(key, percent(node[key]));
      item.querySelector('[data-meter="' + key + '"]').value = Math.min(1, node[key] || 0);
    }
    field("decided", number(node.decided));
    field("exits", counts(node.exits, "exit "));
    field("classes", counts(node.classes, ""));
    field("refused", number(node.refused));
    field("model", node.model === null ? "–" : (node.version === null ? "another" : "version " + node.version) + ", " + node.model.slice(0, 12));
  }

  function fillCloud(cloud) {
    put(byId("reporting"), number(cloud.reporting));
    put(byId("alarms"), number(cloud.alarms) + (cloud.alarms === 1 ? " alarm of drift" : " alarms of drift"));
    put(byId("version"), "version " + cloud.version);
    put(byId("learns"), !cloud.learns ? "does not learn (--learn)" : cloud.training === null ? "waits for labels" : "trains candidate " + cloud.training);
    put(byId("examples"), cloud.learns ? number(cloud.examples) : "–");
    put(byId("examples-sub"), cloud.learns ? "of " + number(cloud.events) + " events told" : "");
    put(byId("tests"), cloud.learns ? number(cloud.tests) : "–");
    each(byId("candidates"), cloud.candidates, () => element("li", {}), (item, one) => put(item, "Candidate " + one.number + " (" + one.reason + "): "
      + (one.accepted ? "accepted as version " + one.version : "not accepted") + ", " + one.verdict + ", p " + Number(one.p.toPrecision(3))
      + "; trained on " + number(one.trained) + ", tested on " + number(one.tested) + " events"));
  }

  function makeDevice() {
    return element("tr", { role: "row" }, ...labels.map((label, i) => i === 0
      ? element("th", { role: "rowheader", scope: "row" }) : element("td", { role: "cell", "data-label": label })));
  }

  function fillDevice(row, device) {
    const cells = [device.id, device.node, number(device.events) + " / " + number(device.expected), number(device.offloaded), number(device.missed),
      delay(device.p50Seconds), delay(device.p95Seconds), fixed(device.soFar, 3), fixed(device.promised, 3)];
    cells.forEach((text, i) => put(row.children[i], text));
    row.children[4].classList.toggle("bad", device.missed > 0);
  }

  // Another fleet, after a restart, gets elements of its own.
  let shown = "";
  function fresh(all) {
    const ids = JSON.stringify([all.nodes.map((node) => node.id), all.devices.map((device) => device.id)]);
    if (ids !== shown) {
      byId("nodes").replaceChildren();
      byId("devices").replaceChildren();
      byId("candidates").replaceChildren();
    }
    shown = ids;
  }

  function show(all) {
    state(all.state);
    fresh(all);
    document.title = "qexit up: " + all.title;
    put(byId("title"), all.title);
    const totals = all.totals;
    put(byId("events"), number(totals.events));
    put(byId("events-sub"), "of " + number(totals.expected) + ", " + share(totals.dropped, totals.events) + " dropped as normal");
    put(byId("answered"), number(totals.answered));
    put(byId("answered-sub"), share(totals.answered, totals.events) + " of all events");
    put(byId("missed"), number(totals.missed));
    byId("missed").classList.toggle("bad", totals.missed > 0);
    put(byId("missed-sub"), share(totals.missed, totals.missed + totals.answered) + " of those offloaded");
    put(byId("time"), all.seconds.toFixed(0) + " s");
    put(byId("time-sub"), Number(all.speed.toPrecision(3)) + " times as planned");
    byId("progress").value = totals.expected > 0 ? totals.events / totals.expected : 0;
    put(byId("fair"), fixed(all.fairness.soFar, 3));
    put(byId("fair-sub"), "promised " + fixed(all.fairness.promised, 3));
    put(byId("jain"), fixed(all.fairness.jainSoFar, 3));
    put(byId("jain-sub"), "promised " + fixed(all.fairness.jainPromised, 3));
    fillCloud(all.cloud);
    each(byId("nodes"), all.nodes, makeNode, fillNode);
    each(byId("devices"), all.devices, makeDevice, fillDevice);
    return all.state === "ended";
  }

  const ended = () => document.body.dataset.state === "ended";

  function connect() {
    const source = new EventSource("/events");
    const again = () => { source.close(); setTimeout(connect, ended() ? 5000 : 2000); };
    source.onmessage = (event) => { if (show(JSON.parse(event.data))) again(); };
    source.onerror = () => {
      if (!ended()) state("lost");
      // The browser tries again by itself, unless it was refused.
      if (source.readyState === EventSource.CLOSED) again();
    };
  }
  connect();
})();
