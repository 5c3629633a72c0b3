"use strict";
(() => {
  const data = JSON.parse(document.getElementById("playback-data").textContent);
  const byId = id => document.getElementById(id);
  const slider = byId("playback-bin");
  const time = byId("playback-time");
  const button = byId("playback-play");
  const figure = byId("playback-figure");
  const scene = figure.querySelector("svg");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let timer = null;

  // From vermillion over grey to blue, which colour-blind readers can tell apart.
  const stops = [[213, 94, 0], [196, 196, 196], [0, 114, 178]];
  function colour(share) {
    const at = Math.min(1, Math.max(0, share)) * 2;
    const from = stops[Math.min(1, Math.floor(at))];
    const to = stops[Math.min(1, Math.floor(at)) + 1];
    const part = at - Math.min(1, Math.floor(at));
    return "rgb(" + from.map((c, i) => Math.round(c + part * (to[i] - c))).join(",") + ")";
  }

  const percent = share => Math.round(100 * share) + " %";

  function showDevice(device, i, bin) {
    const state = device.state[bin];
    const node = device.node[bin];
    const mark = byId("pd" + i);
    const bad = device.lost[bin] + device.late[bin];
    const share = device.critical[bin] === 0 ? null : device.found[bin] / device.critical[bin];
    const here = state !== "-";
    for (const id of ["pd" + i, "pf" + i, "pt" + i]) {
      const part = byId(id);
      if (part) part.classList.toggle("gone", !here);
    }
    mark.classList.toggle("off", state === "o");
    mark.style.fill = state === "o" || share === null ? "" : colour(share);
    byId("pf" + i).style.opacity = bad === 0 ? 0 : 0.35 + 0.65 * Math.min(1, bad / Math.max(1, device.events[bin]) * 4);
    const label = byId("pt" + i);
    if (label) label.textContent = device.id + (share === null || state === "o" ? "" : " " + percent(share));
    byId("pd" + i).querySelector("title").textContent = device.id + ": " + device.events[bin] + " events, "
      + device.critical[bin] + " critical, " + device.found[bin] + " of them answered in time, " + device.lost[bin] + " lost, "
      + device.late[bin] + " late";
    const link = byId("pl" + i);
    const linked = here && state !== "o" && node >= 0;
    link.classList.toggle("gone", !linked);
    if (linked) {
      link.setAttribute("x2", data.nodes[node].x);
      link.setAttribute("y2", data.nodes[node].y);
      link.classList.toggle("broken", data.nodes[node].state[bin] === "d");
    }
  }

  function showNode(node, j, bin) {
    const down = node.state[bin] === "d";
    const load = node.load[bin] === null ? 0 : Math.min(1, Math.max(0, node.load[bin]));
    const size = data.nodeSize;
    byId("pn" + j).classList.toggle("down", down);
    byId("pw" + j).setAttribute("y", (node.y + size / 2 - size * load).toFixed(1));
    byId("pw" + j).setAttribute("height", (size * load).toFixed(1));
    byId("px" + j).style.display = down ? "inline" : "";
    byId("pn" + j).querySelector("title").textContent = node.id + (down ? ": down" : ": " + percent(load) + " of its compute in use");
  }

  function words(bin) {
    const sum = name => data.devices.reduce((total, device) => total + device[name][bin], 0);
    const critical = sum("critical");
    const parts = [Math.round(bin * data.binSeconds) + " to " + Math.round((bin + 1) * data.binSeconds) + " s"];
    parts.push(critical === 0 ? "no critical event" : percent(sum("found") / critical) + " of critical events answered in time");
    parts.push("lost " + sum("lost") + ", late " + sum("late"));
    const down = data.nodes.filter(node => node.state[bin] === "d").map(node => node.id);
    const off = data.devices.filter(device => device.state[bin] === "o").map(device => device.id);
    if (down.length > 0) parts.push("down: " + down.join(", "));
    if (off.length > 0) parts.push("off: " + off.join(", "));
    const now = data.happens.filter(one => one.bin === bin).map(one => one.words);
    if (now.length > 0) parts.push("now: " + now.join("; "));
    return parts.join(" · ");
  }

  function show(bin) {
    data.nodes.forEach((node, j) => showNode(node, j, bin));
    data.devices.forEach((device, i) => showDevice(device, i, bin));
    const text = words(bin);
    time.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  }

  function go(bin) {
    slider.value = bin;
    show(Number(slider.value));
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    button.textContent = "Play";
    time.setAttribute("aria-live", "polite");
  }

  function toggle() {
    if (timer !== null) {
      stop();
      return;
    }
    if (Number(slider.value) === Number(slider.max)) go(0);
    button.textContent = "Pause";
    time.setAttribute("aria-live", "off");
    timer = setInterval(() => {
      go(Number(slider.value) + 1);
      if (Number(slider.value) === Number(slider.max)) stop();
    }, calm.matches ? 1000 : 250);
  }

  // Text keeps its size on the screen however small the drawing is.
  function fit() {
    const units = scene.viewBox.baseVal.width / Math.max(1, scene.clientWidth || scene.getBoundingClientRect().width);
    scene.style.setProperty("--u", units.toFixed(3));
  }

  slider.addEventListener("input", () => show(Number(slider.value)));
  button.addEventListener("click", toggle);
  document.querySelectorAll("[data-bin]").forEach(mark => mark.addEventListener("click", () => {
    stop();
    go(Number(mark.dataset.bin));
  }));
  figure.addEventListener("keydown", event => {
    const bin = Number(slider.value);
    const to = {ArrowLeft: bin - 1, ArrowRight: bin + 1, PageUp: bin + 10, PageDown: bin - 10, Home: 0, End: Number(slider.max)}[event.key];
    if (to !== undefined) {
      go(to);
    } else if (event.key === " ") {
      toggle();
    } else {
      return;
    }
    event.preventDefault();
  });
  window.addEventListener("resize", fit);
  fit();
  const asked = /^#bin=(\d+)$/.exec(location.hash);
  go(asked ? Number(asked[1]) : 0);
  document.documentElement.dataset.played = "yes";
})();
