// Shapes, colours, and the drawing of nodes and edges on vis-network's canvas.

const turns = (count, start, radius = () => 1) =>
  Array.from({ length: count }, (_, i) => {
    const angle = start + (i * 2 * Math.PI) / count;
    return [Math.cos(angle) * radius(i), Math.sin(angle) * radius(i)];
  });
const UP = -Math.PI / 2;
const SHAPES = {
  square: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]],
  diamond: [[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]],
  triangle: turns(3, UP, () => 1.2),
  down: turns(3, -UP, () => 1.2),
  pentagon: turns(5, UP, () => 1.05),
  hexagon: turns(6, 0, () => 1.05),
  octagon: turns(8, Math.PI / 8, () => 1.03),
  star: turns(10, UP, (i) => (i % 2 ? 0.52 : 1.2)),
  star4: turns(8, UP, (i) => (i % 2 ? 0.5 : 1.25)),
  star6: turns(12, UP, (i) => (i % 2 ? 0.68 : 1.15)),
  plus: [[-0.4, -1], [0.4, -1], [0.4, -0.4], [1, -0.4], [1, 0.4], [0.4, 0.4], [0.4, 1], [-0.4, 1], [-0.4, 0.4], [-1, 0.4], [-1, -0.4], [-0.4, -0.4]],
  cross: [[-1, -0.55], [-0.55, -1], [0, -0.45], [0.55, -1], [1, -0.55], [0.45, 0], [1, 0.55], [0.55, 1], [0, 0.45], [-0.55, 1], [-1, 0.55], [-0.45, 0]],
  house: [[0, -1.1], [1, -0.25], [0.8, -0.25], [0.8, 0.9], [-0.8, 0.9], [-0.8, -0.25], [-1, -0.25]],
  trapezoid: [[-0.6, -0.8], [0.6, -0.8], [1.1, 0.8], [-1.1, 0.8]],
  tag: [[-1, -0.75], [0.45, -0.75], [1.15, 0], [0.45, 0.75], [-1, 0.75]],
  parallelogram: [[-0.6, -0.75], [1.15, -0.75], [0.6, 0.75], [-1.15, 0.75]],
  chevron: [[-1, -0.9], [0.2, -0.9], [1.1, 0], [0.2, 0.9], [-1, 0.9], [-0.3, 0]],
  bowtie: [[-1.1, -0.8], [0, -0.25], [1.1, -0.8], [1.1, 0.8], [0, 0.25], [-1.1, 0.8]],
  hourglass: [[-0.85, -1], [0.85, -1], [0.3, 0], [0.85, 1], [-0.85, 1], [-0.3, 0]],
  arrow: [[0, -1.15], [1, 0], [0.45, 0], [0.45, 1], [-0.45, 1], [-0.45, 0], [-1, 0]],
  shield: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.1], [0.5, 0.75], [0, 1.15], [-0.5, 0.75], [-0.9, 0.1]],
  moon: [[-0.2, -1.1], [0.6, -0.8], [1.1, 0], [0.6, 0.8], [-0.2, 1.1], [0.25, 0]],
  leaf: [[-1, 1], [-1, -0.1], [-0.7, -0.7], [-0.1, -1], [1, -1], [1, 0.1], [0.7, 0.7], [0.1, 1]],
  gate: [[-1, -0.95], [1, -0.95], [1, 0.95], [0.4, 0.95], [0.4, 0], [-0.4, 0], [-0.4, 0.95], [-1, 0.95]],
  wedge: [[-1, -1], [1.1, 0.9], [-1, 0.9]],
  book: [[0, -0.6], [1.1, -0.9], [1.1, 0.7], [0, 1], [-1.1, 0.7], [-1.1, -0.9]],
  crown: [[-1.05, -0.8], [-0.45, -0.1], [0, -1], [0.45, -0.1], [1.05, -0.8], [0.9, 0.85], [-0.9, 0.85]],
  bolt: [[0.2, -1.2], [-0.8, 0.2], [-0.1, 0.2], [-0.25, 1.2], [0.8, -0.25], [0.1, -0.25]],
};

// After Tol's "muted" scheme (safe for red-, green- and blue-blind eyes), a little calmer; light, dark.
const COLOURS = {
  place: ["#3a9c8f", "#58bfb0"], organization: ["#4a76b5", "#7ba4de"], person: ["#c8647a", "#e38a9c"], post: ["#8a3a68", "#c078a4"],
  policy: ["#c29a2c", "#ddbd5c"], event: ["#8f62b3", "#b794d6"], topic: ["#84883a", "#b3b765"], amount: ["#7d8590", "#a2a9b3"], other: ["#6f7680", "#9aa1ab"],
};
const INK = {
  light: { paper: "#fbfaf7", text: "#22262b", soft: "#5b626b", edge: "#a8adb5", strong: "#3f4650", mark: "#c77f55" },
  dark: { paper: "#15181c", text: "#eceef1", soft: "#a6adb6", edge: "#565e69", strong: "#c3c9d1", mark: "#b5774c" },
};
let theme = "light";
const ink = () => INK[theme];
const colourOf = (c) => (COLOURS[G.classes[c][3]] ?? COLOURS.other)[theme === "dark" ? 1 : 0];
const FONT = '"Noto Sans KR","Noto Sans CJK KR","Apple SD Gothic Neo","Malgun Gothic",system-ui,sans-serif';
let growth = 1; // nodes shrink less than the distances between them when the view is far
let onMap = false; // what is drawn is the map of communities: their leaders stand for them
const groupOf = (i) => G.map.of[i];
const groupSize = (i) => G.map.groups[groupOf(i)][1];
const mapRadius = (i) => 10 + 40 * Math.sqrt(groupSize(i) / G.map.groups[0][1]);
const radius = (i) => onMap ? mapRadius(i) : growth * Math.min(24, 6 + 2.6 * Math.sqrt(G.n.w[i]));
const grow = (zoom) => (growth = zoom < 1 ? Math.max(Math.min(1 / zoom, 2.6) ** 0.5, 0.5 / zoom) : 1);

function tracePath(ctx, shape, x, y, r) {
  ctx.beginPath();
  const points = SHAPES[shape];
  if (!points) ctx.arc(x, y, r, 0, 2 * Math.PI);
  else points.forEach(([a, b], k) => (k ? ctx.lineTo(x + a * r, y + b * r) : ctx.moveTo(x + a * r, y + b * r)));
  ctx.closePath();
}

/** Draw one node: filled for what happened, hollow and dashed for what is planned or possible. */
function drawNode(ctx, i, x, y, emphasis, faded) {
  const c = G.n.c[i];
  const r = radius(i);
  const status = G.n.st[i];
  ctx.save();
  if (faded) ctx.globalAlpha = 0.16;
  if (onMap) {
    tracePath(ctx, "circle", x, y, r);
    ctx.fillStyle = ink().paper;
    ctx.fill();
    ctx.globalAlpha = emphasis ? 1 : 0.82;
    ctx.fillStyle = colourOf(c);
    ctx.fill();
    ctx.restore();
    return;
  }
  tracePath(ctx, G.classes[c][4], x, y, r);
  ctx.lineWidth = emphasis ? 3 : 1.5;
  ctx.lineJoin = "round";
  if (status === 1 || status === 2) {
    ctx.fillStyle = ink().paper;
    ctx.fill();
    ctx.setLineDash((status === 1 ? [4, 2.5] : [1.5, 2.5]).map((dots) => dots * growth));
    ctx.strokeStyle = colourOf(c);
    ctx.lineWidth = (emphasis ? 3.5 : 2.2) * growth;
  } else {
    ctx.fillStyle = colourOf(c);
    ctx.fill();
    ctx.strokeStyle = emphasis ? ink().text : ink().paper;
  }
  ctx.stroke();
  if (status === 3) {
    ctx.font = `bold ${Math.round(r * 1.7)}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = ink().paper;
    ctx.fillText("“", x, y + r * 0.5);
  }
  ctx.restore();
}

let network = null;
let nodeSet = null;
let shownNodes = new Set(); // what stands on the canvas now
let shownEdges = new Set();
let focus = null; // nodes that stay bright while the others fade; null when nothing is selected
let hovered = NONE;
let hoveredEdge = NONE;

function startNetwork(canvas, options) {
  nodeSet = new vis.DataSet();
  network = new vis.Network(canvas, { nodes: nodeSet, edges: [] }, options);
  network.on("beforeDrawing", drawEdges);
  network.on("afterDrawing", drawLabels);
  network.on("resize", stale);
  network.on("dragEnd", (event) => {
    for (const id of event.nodes) {
      const at = network.getPosition(id);
      G.n.x[id] = Math.round(at.x);
      G.n.y[id] = Math.round(at.y);
    }
    if (event.nodes.length) {
      stale();
    }
  });
}

const nodeItem = (i) => ({
  id: i, x: G.n.x[i], y: G.n.y[i], shape: "custom", size: radius(i),
  ctxRenderer: ({ ctx, x, y, state }) => ({
    drawNode: () => drawNode(ctx, i, x, y, state.selected || hovered === i, focus && !focus.has(i)),
    nodeDimensions: { width: 2 * radius(i), height: 2 * radius(i) },
  }),
});

const DASHES = [[], [7, 5], [2, 4], [9, 3, 2, 3]];

/**
 * Draw edges, many to a path: vis-network's own edges cost ten times as much and would not let
 * 1,500 nodes move smoothly. `view` is what is to be seen of the canvas.
 */
function paintEdges(ctx, edges, view) {
  const styles = new Map(); // status and emphasis -> its edges
  for (const k of edges) {
    const [s, o] = [G.e.s[k], G.e.o[k]];
    if (view) {
      const [x1, y1, x2, y2] = [G.n.x[s], G.n.y[s], G.n.x[o], G.n.y[o]];
      if (Math.max(x1, x2) < view[0] || Math.min(x1, x2) > view[2] || Math.max(y1, y2) < view[1] || Math.min(y1, y2) > view[3]) continue;
    }
    const strong = k === state.edge || k === hoveredEdge || (focus && state.node >= 0 && (s === state.node || o === state.node));
    const key = G.e.st[k] * 3 + (strong ? 2 : focus && !(focus.has(s) && focus.has(o)) ? 0 : 1);
    if (styles.has(key)) styles.get(key).push(k);
    else styles.set(key, [k]);
  }
  ctx.save();
  for (const [key, group] of [...styles].sort((a, b) => (a[0] % 3) - (b[0] % 3) || a[0] - b[0])) {
    const status = Math.floor(key / 3);
    const emphasis = key % 3;
    ctx.globalAlpha = emphasis === 0 ? 0.15 : 1;
    ctx.strokeStyle = ctx.fillStyle = status === 3 ? ink().mark : emphasis === 2 ? ink().strong : ink().edge;
    ctx.lineWidth = (emphasis === 2 ? 2 : 1.1) * growth;
    for (let from = 0; from < group.length; from += 120) {
      const some = group.slice(from, from + 120);
      ctx.setLineDash(DASHES[status]);
      ctx.beginPath();
      for (const k of some) traceEdge(ctx, k);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.beginPath();
      for (const k of some) traceArrow(ctx, k, emphasis === 2 ? 9 : 7);
      ctx.fill();
    }
  }
  ctx.restore();
}
/**
 * Edges, or labels, as a picture that reaches half a screen beyond the view: moving the view moves
 * the picture, and only when it runs out, or something else changed, is it drawn again.
 */
class Sheet {
  constructor(paint) {
    this.paint = paint;
    this.canvas = document.createElement("canvas");
    this.box = null;
  }
  draw(ctx) {
    const view = inView();
    const zoom = network.getScale();
    const box = this.box;
    const inside = box && view[0] >= box[0] && view[1] >= box[1] && view[2] <= box[2] && view[3] <= box[3];
    if (!inside || Math.abs(Math.log(this.zoom / zoom)) > 0.5) this.fill(view, zoom, box ? 0.5 : 0.04);
    else if (this.zoom !== zoom) {
      // While zooming the old picture is stretched; it is drawn sharp once the hand rests.
      clearTimeout(settling);
      settling = setTimeout(() => { stale(); network.redraw(); }, 120);
    }
    const dots = this.zoom * devicePixelRatio;
    if (this.zoom !== zoom) {
      ctx.drawImage(this.canvas, this.box[0], this.box[1], this.canvas.width / dots, this.canvas.height / dots);
      return;
    }
    // Dot for dot, which needs no smoothing and is several times faster.
    const [w, h] = [ctx.canvas.width, ctx.canvas.height];
    const [x, y] = [Math.round((view[0] - this.box[0]) * dots), Math.round((view[1] - this.box[1]) * dots)];
    ctx.save();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.drawImage(this.canvas, x, y, w, h, 0, 0, w, h);
    ctx.restore();
  }
  /** `margin` beyond the view, in views: wide only once the view moves, since the first drawing must be quick. */
  fill(view, zoom, margin) {
    const dots = zoom * devicePixelRatio;
    const [w, h] = [(view[2] - view[0]) * margin, (view[3] - view[1]) * margin];
    // On whole dots of the screen, or letters blur.
    const box = [view[0] - Math.round(w * dots) / dots, view[1] - Math.round(h * dots) / dots, view[2] + w, view[3] + h];
    this.canvas.width = Math.ceil((box[2] - box[0]) * dots);
    this.canvas.height = Math.ceil((box[3] - box[1]) * dots);
    const pen = this.canvas.getContext("2d");
    pen.scale(dots, dots);
    pen.translate(-box[0], -box[1]);
    this.paint(pen, box, zoom);
    Object.assign(this, { box, zoom });
  }
}
let settling = 0;
const edgeSheet = new Sheet((pen, box) => paintEdges(pen, shownEdges, box));
const labelSheet = new Sheet((pen, box, zoom) => paintLabels(pen, labelsAt(zoom).filter((label) => meets(label.box, box)), zoom));
const meets = (a, b) => a[2] > b[0] && a[0] < b[2] && a[3] > b[1] && a[1] < b[3];
/** Say that edges and labels must be drawn anew. */
function stale() {
  edgeSheet.box = labelSheet.box = placed = null;
}
function drawEdges(ctx) {
  grow(network.getScale());
  if (onMap) return paintLinks(ctx);
  if (shownEdges.size > 150) edgeSheet.draw(ctx);
  else paintEdges(ctx, shownEdges, inView());
  return undefined;
}
/** Between communities: a line as wide as the number of edges is long. */
function paintLinks(ctx) {
  ctx.save();
  ctx.strokeStyle = ink().edge;
  const most = Math.max(1, ...G.map.links.map((link) => link[2]));
  for (const [a, b, count] of G.map.links) {
    const [i, j] = [G.map.groups[a][0], G.map.groups[b][0]];
    if (!shownNodes.has(i) || !shownNodes.has(j)) continue;
    ctx.globalAlpha = 0.15 + 0.55 * Math.sqrt(count / most);
    ctx.lineWidth = 0.6 + 5 * (count / most);
    ctx.beginPath();
    ctx.moveTo(G.n.x[i], G.n.y[i]);
    ctx.lineTo(G.n.x[j], G.n.y[j]);
    ctx.stroke();
  }
  ctx.restore();
}
let arranged = "home";
const placesOf = (where) => where === "home" ? [] : where === "top" ? G.top : G.map.inside[where];
/** Move nodes to their places on the map (`map`), in an opened community (its number), among the weightiest (`top`), or in the whole (`home`). */
function arrange(where) {
  if (where === arranged) return false;
  show(new Set(), new Set());
  arranged = where;
  onMap = where === "map";
  G.home ??= { x: G.n.x.slice(), y: G.n.y.slice() };
  [G.n.x, G.n.y] = [G.home.x.slice(), G.home.y.slice()];
  const put = (i, x, y) => { G.n.x[i] = x; G.n.y[i] = y; };
  if (onMap) G.map.groups.forEach(([i], k) => put(i, ...G.map.points[k]));
  else for (const [i, x, y] of placesOf(where)) put(i, x, y);
  return true;
}
/** Put what comes into an opened community from outside it in a spiral around the node that it came with. */
function gather(centre, outsiders) {
  outsiders.forEach((j, k) => {
    const angle = k * 2.399963;
    G.n.x[j] = Math.round(G.n.x[centre] + (110 + 16 * Math.sqrt(k) * 2) * Math.cos(angle));
    G.n.y[j] = Math.round(G.n.y[centre] + (80 + 12 * Math.sqrt(k) * 2) * Math.sin(angle));
  });
}

function drawLabels(ctx) {
  ctx.save();
  if (shownNodes.size > 80) labelSheet.draw(ctx);
  else {
    const view = inView();
    paintLabels(ctx, labelsAt(network.getScale()).filter((label) => meets(label.box, view)), network.getScale());
  }
  ctx.restore();
}
function labelsAt(zoom) {
  if (!placed || placed.zoom !== zoom) placed = { zoom, labels: placeLabels(shownNodes, shownEdges, zoom, state.node) };
  return placed.labels;
}

function traceEdge(ctx, k) {
  const [s, o] = [G.e.s[k], G.e.o[k]];
  if (s === o) {
    ctx.moveTo(G.n.x[s] + radius(s), G.n.y[s]);
    ctx.quadraticCurveTo(G.n.x[s] + 3 * radius(s), G.n.y[s] - 3 * radius(s), G.n.x[s], G.n.y[s] - radius(s));
    return;
  }
  const via = viaOf(k);
  ctx.moveTo(G.n.x[s], G.n.y[s]);
  if (via) ctx.quadraticCurveTo(via[0], via[1], G.n.x[o], G.n.y[o]);
  else ctx.lineTo(G.n.x[o], G.n.y[o]);
}
function traceArrow(ctx, k, size) {
  const [s, o] = [G.e.s[k], G.e.o[k]];
  if (s === o) return;
  const via = viaOf(k) ?? [G.n.x[s], G.n.y[s]];
  const [dx, dy] = [G.n.x[o] - via[0], G.n.y[o] - via[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const [x, y] = [G.n.x[o] - ux * (radius(o) + 1.5), G.n.y[o] - uy * (radius(o) + 1.5)];
  ctx.moveTo(x, y);
  ctx.lineTo(x - size * ux + size * 0.38 * uy, y - size * uy - size * 0.38 * ux);
  ctx.lineTo(x - size * ux - size * 0.38 * uy, y - size * uy + size * 0.38 * ux);
  ctx.closePath();
}

/** The edge that passes nearest to a point of the canvas, within `reach`; NONE if there is none. */
function edgeNear(x, y, reach) {
  let [best, least] = [NONE, reach];
  for (const k of shownEdges) {
    const [s, o] = [G.e.s[k], G.e.o[k]];
    const [x1, y1, x2, y2] = [G.n.x[s], G.n.y[s], G.n.x[o], G.n.y[o]];
    const slack = reach + (G.bend[k] ? Math.hypot(x1 - x2, y1 - y2) * Math.abs(G.bend[k]) : s === o ? 60 : 0);
    if (x < Math.min(x1, x2) - slack || x > Math.max(x1, x2) + slack || y < Math.min(y1, y2) - slack || y > Math.max(y1, y2) + slack) continue;
    const via = viaOf(k);
    let distance;
    if (s === o) distance = Math.hypot(x - x1 - 1.4 * radius(s), y - y1 + 1.4 * radius(s));
    else if (!via) distance = toSegment(x, y, x1, y1, x2, y2);
    else {
      distance = Infinity;
      let [px, py] = [x1, y1];
      for (let step = 1; step <= 14; step++) {
        const t = step / 14;
        const [qx, qy] = [(1 - t) ** 2 * x1 + 2 * t * (1 - t) * via[0] + t * t * x2, (1 - t) ** 2 * y1 + 2 * t * (1 - t) * via[1] + t * t * y2];
        distance = Math.min(distance, toSegment(x, y, px, py, qx, qy));
        [px, py] = [qx, qy];
      }
    }
    if (distance < least) [best, least] = [k, distance];
  }
  return best;
}
function toSegment(x, y, x1, y1, x2, y2) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const t = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}

/** Fan out the edges that join the same two nodes, so that none hides another. */
function fanOut() {
  const together = new Map();
  G.bend = new Float32Array(G.edgeCount);
  for (let k = 0; k < G.edgeCount; k++) {
    const [a, b] = G.e.s[k] < G.e.o[k] ? [G.e.s[k], G.e.o[k]] : [G.e.o[k], G.e.s[k]];
    const key = a * G.count + b;
    if (together.has(key)) together.get(key).push(k);
    else together.set(key, [k]);
  }
  for (const edges of together.values()) {
    if (edges.length < 2) continue;
    edges.forEach((k, index) => {
      const offset = (index - (edges.length - 1) / 2) * Math.min(0.3, 0.9 / edges.length);
      G.bend[k] = G.e.s[k] < G.e.o[k] ? offset : -offset;
    });
  }
}

/** Bring the canvas to just these nodes and edges. */
function show(nodes, edges) {
  const gone = [...shownNodes].filter((i) => !nodes.has(i));
  if (gone.length) nodeSet.remove(gone);
  const fresh = [...nodes].filter((i) => !shownNodes.has(i)).map(nodeItem);
  if (fresh.length) nodeSet.add(fresh);
  shownNodes = nodes;
  shownEdges = edges;
  stale();
}
