"use strict";
(() => {
  const ARRAYS = { i4: Int32Array, f4: Float32Array, f8: Float64Array };
  // Up to so many points each is worth a mark: of evaluations, of other lines.
  const DOTS = 150;
  const FEW = 40;
  // With more runs than this lines are thin.
  const MANY = 20;

  // Base64 of a little-endian array.
  const numbers = ({ t, b }) => {
    const text = atob(b);
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
    return new ARRAYS[t](bytes.buffer);
  };
  // plotly reads some tags in its texts: a name has none.
  const inert = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const look = () => ({
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    "font.color": colour("--text"),
    "xaxis.gridcolor": colour("--grid"),
    "yaxis.gridcolor": colour("--grid"),
    "xaxis.linecolor": colour("--line"),
    "yaxis.linecolor": colour("--line"),
    "hoverlabel.bgcolor": colour("--card"),
    "hoverlabel.bordercolor": colour("--line"),
    "hoverlabel.font.color": colour("--text"),
  });

  const AXES = { step: "step", time: "time (s)" };

  class Sheet {
    constructor(root) {
      this.root = root;
      this.data = JSON.parse(document.getElementById(`charts-${root.dataset.charts}`).textContent);
      this.axis = this.data.axes[0];
      this.shown = this.data.runs.map(() => true);
      this.charts = [...root.querySelectorAll("figure.chart")].map((figure, at) => new Chart(this, figure, this.data.charts[at]));
      this.listen();
    }

    listen() {
      const boxes = [...this.root.querySelectorAll(".legend li input")];
      const tell = () => {
        boxes.forEach((box) => { this.shown[Number(box.value)] = box.checked; });
        this.charts.forEach((chart) => chart.hide());
      };
      boxes.forEach((box) => box.addEventListener("change", tell));
      const set = (name, checked) => this.root.querySelector(name).addEventListener("click", () => {
        boxes.forEach((box) => { if (!box.closest("li").hidden) box.checked = checked; });
        tell();
      });
      set(".all", true);
      set(".none", false);
      this.root.querySelector(".filter")?.addEventListener("input", (event) => {
        const wanted = event.target.value.toLowerCase();
        boxes.forEach((box) => { box.closest("li").hidden = !box.closest("label").title.toLowerCase().includes(wanted); });
      });
      this.root.querySelector(".axis")?.addEventListener("change", (event) => {
        this.axis = event.target.value;
        this.charts.forEach((chart) => chart.along());
      });
    }
  }

  class Chart {
    constructor(sheet, figure, data) {
      Object.assign(this, { sheet, figure, data, log: data.log, drawn: false });
      this.plot = figure.querySelector(".plot");
      const on = (name, then) => figure.querySelector(name)?.addEventListener("click", then);
      on(".scale", (event) => {
        this.log = !this.log;
        event.target.setAttribute("aria-pressed", String(this.log));
        Plotly.relayout(this.plot, { "yaxis.type": this.log ? "log" : "linear", "yaxis.autorange": true });
      });
      on(".in", () => this.zoom(0.5, 0));
      on(".out", () => this.zoom(2, 0));
      on(".left", () => this.zoom(1, -0.25));
      on(".right", () => this.zoom(1, 0.25));
      on(".whole", () => Plotly.relayout(this.plot, { "xaxis.autorange": true, "yaxis.autorange": true }));
    }

    x(line) {
      const there = line.x[this.sheet.axis];
      return there ? numbers(there) : [];
    }

    trace(line) {
      const run = this.sheet.data.runs[line.run];
      const faint = line.style === "faint";
      const y = numbers(line.y);
      const dots = line.style === "dots";
      if (line.style === "band") return this.band(line, run, y);
      const many = this.sheet.data.runs.length > MANY;
      return {
        type: "scatter",
        x: this.x(line),
        y,
        mode: !faint && y.length <= (dots ? DOTS : FEW) ? "lines+markers" : "lines",
        name: inert(run.name),
        visible: this.sheet.shown[line.run],
        opacity: faint ? 0.3 : many ? 0.75 : 1,
        hoverinfo: faint ? "skip" : undefined,
        text: faint ? undefined : inert(line.metric),
        hovertemplate: faint ? undefined : "%{fullData.name}<br>%{fullData.text} %{y:.6g} at %{x:,.6~g}<extra></extra>",
        line: { color: run.colour, dash: run.dash, width: faint || dots || many ? 1 : 2 },
        marker: { size: dots ? 6 : 4, color: run.colour },
        connectgaps: false,
      };
    }

    band(line, run, y) {
      return {
        type: "scatter", x: this.x(line), y, mode: "lines", fill: "toself", hoverinfo: "skip", name: inert(run.name),
        visible: this.sheet.shown[line.run], opacity: 0.35, line: { color: run.colour, width: 0 },
      };
    }

    // Whether a place is in the second half of the axis: words that reach beyond its end would stretch it.
    late(place) {
      const x = this.x(this.data.lines[0]).filter(Number.isFinite);
      return place > (Math.min(...x) + Math.max(...x)) / 2;
    }

    // Stretches that are shaded, places that have a line, and their names.
    marks() {
      const shapes = [];
      const annotations = [];
      for (const { name, x, y } of this.data.marks) {
        const [low, high] = y || x[this.sheet.axis] || [];
        if (low === undefined) continue;
        const line = low === high;
        const [here, across] = y ? ["y", "x"] : ["x", "y"];
        shapes.push({
          type: line ? "line" : "rect", layer: "below", [`${here}0`]: low, [`${here}1`]: high, [`${across}0`]: 0, [`${across}1`]: 1,
          [`${across}ref`]: "paper", fillcolor: colour("--text"), opacity: line ? 0.7 : 0.08,
          line: { width: line ? 1 : 0, dash: y ? "solid" : "dash", color: colour("--text") },
        });
        if (name) annotations.push({
          text: inert(name), showarrow: false, font: { size: 11 }, [here]: high, [across]: y ? 0.5 : 1, [`${across}ref`]: "paper",
          xanchor: y ? "center" : this.late(high) ? "right" : "left", yanchor: y ? "bottom" : "top",
        });
      }
      return { shapes, annotations };
    }

    draw() {
      if (this.drawn) return;
      this.drawn = true;
      const layout = {
        autosize: true,
        height: 340,
        margin: { l: 62, r: 14, t: 10, b: 44 },
        showlegend: false,
        hovermode: "closest",
        dragmode: "zoom",
        font: { family: "system-ui, sans-serif", size: 12, color: colour("--text") },
        xaxis: { title: { text: AXES[this.sheet.axis] || this.sheet.axis }, showline: true, zeroline: false, automargin: true, tickformat: ",.6~g" },
        yaxis: { type: this.log ? "log" : "linear", showline: false, zeroline: false, automargin: true, tickformat: ",.6~g" },
        hoverlabel: { align: "left", namelength: -1, font: {} },
        ...this.marks(),
      };
      if (this.data.view) layout.yaxis.range = [...this.data.view];
      for (const [path, value] of Object.entries(look())) {
        const keys = path.split(".");
        const last = keys.pop();
        keys.reduce((one, key) => one[key], layout)[last] = value;
      }
      Plotly.newPlot(this.plot, this.data.lines.map((line) => this.trace(line)), layout, { displayModeBar: false, responsive: true });
      this.plot.on("plotly_relayout", () => this.figure.dispatchEvent(new CustomEvent("zoomed")));
    }

    hide() {
      if (this.drawn) Plotly.restyle(this.plot, { visible: this.data.lines.map((line) => this.sheet.shown[line.run]) });
    }

    along() {
      if (!this.drawn) return;
      const x = this.data.lines.map((line) => this.x(line));
      Plotly.update(this.plot, { x }, { "xaxis.title.text": AXES[this.sheet.axis] || this.sheet.axis, "xaxis.autorange": true, ...this.marks() });
    }

    zoom(wider, aside) {
      this.draw();
      const [low, high] = this.plot.layout.xaxis.range;
      const half = ((high - low) / 2) * wider;
      const middle = (low + high) / 2 + (high - low) * aside;
      Plotly.relayout(this.plot, { "xaxis.range": [middle - half, middle + half], "xaxis.autorange": false });
    }

    paint() {
      if (this.drawn) Plotly.relayout(this.plot, { ...look(), ...this.marks() });
    }
  }

  const sheets = [...document.querySelectorAll(".curves")].map((root) => new Sheet(root));
  const charts = sheets.flatMap((sheet) => sheet.charts);
  // A chart is drawn when it comes near: the first is there at once, however many follow.
  const near = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      charts.find((chart) => chart.figure === target).draw();
    }
  }, { rootMargin: "300px" });
  charts.forEach((chart) => near.observe(chart.figure));
  charts[0]?.draw();
  document.documentElement.dataset.ready = String(Math.round(performance.now()));

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach((chart) => chart.paint()));
  const paper = matchMedia("print");
  addEventListener("beforeprint", () => {
    document.querySelectorAll("main details").forEach((one) => { one.open = true; });
    charts.forEach((chart) => {
      chart.draw();
      Plotly.relayout(chart.plot, { width: 660, height: 250, ...look() });
    });
  });
  addEventListener("afterprint", () => charts.forEach((chart) => Plotly.relayout(chart.plot, { width: null, height: 340, autosize: true, ...look() })));
  paper.addEventListener("change", () => charts.forEach((chart) => chart.paint()));
})();
