// What the reader has chosen, and what is to be shown for it.

const state = {
  node: NONE, edge: NONE, depth: 0, path: null, start: NONE, view: NONE, offClasses: new Set(), offRelations: new Set(), offStatuses: new Set(),
  document: NONE, community: NONE, from: null, to: null, undated: true, names: false, list: false, page: 0, query: "", sort: "weight", alone: false, opened: new Set(),
};

const filtersEdges = () => state.offRelations.size > 0 || state.offStatuses.size > 0 || state.document >= 0 || state.from !== null;
const inTime = (first, last) => last >= state.from && first <= state.to;
const isEvent = (i) => G.classes[G.n.c[i]][5] === 1;
function passesNode(i) {
  if (state.offClasses.has(G.n.c[i])) return false;
  if (state.offStatuses.has(G.n.st[i])) return false;
  if (state.document >= 0 && !G.nodeIn(i, state.document)) return false;
  if (state.from === null) return true;
  return G.n.t0[i] === null ? state.undated || !isEvent(i) : inTime(G.n.t0[i], G.n.t1[i]);
}
/** A relation's days are those of its event, or those of the texts that attest it: it follows the time slider too. */
function passesEdge(k) {
  if (state.offRelations.has(G.e.p[k]) || state.offStatuses.has(G.e.st[k])) return false;
  if (state.document >= 0 && G.e.docCount[k] > 0 && !G.edgeIn(k, state.document)) return false;
  if (state.from === null) return true;
  return G.e.t0[k] === null ? state.undated : inTime(G.e.t0[k], G.e.t1[k]);
}
/** Whether a relation and both its ends pass all filters. */
const open = (k) => passesEdge(k) && passesNode(G.e.s[k]) && passesNode(G.e.o[k]);
/** Whether a thing lost to a filter all the relations that it had: then it says nothing more here. */
const isBare = (i) => (G.degree(i) > 0 || (!state.undated && state.from !== null && G.n.t0[i] === null));

/** Whether there is more than is drawn at once. */
const isLarge = () => G.map !== null || G.count > G.limit;
const isFiltered = () => filtersEdges() || state.offClasses.size > 0;
/** All that passes the filters, the weightiest first. */
function passing() {
  const found = [...G.order].filter(passesNode);
  return filtersEdges() ? found.filter((i) => !isBare(i) || G.edgesOf(i).some(open)) : found;
}
/** What is to be drawn before filters, and where: in its places at home, on the map, in a community, among the top. */
function scene() {
  if (state.path) return { where: "home", nodes: state.path.map(([i]) => i) };
  if (state.depth > 0 && state.node >= 0) return { where: "home", nodes: [...reach(state.node, open, state.depth, G.limit).keys()] };
  if (state.view >= 0) return { where: "home", nodes: G.views[state.view].nodes };
  if (state.alone && state.edge >= 0) {
    const ends = [G.e.s[state.edge], G.e.o[state.edge]];
    return { where: "home", nodes: new Set(ends.flatMap((i) => [...reach(i, open, 1, 60).keys()])) };
  }
  if (state.community >= 0) return { where: state.community, nodes: placesOf(state.community).map(([i]) => i) };
  if (!isLarge()) return { where: "home", nodes: G.order };
  if (isFiltered()) {
    // Few enough to draw them all, wherever in the graph they are.
    const few = passing();
    if (few.length <= G.limit) return { where: "home", nodes: few };
  }
  if (G.map) return { where: "map", nodes: G.map.groups.map(([i]) => i) };
  return { where: "top", nodes: placesOf("top").map(([i]) => i) };
}
/** Work out the nodes and edges that the choices leave, and where they stand. */
function visible() {
  const { where, nodes } = scene();
  const wanted = new Set();
  for (const i of nodes) if (state.path || passesNode(i)) wanted.add(i);
  const edges = new Set();
  if (where === "map") return { where, nodes: wanted, edges };
  for (const i of state.opened) if (passesNode(i) && !state.path && state.depth === 0 && state.view < 0) wanted.add(i);
  if (state.node >= 0) wanted.add(state.node);
  if (state.edge >= 0) wanted.add(G.e.s[state.edge]).add(G.e.o[state.edge]);
  const touched = new Set();
  for (const i of wanted) {
    for (const k of G.edgesOf(i)) {
      if (edges.has(k) || !wanted.has(G.other(k, i)) || !(open(k) || k === state.edge)) continue;
      edges.add(k);
      touched.add(G.e.s[k]).add(G.e.o[k]);
    }
  }
  if (filtersEdges() && !state.path && state.view < 0) {
    for (const i of wanted) if (!touched.has(i) && isBare(i) && i !== state.node) wanted.delete(i);
  }
  return { where, nodes: wanted, edges };
}

let current = { where: "home", nodes: new Set(), edges: new Set() };
/** Bring the whole page to the state. `fit` moves the view to all that is shown. */
function refresh({ fit = false, keepHash = false, draw = true } = {}) {
  current = visible();
  if (arrange(current.where)) fit = true;
  // What a filter leaves of a large graph may lie anywhere in it.
  if (isLarge() && isFiltered() && current.where === "home" && state.node < 0 && state.edge < 0) fit = true;
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
  drawLegend();
  $("empty").hidden = current.nodes.size > 0 || state.list;
  $("empty").textContent = say(G.count ? "empty" : "emptyGraph");
  if (state.list) drawList();
  if (!keepHash) writeHash();
}

/** The part of the stage that nothing covers: its width and height, and how far its middle is from the stage's. */
function uncovered() {
  const stage = $("canvas").getBoundingClientRect();
  const panel = $("panel");
  const sheet = innerWidth <= 900 && !panel.hidden ? Math.max(0, stage.bottom - panel.getBoundingClientRect().top) : 0;
  return { w: stage.width, h: stage.height - sheet, shift: { x: 0, y: -sheet / 2 } };
}
/** Move the view so that these nodes are in it with room `beside` them, no larger than `most` and no smaller than `least`. */
function frame(nodes, most, { least = 0, animate = true, beside = 60 } = {}) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const i of nodes) {
    const r = 26;
    x0 = Math.min(x0, G.n.x[i] - r);
    x1 = Math.max(x1, G.n.x[i] + r);
    y0 = Math.min(y0, G.n.y[i] - r);
    y1 = Math.max(y1, G.n.y[i] + r);
  }
  const { w, h, shift } = uncovered();
  const scale = Math.min(most, (w - (w > 600 ? 2 : 1) * beside) / (x1 - x0), (h - 76) / (y1 - y0));
  if (!(scale >= least)) return false;
  network.moveTo({ position: { x: (x0 + x1) / 2, y: (y0 + y1) / 2 }, scale, offset: shift, animation: animate && moves() ? { duration: 350, easingFunction: "easeInOutQuad" } : false });
  return true;
}
const fitView = (animate = true) => current.nodes.size > 0 && frame(current.nodes, 1.6, { animate });
const moves = () => !matchMedia("(prefers-reduced-motion: reduce)").matches && current.nodes.size < 800;

/** Show a node with all that it is related to; where these would be too small to read, the node alone. */
function lookAt(i) {
  if (focus && focus.has(i) && frame(focus, 1.2, { beside: 100, least: innerWidth < 600 ? 0.4 : 0.6 })) return;
  const scale = Math.max(network.getScale(), 0.9);
  network.moveTo({ position: { x: G.n.x[i], y: G.n.y[i] }, scale, offset: uncovered().shift, animation: moves() ? { duration: 300, easingFunction: "easeInOutQuad" } : false });
}
/** Bring a node that the panel now covers, or that slid out of the narrower stage, back into view. */
function keepInView(i) {
  const at = network.canvasToDOM({ x: G.n.x[i], y: G.n.y[i] });
  const { w, h, shift } = uncovered();
  if (at.x > 50 && at.x < w - 50 && at.y > 40 && at.y < h - 40) return;
  network.moveTo({ position: { x: G.n.x[i], y: G.n.y[i] }, scale: network.getScale(), offset: shift, animation: moves() ? { duration: 250, easingFunction: "easeInOutQuad" } : false });
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
/** In a graph too large to draw at once: open the place of a node, and what it is related to around it. */
function unfold(i) {
  if (!isLarge()) return;
  if (G.map && state.depth === 0) {
    if (G.map.of[i] !== state.community) state.opened.clear();
    const before = state.community;
    state.community = G.map.of[i];
    if (before !== state.community) drawFilters();
    if (state.community < 0) state.depth = 1;
  }
  const near = [...reach(i, passesEdge, 1, 120).keys()];
  const where = state.depth > 0 ? "home" : scene().where;
  if (where !== "home" && where !== "map") {
    arrange(where);
    const inside = new Set(placesOf(where).map(([j]) => j));
    if (!inside.has(i) && !state.opened.has(i)) state.depth = Math.max(1, state.depth);
    else gather(i, near.filter((j) => !inside.has(j) && !state.opened.has(j)));
  }
  for (const j of near) state.opened.add(j);
}
function chooseThing(i, { look, focusPanel }) {
  state.edge = NONE;
  state.path = null;
  unfold(i);
  state.node = i;
  makeRoom();
  refresh({ fit: state.depth > 0 });
  if (state.depth === 0) (look ? lookAt : keepInView)(i);
  openNode(i, focusPanel);
}
function chooseEdge(k) {
  if (state.edge < 0) state.alone = false;
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
  const way = shortestPath(from, to, open);
  state.start = NONE;
  if (!way) return tell(say("noPath"));
  $("toast").hidden = true;
  Object.assign(state, { path: way, node: NONE, edge: NONE, depth: 0 });
  openPath(way);
  refresh({ fit: true });
  return undefined;
}
