// Putting it together: words, theme, keys, and the first drawing.

function applyWords() {
  document.documentElement.lang = lang;
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-say-label]")) {
    element.setAttribute("aria-label", say(element.dataset.sayLabel));
    element.title = say(element.dataset.sayLabel);
  }
  document.title = $("title").textContent = titleOf();
  $("query").placeholder = say("find");
  $("list-query").placeholder = say("findInList");
  drawFilters();
}
function applyTheme() {
  const dark = themeChoice === "dark" || (themeChoice === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  theme = dark ? "dark" : "light";
  document.documentElement.dataset.theme = theme;
}
function reopen() {
  if (state.node >= 0) openNode(state.node);
  else if (state.edge >= 0) openEdge(state.edge);
  else if (state.path) openPath(state.path);
  else closePanel();
}
function toggleFilters(open) {
  const on = open ?? !document.body.classList.contains("with-filters");
  document.body.classList.toggle("with-filters", on);
  $("show-filters").setAttribute("aria-expanded", String(on));
}

/** The neighbour of the chosen node that lies most in a direction. */
function neighbourTowards(i, dx, dy) {
  let best = NONE;
  let score = 0.35;
  for (const k of G.edgesOf(i)) {
    if (!current.edges.has(k)) continue;
    const j = G.other(k, i);
    const [x, y] = [G.n.x[j] - G.n.x[i], G.n.y[j] - G.n.y[i]];
    const length = Math.hypot(x, y) || 1;
    const value = (x * dx + y * dy) / length - length / 1e5;
    if (j !== i && value > score) [best, score] = [j, value];
  }
  return best;
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
function startKeys() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!$("help").hidden && event.key === "Tab") return event.preventDefault(); // its button alone can be reached
    const panel = event.target.closest("#panel");
    if (event.key === "Escape") {
      const open = panel && event.target.closest("li")?.querySelector(':scope button.fact[aria-expanded="true"]');
      if (!$("help").hidden) toggleHelp();
      else if (open) {
        open.click();
        open.focus();
      } else if (document.body.classList.contains("with-filters") && innerWidth <= 900) toggleFilters(false);
      else if (!$("panel").hidden || state.node >= 0 || state.path) clearChoice();
      else if (state.opened.size) {
        state.opened.clear();
        refresh({ fit: true });
      } else if (state.community >= 0) openCommunity(NONE);
      else if (state.view >= 0) {
        state.view = NONE;
        refresh({ fit: true });
        drawFilters();
      }
      return;
    }
    if (typing && typing.type !== "checkbox") return;
    if (panel && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const facts = [...$("panel").querySelectorAll("button.fact")];
      const at = facts.indexOf(document.activeElement);
      const next = facts[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) next.focus();
      event.preventDefault();
      return;
    }
    if (ARROWS[event.key] && event.target.closest("#canvas")) {
      const [dx, dy] = ARROWS[event.key];
      event.preventDefault();
      if (state.node >= 0 && !event.shiftKey) {
        const next = neighbourTowards(state.node, dx, dy);
        if (next >= 0) chooseNode(next);
      } else {
        const at = network.getViewPosition();
        const step = 90 / network.getScale();
        network.moveTo({ position: { x: at.x + dx * step, y: at.y + dy * step } });
      }
      return;
    }
    const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor });
    const keys = {
      "/": () => $("query").focus(), "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), f: () => fitView(), l: () => showList(!state.list), "?": () => toggleHelp(),
      0: () => state.node >= 0 && setDepth(0), 1: () => state.node >= 0 && setDepth(1), 2: () => state.node >= 0 && setDepth(2), 3: () => state.node >= 0 && setDepth(3),
    };
    if (event.key === "Enter" && event.target.closest("#canvas") && state.node >= 0) $("panel").querySelector("button.fact")?.focus();
    else if (keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
  });
}
function toggleHelp() {
  const help = $("help");
  help.hidden = !help.hidden;
  if (!help.hidden) {
    const rows = [["/", "h_search"], ["↑ ↓", "h_next"], ["Enter", "h_open"], ["Esc", "h_back"], ["← → ↑ ↓", "h_arrow"], ["+ − F", "h_zoom"], ["L", "h_list"], ["1 2 3 0", "h_near"]];
    $("help-body").replaceChildren(...rows.flatMap(([key, word]) => [el("dt", {}, el("kbd", { text: key })), el("dd", { text: say(word) })]));
    $("help").querySelector("button").focus();
  } else $("show-help").focus();
}

function startCanvas() {
  const stage = $("canvas");
  const underPointer = ({ x, y }) => edgeNear(x, y, 6 / network.getScale());
  network.on("click", ({ nodes, pointer }) => {
    const edge = nodes.length ? NONE : underPointer(pointer.canvas);
    if (nodes.length) chooseNode(nodes[0], { look: false });
    else if (edge >= 0) chooseEdge(edge);
    else if (state.node >= 0 || state.edge >= 0 || state.path) clearChoice();
  });
  network.on("doubleClick", ({ nodes }) => nodes.length && setDepth(state.depth ? 0 : 1));
  const over = () => stage.classList.toggle("over", hovered >= 0 || hoveredEdge >= 0);
  const hover = (node) => { hovered = node; stale(); over(); };
  network.on("hoverNode", ({ node }) => hover(node));
  network.on("blurNode", () => hover(NONE));
  stage.addEventListener("pointermove", (event) => {
    if (event.buttons || event.pointerType === "touch") return;
    const box = stage.getBoundingClientRect();
    const edge = hovered >= 0 ? NONE : underPointer(network.DOMtoCanvas({ x: event.clientX - box.left, y: event.clientY - box.top }));
    if (edge === hoveredEdge) return;
    hoveredEdge = edge;
    stale();
    over();
    network.redraw();
  });
}

function startButtons() {
  $("fit").addEventListener("click", () => fitView());
  $("as-list").addEventListener("click", () => showList(!state.list));
  $("language").addEventListener("click", () => {
    lang = lang === "ko" ? "en" : "ko";
    applyWords();
    refresh();
    reopen();
  });
  $("theme").addEventListener("click", () => {
    themeChoice = theme === "dark" ? "light" : "dark";
    applyTheme();
    drawFilters();
    refresh();
    reopen();
  });
  $("show-filters").addEventListener("click", () => toggleFilters());
  $("close-filters").addEventListener("click", () => toggleFilters(false));
  $("close-panel").addEventListener("click", () => clearChoice());
  $("show-help").addEventListener("click", toggleHelp);
  $("close-help").addEventListener("click", toggleHelp);
  const menu = (id, action) => $(id).addEventListener("click", () => { $("export").open = false; action(); });
  menu("save-png", async () => save(await pngBlob(), "png"));
  menu("save-svg", () => save(new Blob([svgText()], { type: "image/svg+xml" }), "svg"));
  menu("copy-all", () => copyTurtle([...current.nodes].sort((a, b) => a - b), [...current.edges].sort((a, b) => a - b)));
  $("export").addEventListener("focusout", (event) => { if (!$("export").contains(event.relatedTarget)) $("export").open = false; });
}

/** On an upright screen the drawing, which is wider than high, stands upright too. */
function turnUpright() {
  [G.n.x, G.n.y] = [G.n.y, G.n.x];
  G.top = G.top.map(([i, x, y]) => [i, y, x]);
  if (!G.map) return;
  G.map.points = G.map.points.map(([x, y]) => [y, x]);
  G.map.inside = G.map.inside.map((places) => places.map(([i, x, y]) => [i, y, x]));
}

/** Stretch the drawings along the longer side of the screen until they fill it; nothing comes nearer to anything. */
function fillScreen() {
  const stage = $("canvas");
  const wanted = (stage.clientWidth - 120) / (stage.clientHeight - 76);
  const factors = (points) => {
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of points) [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
    const has = (x1 - x0 + 60) / (y1 - y0 + 60);
    return !(wanted > 0) || !(has > 0) ? [1, 1] : has < wanted ? [Math.min(1.5, wanted / has), 1] : [1, Math.min(1.5, has / wanted)];
  };
  function* home() {
    for (let i = 0; i < G.count; i++) yield [G.n.x[i], G.n.y[i]];
  }
  const [a, b] = factors(home());
  if (a !== 1) G.n.x = G.n.x.map((x) => Math.round(x * a));
  if (b !== 1) G.n.y = G.n.y.map((y) => Math.round(y * b));
  const places = (list) => {
    const [c, d] = factors(list.map(([, x, y]) => [x, y]));
    return list.map(([i, x, y]) => [i, Math.round(x * c), Math.round(y * d)]);
  };
  G.top = places(G.top);
  if (!G.map) return;
  const [c, d] = factors(G.map.points);
  G.map.points = G.map.points.map(([x, y]) => [Math.round(x * c), Math.round(y * d)]);
  G.map.inside = G.map.inside.map(places);
}

/** Bring the page to the state that the address told. */
function showState(animate) {
  if (state.edge < 0 && state.node >= 0) unfold(state.node);
  refresh({ keepHash: true, draw: false });
  reopen();
  fitView(animate);
  if (state.node >= 0 && !state.depth) lookAt(state.node);
  if (state.edge >= 0) frame(focus, 1.2, { animate, beside: 100 });
  showList(state.list, { keepHash: true });
}

async function start() {
  G = unpack(await readBlock("graph-data"));
  G.unreviewed = new Set(G.n.unreviewed);
  G.attested = new Set(G.e.attested);
  fanOut();
  if (innerHeight > innerWidth * 1.2) turnUpright();
  fillScreen();
  readHash();
  applyTheme();
  startNetwork($("canvas"), G.options);
  applyWords();
  startSearch();
  startList();
  startButtons();
  startCanvas();
  startKeys();
  showState(false);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { applyTheme(); drawFilters(); refresh({ keepHash: true }); });
  let width = innerWidth;
  addEventListener("resize", () => { if (Math.abs(innerWidth - width) > 60) { width = innerWidth; fitView(false); } });
  addEventListener("hashchange", () => {
    if (location.hash === lastHash) return;
    readHash();
    applyTheme();
    applyWords();
    showState(true);
  });
  document.documentElement.dataset.ready = "1";
}

// For tests and for pages that embed this one.
globalThis.kgPage = Object.freeze({
  labels: () => labelsAt(network.getScale()).map(({ text, box, edge }) => ({ text, edge: edge ?? null, box, size: network.getScale() })),
  places: () => [...current.nodes].map((i) => { const p = network.canvasToDOM({ x: G.n.x[i], y: G.n.y[i] }); return { id: i, label: G.n.label[i], x: p.x, y: p.y }; }),
  edgeAt: (k) => { const [x, y] = middleOf(k); return network.canvasToDOM({ x, y }); },
  edges: () => [...current.edges],
  shown: () => ({ nodes: current.nodes.size, edges: current.edges.size }),
  fact: nameOfEdge,
  facts: () => [...current.edges].map(nameOfEdge),
  parallel: () => [...Map.groupBy([...current.edges], (k) => [G.e.s[k], G.e.o[k]].sort().join()).values()].filter((edges) => edges.length > 1),
  evidence: async () => {
    const found = [];
    for (let i = 0; i < G.count; i++) for (const [p, text, , hits] of await detail("node", i)) if (hits) found.push([iriOf(i), G.relations[p][0], text, hits.length]);
    for (let k = 0; k < G.edgeCount; k++) found.push([iriOf(G.e.s[k]), G.relations[G.e.p[k]][0], iriOf(G.e.o[k]), (await detail("edge", k)).length]);
    return found;
  },
  network: () => network,
  chooseEdge, date: dateInWords,
  svg: svgText, png: pngBlob, turtle: () => turtleOf([...current.nodes].sort((a, b) => a - b), [...current.edges].sort((a, b) => a - b)),
});
start();
