// Evaluated in a report that is drawn: what is wrong with it, a line each; nothing if all is well.
(async () => {
  const problems = new Set();
  const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));
  const say = text => problems.add(text);

  function shown(text) {
    if (!text.textContent.trim()) return false;
    for (let e = text; e && e.nodeName !== "svg"; e = e.parentNode) {
      if (e.getAttribute("opacity") === "0" || e.style.opacity === "0" || e.style.display === "none" || e.getAttribute("display") === "none") return false;
    }
    return true;
  }

  // Labels of pictures: none beyond the picture, none on another.
  function labels(when) {
    document.querySelectorAll("[data-chart] svg, .flow svg, figure svg").forEach(picture => {
      const host = picture.closest("[data-chart]") || picture.parentNode;
      const name = (picture.closest("figure, [data-chart]") || host).querySelector("figcaption")?.textContent
        || host.dataset.chart || host.id;
      const outer = host.getBoundingClientRect();
      if (outer.width === 0) return;
      const inner = picture.getBoundingClientRect();
      // Where the picture itself scrolls, nothing is lost at its sides.
      let scrolls = false;
      for (let e = picture; e && e !== document.body; e = e.parentNode) scrolls ||= ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
      const boxes = [];
      picture.querySelectorAll("text").forEach(text => {
        if (!shown(text)) return;
        const box = text.getBoundingClientRect();
        const words = text.textContent.trim();
        if (!scrolls && (box.left < outer.left - 1.5 || box.right > outer.right + 1.5) || box.top < inner.top - 1.5 || box.bottom > inner.bottom + 1.5) {
          say(`${when}: ${name}: '${words}' is cut`);
        }
        // Letters fill less than their box.
        const rise = box.height > 12 ? 2.5 : 1.5;
        boxes.push({words, left: box.left + 0.5, right: box.right - 0.5, top: box.top + rise, bottom: box.bottom - rise});
      });
      for (let i = 0; i < boxes.length; i++) {
        for (let j = i + 1; j < boxes.length; j++) {
          const a = boxes[i];
          const b = boxes[j];
          const over = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const under = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          const halo = a.words === b.words && Math.abs(a.left - b.left) < 1 && Math.abs(a.top - b.top) < 1;
          if (over > 1 && under > 1 && !halo) say(`${when}: ${name}: '${a.words}' and '${b.words}' lie on each other`);
        }
      }
    });
  }

  function page() {
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth) {
      const wide = [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1
        && !e.closest(".scroll *, .plot *, .wide-picture *, .chart *, pre *"));
      say(`the page is ${root.scrollWidth} wide in ${innerWidth}: ${wide.slice(0, 3).map(e => e.nodeName + "." + (e.id || e.className)).join(", ")}`);
    }
    document.querySelectorAll(".failed").forEach(failed => say(failed.textContent));
    document.querySelectorAll(".scroll").forEach(box => {
      if (innerWidth >= 1280 && box.scrollWidth > box.clientWidth + 1) {
        say(`table '${box.getAttribute("aria-label")}' is ${box.scrollWidth} wide in ${box.clientWidth}`);
      }
    });
    document.querySelectorAll("button, select, input, summary, a[href], [tabindex='0']").forEach(control => {
      const label = control.getAttribute("aria-label") || control.labels?.[0]?.textContent || control.textContent;
      const menu = control.nodeName === "SUMMARY" && control.querySelector("svg") && !control.getAttribute("aria-label");
      if (!label.trim() || menu) say(`a ${control.nodeName.toLowerCase()} has no name`);
    });
    document.querySelectorAll("[role=img]:not([aria-label])").forEach(() => say("a picture has no name"));
  }

  // What the page counts by itself is what the run counted.
  function counts(when) {
    const panel = document.getElementById("whatif-panel");
    if (!panel || !panel.dataset.now) return;
    const {datasets, chosen} = window.qexitReport;
    const plan = JSON.parse(panel.dataset.now).find(([name]) => name === "plan, test");
    if (!plan || !datasets.flow) return;
    const rows = datasets.flow.filter(r => r.model === chosen.model && r.method === chosen.method && r.device === chosen.device);
    const sum = key => rows.reduce((total, r) => total + r[key], 0);
    const own = plan[1];
    const right = [sum("found"), sum("falseAlarms"), sum("missed"), sum("dropped")].join();
    if ([own.tp, own.fp, own.fn, own.tn].join() !== right) say(`${when}: the page counts ${JSON.stringify(own)}; the run ${right}`);
  }

  for (let i = 0; i < 100 && document.documentElement.dataset.drawn !== "yes"; i++) await wait(100);
  if (document.documentElement.dataset.drawn !== "yes") say("the page is not drawn");
  document.querySelectorAll("details.more").forEach(details => { details.open = true; });
  await wait(300);
  page();
  labels("at first");
  counts("at first");
  for (const name of ["model", "method", "device"]) {
    const select = document.querySelector(`select[data-param=${name}]`);
    if (!select) continue;
    const first = select.value;
    for (const option of [...select.options].slice(0, 12)) {
      select.value = option.value;
      select.dispatchEvent(new Event("change"));
      await wait(150);
      labels(`${name} ${option.value}`);
      counts(`${name} ${option.value}`);
    }
    select.value = first;
    select.dispatchEvent(new Event("change"));
    await wait(150);
  }
  const budget = document.getElementById("whatif-budget");
  if (budget) {
    const found = [];
    for (const value of [0, 2, 5, 10, 20, 40]) {
      budget.value = value;
      budget.dispatchEvent(new Event("input"));
      found.push(JSON.parse(document.getElementById("whatif-panel").dataset.now).find(([name]) => name === "now, validation")[1].tp);
    }
    if (found.some((tp, i) => i > 0 && tp < found[i - 1]) || found[0] === found[found.length - 1]) {
      say(`budgets from 0 to 40 % find ${found}`);
    }
  }
  return [...problems].join("\n");
})()
