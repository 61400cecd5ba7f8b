// What the reader has chosen, what is to be shown for it, and the address that keeps it.

const state = {
  node: NONE, edge: NONE, depth: 0, path: null, start: NONE, view: NONE, offClasses: new Set(), offRelations: new Set(), offStatuses: new Set(),
  document: NONE, community: NONE, from: null, to: null, undated: true, names: false, list: false, opened: new Set(),
};

const filtersEdges = () => state.offRelations.size > 0 || state.offStatuses.size > 0 || state.document >= 0 || state.from !== null;
function passesNode(i) {
  if (state.offClasses.has(G.n.c[i])) return false;
  if (state.offStatuses.has(G.n.st[i])) return false;
  if (state.document >= 0 && !G.nodeIn(i, state.document)) return false;
  if (state.from !== null) {
    if (G.n.t0[i] === null) return state.undated || !G.classes[G.n.c[i]][5];
    return G.n.t1[i] >= state.from && G.n.t0[i] <= state.to;
  }
  return true;
}
function passesEdge(k) {
  if (state.offRelations.has(G.e.p[k]) || state.offStatuses.has(G.e.st[k])) return false;
  if (state.document >= 0 && G.e.docCount[k] > 0 && !G.edgeIn(k, state.document)) return false;
  return true;
}

/** Work out the nodes and edges that the choices leave. */
function visible() {
  const ok = new Uint8Array(G.count);
  for (let i = 0; i < G.count; i++) ok[i] = passesNode(i) ? 1 : 0;
  const open = (k) => ok[G.e.s[k]] === 1 && ok[G.e.o[k]] === 1 && passesEdge(k);
  let wanted;
  if (state.path) wanted = new Set(state.path.map(([i]) => i));
  else if (state.depth > 0 && state.node >= 0) wanted = new Set(reach(state.node, open, state.depth, G.limit).keys());
  else if (state.view >= 0) wanted = new Set(G.views[state.view].nodes.filter((i) => ok[i]));
  else if (G.map && state.community < 0 && state.node < 0 && state.edge < 0) {
    return { nodes: new Set(G.map.groups.map(([i]) => i).filter((i) => ok[i])), edges: new Set(), open, map: true };
  } else {
    wanted = new Set();
    for (const i of G.top.length ? G.top.map(([j]) => j) : G.order) {
      if (G.map && state.community >= 0 && G.map.of[i] !== state.community) continue;
      if (wanted.size >= (G.map ? 400 : G.limit)) break;
      if (ok[i]) wanted.add(i);
    }
    for (const i of state.opened) if (ok[i]) wanted.add(i);
  }
  if (state.node >= 0) wanted.add(state.node);
  const edges = new Set();
  const touched = new Set();
  for (const i of wanted) {
    for (const k of G.edgesOf(i)) {
      if (edges.has(k) || !wanted.has(G.other(k, i)) || !open(k)) continue;
      edges.add(k);
      touched.add(G.e.s[k]).add(G.e.o[k]);
    }
  }
  if (filtersEdges() && !state.path && state.view < 0) {
    // A thing that had relations and lost them all to a filter says nothing more here.
    for (const i of wanted) if (!touched.has(i) && G.degree(i) > 0 && i !== state.node && !(state.document >= 0 && G.degree(i) === 0)) wanted.delete(i);
  }
  return { nodes: wanted, edges, open };
}

/** Which places the nodes take now. */
function whereabouts(map) {
  if (map) return "map";
  if (state.depth > 0 || state.path || state.view >= 0) return "home";
  if (state.community >= 0) return state.community;
  return G.top.length ? "top" : "home";
}

let current = { nodes: new Set(), edges: new Set(), open: () => true };
/** Bring the whole page to the state. `fit` moves the view to all that is shown. */
function refresh({ fit = false, keepHash = false, draw = true } = {}) {
  current = visible();
  if (arrange(whereabouts(current.map))) fit = true;
  if (state.node >= 0 || state.edge >= 0) {
    const bright = new Set(state.node >= 0 ? [state.node] : [G.e.s[state.edge], G.e.o[state.edge]]);
    if (state.node >= 0) for (const k of G.edgesOf(state.node)) if (current.edges.has(k)) bright.add(G.other(k, state.node));
    focus = state.depth > 0 || state.path ? null : bright;
  } else focus = null;
  show(current.nodes, current.edges);
  network.unselectAll();
  if (state.node >= 0) network.selectNodes([state.node], false);
  stale();
  if (draw) network.redraw();
  if (fit && draw) fitView();
  $("count").textContent = onMap ? say("groupsOf", { n: current.nodes.size, all: G.count, e: G.edgeCount }) : current.nodes.size < G.count
    ? say("shownOf", { n: current.nodes.size, all: G.count, e: current.edges.size })
    : say("shown", { n: current.nodes.size, e: current.edges.size });
  $("empty").hidden = current.nodes.size > 0;
  if (state.list) drawList();
  if (!keepHash) writeHash();
}

function fitView(animate = true) {
  if (!current.nodes.size) return;
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const i of current.nodes) {
    const r = 26;
    x0 = Math.min(x0, G.n.x[i] - r);
    x1 = Math.max(x1, G.n.x[i] + r);
    y0 = Math.min(y0, G.n.y[i] - r);
    y1 = Math.max(y1, G.n.y[i] + r);
  }
  const stage = $("canvas");
  const scale = Math.min(1.6, (stage.clientWidth - (stage.clientWidth > 600 ? 120 : 50)) / (x1 - x0), (stage.clientHeight - 76) / (y1 - y0));
  network.moveTo({ position: { x: (x0 + x1) / 2, y: (y0 + y1) / 2 }, scale, animation: animate && moves() ? { duration: 350, easingFunction: "easeInOutQuad" } : false });
}
const moves = () => !matchMedia("(prefers-reduced-motion: reduce)").matches && current.nodes.size < 800;

function lookAt(i) {
  const scale = Math.max(network.getScale(), 0.9);
  // On a phone the panel covers the lower half.
  const offset = { x: 0, y: innerWidth <= 900 && !$("panel").hidden ? -0.26 * $("canvas").clientHeight : 0 };
  network.moveTo({ position: { x: G.n.x[i], y: G.n.y[i] }, scale, offset, animation: moves() ? { duration: 300, easingFunction: "easeInOutQuad" } : false });
}

// ---- choosing

function chooseNode(i, { look = true, focusPanel = false } = {}) {
  if (onMap) return openCommunity(groupOf(i));
  return chooseThing(i, { look, focusPanel });
}
/** Open a community of the map; NONE goes back to the map. */
function openCommunity(community) {
  state.opened.clear();
  Object.assign(state, { community, node: NONE, edge: NONE, depth: 0, path: null, view: NONE });
  closePanel();
  refresh({ fit: true });
  drawFilters();
  if (community >= 0) announce(`${say("community")}: ${labelOf(G.map.groups[community][0])}`);
}
function chooseThing(i, { look, focusPanel }) {
  if (G.map && state.depth === 0) {
    if (G.map.of[i] !== state.community) state.opened.clear();
    const before = state.community;
    state.community = G.map.of[i];
    if (before !== state.community) drawFilters();
    if (state.community < 0) state.depth = 1;
  }
  state.node = i;
  state.edge = NONE;
  state.path = null;
  if (G.count > G.limit) {
    const near = [...reach(i, passesEdge, 1, 120).keys()];
    const where = whereabouts(false);
    if (where !== "home") {
      arrange(where);
      const inside = new Set(placesOf(where).map(([j]) => j));
      if (!inside.has(i) && !state.opened.has(i)) Object.assign(state, { depth: 1 });
      else gather(i, near.filter((j) => !inside.has(j) && !state.opened.has(j)));
    }
    for (const j of near) state.opened.add(j);
  }
  makeRoom();
  refresh({ fit: state.depth > 0 });
  if (look && state.depth === 0) lookAt(i);
  openNode(i, focusPanel);
}
function chooseEdge(k) {
  state.edge = k;
  state.node = NONE;
  makeRoom();
  refresh();
  openEdge(k);
}
function clearChoice() {
  const fit = state.depth > 0 || state.path !== null;
  Object.assign(state, { node: NONE, edge: NONE, depth: 0, path: null });
  closePanel();
  refresh({ fit });
}
function setDepth(depth) {
  state.depth = depth;
  state.path = null;
  for (const button of document.querySelectorAll("[data-depth]")) button.setAttribute("aria-pressed", String(Number(button.dataset.depth) === depth));
  refresh({ fit: true });
}
function setPath(from, to) {
  const open = (k) => passesNode(G.e.s[k]) && passesNode(G.e.o[k]) && passesEdge(k);
  const way = shortestPath(from, to, open);
  state.start = NONE;
  if (!way) return announce(say("noPath"));
  Object.assign(state, { path: way, node: NONE, edge: NONE, depth: 0 });
  refresh({ fit: true });
  openPath(way);
  return undefined;
}

// ---- the address

const listed = (set) => [...set].sort((a, b) => a - b);
function writeHash() {
  const to = new URLSearchParams();
  const put = (key, value) => value !== null && value !== "" && to.set(key, value);
  if (state.node >= 0) put("n", G.n.id[state.node]);
  if (state.edge >= 0) put("e", state.edge);
  if (state.depth) put("d", state.depth);
  if (state.path) put("p", [G.n.id[state.path[0][0]], G.n.id[state.path.at(-1)[0]]].join("|"));
  if (state.community >= 0) put("k", state.community);
  if (state.view >= 0) put("v", state.view);
  put("c", listed(state.offClasses).map((c) => G.classes[c][0].split("#").pop()).join(","));
  put("r", listed(state.offRelations).map((r) => G.relations[r][0].split("#").pop()).join(","));
  put("s", listed(state.offStatuses).join(","));
  if (state.document >= 0) put("doc", state.document);
  if (state.from !== null) put("t", `${dayText(state.from)}/${dayText(state.to)}`);
  if (!state.undated) put("u", 0);
  if (state.names) put("names", 1);
  if (state.list) put("list", 1);
  if (lang !== "ko") put("lang", lang);
  if (themeChoice !== "auto") put("theme", themeChoice);
  const hash = `#${to}`;
  try {
    history.replaceState(null, "", to.toString() ? hash : location.pathname + location.search);
  } catch {
    if (to.toString() || location.hash) location.replace(hash);
  }
  lastHash = location.hash;
}
let lastHash = "";
let themeChoice = "auto";

function readHash() {
  lastHash = location.hash;
  const from = new URLSearchParams(location.hash.slice(1));
  const indexes = (key, table) => new Set((from.get(key) || "").split(",").filter(Boolean).map((name) => table.findIndex((row) => row[0].split("#").pop() === name)).filter((k) => k >= 0));
  const inside = (text, size) => (text !== null && /^\d+$/.test(text) && Number(text) < size ? Number(text) : NONE);
  state.node = from.has("n") ? G.byIri(from.get("n")) : NONE;
  state.edge = inside(from.get("e"), G.edgeCount);
  state.depth = Math.min(3, Math.max(0, inside(from.get("d"), 4)));
  state.community = G.map ? inside(from.get("k"), G.map.groups.length) : NONE;
  state.view = inside(from.get("v"), G.views.length);
  state.offClasses = indexes("c", G.classes);
  state.offRelations = indexes("r", G.relations);
  state.offStatuses = new Set((from.get("s") || "").split(",").filter(Boolean).map(Number).filter((s) => s < 4));
  state.document = inside(from.get("doc"), G.docs.length);
  const [a, b] = (from.get("t") || "/").split("/").map((text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? Math.round(Date.parse(text) / 864e5) : null));
  [state.from, state.to] = a !== null && b !== null ? [a, b] : [null, null];
  state.undated = from.get("u") !== "0";
  state.names = from.get("names") === "1";
  state.list = from.get("list") === "1";
  state.path = null;
  if (from.get("lang") === "en" || from.get("lang") === "ko") lang = from.get("lang");
  if (["light", "dark"].includes(from.get("theme"))) themeChoice = from.get("theme");
  if (from.has("p")) {
    const [s, t] = from.get("p").split("|").map(G.byIri);
    if (s >= 0 && t >= 0) state.path = shortestPath(s, t, passesEdge);
  }
}
const dayText = (day) => new Date(day * 864e5).toISOString().slice(0, 10);
