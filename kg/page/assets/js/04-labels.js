// Names of things and relations on the canvas. They are drawn here rather than by vis-network: at the
// same size on the screen at every zoom, and only where they meet nothing.

let placed = null; // where labels stand at this zoom, in canvas coordinates
const widths = new Map();
const measure = document.createElement("canvas").getContext("2d");
function widthOf(text, font) {
  const key = font + text;
  if (!widths.has(key)) {
    measure.font = font;
    widths.set(key, measure.measureText(text).width);
  }
  return widths.get(key);
}
/** Cut a text to the width of `most` Korean syllables; a Latin letter takes 0.6 of one. */
function shorten(text, most) {
  const letters = [...text];
  let width = 0;
  for (let k = 0; k < letters.length; k++) {
    width += letters[k] > "\u2e80" ? 1 : 0.6;
    if (width > most) return `${letters.slice(0, k).join("").trimEnd()}…`;
  }
  return text;
}

/** A grid of cells that tells whether a rectangle meets one that was put in before. */
class Ground {
  constructor(cell) {
    this.cell = cell;
    this.cells = new Map();
  }
  *near(box) {
    for (let a = Math.floor(box[0] / this.cell); a <= Math.floor(box[2] / this.cell); a++)
      for (let b = Math.floor(box[1] / this.cell); b <= Math.floor(box[3] / this.cell); b++) yield a * 100003 + b;
  }
  meets(box) {
    for (const key of this.near(box))
      for (const other of this.cells.get(key) ?? []) if (box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]) return true;
    return false;
  }
  put(box) {
    for (const key of this.near(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    }
  }
}

/**
 * Choose which labels can stand at a zoom, the weightiest first, below, above, right or left of
 * their node, meeting neither another label nor another node. Boxes are in canvas units.
 */
function placeLabels(nodes, edges, zoom, chosen) {
  const ground = new Ground(90 / zoom);
  const bodies = new Ground(60 / zoom);
  const list = [...nodes].filter((i) => !focus || focus.has(i));
  const first = (i) => (i === chosen || i === hovered ? 2 : 0);
  list.sort((a, b) => first(b) - first(a) || (onMap && groupSize(b) - groupSize(a)) || G.n.w[b] - G.n.w[a] || a - b);
  for (const i of list) {
    const r = radius(i) * 0.85;
    // The body of what is chosen is free of all names, others only of those that can stand elsewhere.
    (i === chosen ? ground : bodies).put([G.n.x[i] - r, G.n.y[i] - r, G.n.x[i] + r, G.n.y[i] + r]);
  }
  const labels = [];
  // Where the whole graph is in view, no label may hang over the edge of it.
  const all = extent(0, 0);
  const view = inView();
  const held = all[0] > view[0] && all[1] > view[1] && all[2] < view[2] && all[3] < view[3] ? view : null;
  const outside = (a, b, w, h) => held !== null && (a < held[0] || b < held[1] || a + w > held[2] || b + h > held[3] - 30 / zoom);
  const narrow = $("canvas").clientWidth < 600;
  const heavy = new Set(focus ? [] : list.slice(0, Math.min(12, list.length / 4)));
  for (const i of list) {
    const strong = first(i) > 0;
    const size = onMap ? Math.round(12 + mapRadius(i) / (narrow ? 40 : 12)) : Math.max(12, Math.min(16, 11.5 + Math.sqrt(G.n.w[i]) * 0.55)) + (strong ? 1 : 0);
    const font = `${strong || onMap || heavy.has(i) ? 600 : 400} ${size}px ${FONT}`;
    const text = onMap ? `${shorten(labelOf(i), narrow ? 8 : 14)} · ${groupSize(i).toLocaleString(lang)}` : shorten(labelOf(i), strong ? 40 : 18);
    const w = (widthOf(text, font) + 4) / zoom;
    const h = (size * 1.25) / zoom;
    const [x, y, r] = [G.n.x[i], G.n.y[i], radius(i) + 2 / zoom];
    const free = ([a, b]) => !ground.meets([a, b, a + w, b + h]) && !outside(a, b, w, h);
    const spots = [[x - w / 2, y + r], [x - w / 2, y - r - h], [x + r, y - h / 2], [x - r - w, y - h / 2], [x + r * 0.7, y + r * 0.7], [x - r * 0.7 - w, y + r * 0.7]];
    let spot = spots.find(([a, b]) => free([a, b]) && !bodies.meets([a, b, a + w, b + h]));
    // What matters most is named even where its name must lie over a lesser node.
    if (!spot && labels.length < 30) spot = spots.find(free);
    if (!spot && strong) spot = spots[0];
    if (!spot) continue;
    const box = [spot[0], spot[1], spot[0] + w, spot[1] + h];
    ground.put(box);
    labels.push({ node: i, text, font, size, box });
  }
  const named = [];
  if (edges.size <= 4000) {
    for (const k of edges) {
      const near = chosen >= 0 && (G.e.s[k] === chosen || G.e.o[k] === chosen);
      if (k === state.edge || near || k === hoveredEdge || state.names || edges.size <= 25 || zoom > 1.6) named.push([k === state.edge || k === hoveredEdge ? 2 : near ? 1 : 0, k]);
    }
  }
  named.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (const [rank, k] of named) {
    if (focus && !(focus.has(G.e.s[k]) && focus.has(G.e.o[k]))) continue;
    const font = `400 12px ${FONT}`;
    const text = (G.e.st[k] === 3 ? "“" : "") + relationName(G.e.p[k]) + (G.e.st[k] ? ` · ${statusName(G.e.st[k])}` : "");
    const w = (widthOf(text, font) + 6) / zoom;
    const h = 15 / zoom;
    const [mx, my] = middleOf(k);
    const around = (up) => [mx - w / 2, my - h / 2 + up, mx + w / 2, my + h / 2 + up];
    // What the reader chose is named whatever is in the way, but not on another name if there is room beside it.
    const box = (rank < 2 ? [0] : [0, -1.4 * h, 1.4 * h, -2.8 * h, 2.8 * h]).map(around).find((spot) => !ground.meets(spot)) ?? around(0);
    const long = Math.hypot(G.n.x[G.e.s[k]] - G.n.x[G.e.o[k]], G.n.y[G.e.s[k]] - G.n.y[G.e.o[k]]);
    if (rank < 2 && (ground.meets(box) || bodies.meets(box) || long < w * 0.6)) continue;
    ground.put(box);
    labels.push({ edge: k, text, font, size: 12, box });
  }
  return labels;
}

/** The middle of an edge, on its curve. */
function middleOf(k) {
  const [s, o] = [G.e.s[k], G.e.o[k]];
  const [x1, y1, x2, y2] = [G.n.x[s], G.n.y[s], G.n.x[o], G.n.y[o]];
  if (s === o) return [x1 + 26, y1 - 26];
  const via = viaOf(k);
  return via ? [(x1 + 2 * via[0] + x2) / 4, (y1 + 2 * via[1] + y2) / 4] : [(x1 + x2) / 2, (y1 + y2) / 2];
}
/** The control point of a bent edge, as vis-network computes it for curvedCW and curvedCCW. */
function viaOf(k) {
  const bend = G.bend[k];
  if (bend === 0) return null;
  const [s, o] = [G.e.s[k], G.e.o[k]];
  const across = G.n.x[o] - G.n.x[s];
  const up = G.n.y[s] - G.n.y[o];
  const angle = Math.atan2(up, across) + (0.5 * bend + 0.5) * Math.PI;
  const length = (0.5 * Math.abs(bend) + 0.5) * Math.hypot(across, up);
  return [G.n.x[s] + length * Math.sin(angle), G.n.y[s] + length * Math.cos(angle)];
}

function paintLabels(ctx, labels, zoom) {
  ctx.textBaseline = "middle";
  ctx.textAlign = "center";
  ctx.lineJoin = "round";
  for (const { node, text, font, size, box } of labels) {
    ctx.font = font.replace(/[\d.]+px/, `${size / zoom}px`);
    const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    ctx.lineWidth = (node === undefined ? 4 : 3.2) / zoom;
    ctx.strokeStyle = ink().paper;
    ctx.strokeText(text, x, y);
    ctx.fillStyle = node === undefined ? ink().soft : ink().text;
    ctx.fillText(text, x, y);
  }
}

/** The part of the canvas that is seen: left, top, right, bottom. */
function inView() {
  const stage = $("canvas");
  const a = network.DOMtoCanvas({ x: 0, y: 0 });
  const b = network.DOMtoCanvas({ x: stage.clientWidth, y: stage.clientHeight });
  return [a.x, a.y, b.x, b.y];
}
