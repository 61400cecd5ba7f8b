// The graph as the page holds it: columns of numbers, not objects, so that 100,000 nodes fit.

const $ = (id) => document.getElementById(id);

/** Make an element; strings become text nodes, so no text can become markup. */
function el(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Read a data block: JSON as it is, or deflated and in base64 when it is large. */
async function readBlock(id) {
  const block = $(id);
  const text = block.textContent;
  if (block.dataset.packed === undefined) return JSON.parse(text);
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

const NONE = -1;
let G = null; // the graph: G.n and G.e are columns

/** Unpack the main block: cumulative columns, adjacency in compressed rows. */
function unpack(data) {
  const n = data.n;
  const e = data.e;
  const count = n.label.length;
  const edges = e.s.length;
  const degree = new Int32Array(count + 1);
  for (let k = 0; k < edges; k++) {
    degree[e.s[k] + 1]++;
    if (e.s[k] !== e.o[k]) degree[e.o[k] + 1]++;
  }
  for (let i = 0; i < count; i++) degree[i + 1] += degree[i];
  const at = degree.slice();
  const incident = new Int32Array(degree[count]);
  for (let k = 0; k < edges; k++) {
    incident[at[e.s[k]]++] = k;
    if (e.s[k] !== e.o[k]) incident[at[e.o[k]]++] = k;
  }
  data.count = count;
  data.edgeCount = edges;
  data.edgesOf = (i) => incident.subarray(degree[i], degree[i + 1]);
  data.degree = (i) => degree[i + 1] - degree[i];
  data.other = (k, i) => (e.s[k] === i ? e.o[k] : e.s[k]);
  n.docStart = running(n.docCount);
  e.docStart = running(e.docCount);
  data.nodeIn = (i, doc) => within(n.docs, n.docStart[i], n.docStart[i + 1], doc);
  data.edgeIn = (k, doc) => within(e.docs, e.docStart[k], e.docStart[k + 1], doc);
  data.order = Uint32Array.from({ length: count }, (_, i) => i);
  const weight = Float32Array.from(n.w);
  n.w = weight;
  data.order.sort((a, b) => weight[b] - weight[a] || a - b);
  return data;
}

function running(counts) {
  const start = new Int32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) start[i + 1] = start[i] + counts[i];
  return start;
}

function within(flat, from, to, value) {
  for (let i = from; i < to; i++) if (flat[i] === value) return true;
  return false;
}

const chunks = new Map();
/** Give record `index` of a kind (`node`, `edge`, `evidence`); its block is unpacked when first asked for. */
async function detail(kind, index) {
  const number = Math.floor(index / G.chunk);
  const id = `${kind}-${number}`;
  if (!chunks.has(id)) chunks.set(id, readBlock(id));
  return (await chunks.get(id))[index % G.chunk];
}

/** The full IRI of a node. */
const iriOf = (i) => G.base + G.n.id[i];
/** What the address calls a thing or document: its IRI, without the beginning that most of the graph's have. */
function shortName(iri) {
  const rest = G.space && iri.startsWith(G.space) ? iri.slice(G.space.length) : iri;
  return /[/#:]/.test(rest) ? iri : rest;
}
/** The place of a short name among `count` things with an IRI each; one that moved to another beginning is found too. */
function placeNamed(name, count, iri) {
  const whole = name.includes(":") ? name : G.space + name;
  let moved = NONE;
  for (let i = 0; i < count; i++) {
    const own = iri(i);
    if (own === whole) return i;
    if (moved < 0 && name && own.endsWith(name) && "/#".includes(own[own.length - name.length - 1] ?? " ")) moved = i;
  }
  return moved;
}
const nodeNamed = (name) => placeNamed(name, G.count, iriOf);

/** Steps from one node over the edges that `open` lets through; stops at `limit` nodes or `depth` steps. */
function reach(from, open, depth, limit) {
  const steps = new Map([[from, 0]]);
  let frontier = [from];
  for (let step = 1; step <= depth && frontier.length; step++) {
    const next = [];
    for (const i of frontier) {
      const near = [...G.edgesOf(i)].filter(open).map((k) => G.other(k, i));
      near.sort((a, b) => G.n.w[b] - G.n.w[a]);
      for (const j of near) {
        if (steps.has(j) || steps.size >= limit) continue;
        steps.set(j, step);
        next.push(j);
      }
    }
    frontier = next;
  }
  return steps;
}

/** The shortest way between two nodes as a list of [node, edge to the next]; null if there is none. */
function shortestPath(from, to, open) {
  const before = new Map([[from, null]]);
  let frontier = [from];
  while (frontier.length && !before.has(to)) {
    const next = [];
    for (const i of frontier) {
      for (const k of G.edgesOf(i)) {
        const j = G.other(k, i);
        if (before.has(j) || !open(k)) continue;
        before.set(j, [i, k]);
        next.push(j);
      }
    }
    frontier = next;
  }
  if (!before.has(to)) return null;
  const way = [[to, NONE]];
  for (let step = before.get(to); step; step = before.get(step[0])) way.unshift([step[0], step[1]]);
  return way;
}
