// Taking things away: pictures of all that is shown, and Turtle.

// ---- pictures

/** As much of a 2D context as the drawing uses, writing SVG. */
class SvgPen {
  constructor() {
    this.out = [];
    this.stack = [];
    Object.assign(this, { globalAlpha: 1, fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, font: "", textAlign: "center", textBaseline: "middle", lineJoin: "round", dash: [] });
  }
  save() { this.stack.push({ ...this }); }
  restore() { const { out, stack, ...old } = this.stack.pop(); Object.assign(this, old); }
  beginPath() { this.d = ""; }
  moveTo(x, y) { this.d += `M${n2(x)} ${n2(y)}`; }
  lineTo(x, y) { this.d += `L${n2(x)} ${n2(y)}`; }
  quadraticCurveTo(a, b, x, y) { this.d += `Q${n2(a)} ${n2(b)} ${n2(x)} ${n2(y)}`; }
  arc(x, y, r) { this.d += `M${n2(x - r)} ${n2(y)}a${n2(r)} ${n2(r)} 0 1 0 ${n2(2 * r)} 0a${n2(r)} ${n2(r)} 0 1 0 ${n2(-2 * r)} 0`; }
  closePath() { this.d += "Z"; }
  setLineDash(dash) { this.dash = dash; }
  fillRect(x, y, w, h) { this.out.push(`<rect x="${n2(x)}" y="${n2(y)}" width="${n2(w)}" height="${n2(h)}" fill="${this.fillStyle}"/>`); }
  fill() { this.out.push(`<path d="${this.d}" fill="${this.fillStyle}" opacity="${this.globalAlpha}"/>`); }
  stroke() { this.out.push(`<path d="${this.d}" fill="none" stroke="${this.strokeStyle}" stroke-width="${n2(this.lineWidth)}" stroke-linejoin="round" opacity="${this.globalAlpha}"${this.dash.length ? ` stroke-dasharray="${this.dash.join(" ")}"` : ""}/>`); }
  text(text, x, y, paint) {
    const [, weight, size] = /(\d+|bold) ([\d.]+)px/.exec(this.font);
    const safe = text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
    this.out.push(`<text x="${n2(x)}" y="${n2(y)}" font-family="${FONT.replaceAll('"', "'")}" font-weight="${weight}" font-size="${n2(Number(size))}" text-anchor="middle" dominant-baseline="central" ${paint}>${safe}</text>`);
  }
  fillText(text, x, y) { this.text(text, x, y, `fill="${this.fillStyle}"`); }
  strokeText(text, x, y) { this.text(text, x, y, `fill="none" stroke="${this.strokeStyle}" stroke-width="${n2(this.lineWidth)}" stroke-linejoin="round"`); }
}
const n2 = (x) => Math.round(x * 100) / 100;

/** Where all that is shown stands, with room for labels. */
function extent(wide = 90, high = 55) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const i of current.nodes) {
    box[0] = Math.min(box[0], G.n.x[i]);
    box[1] = Math.min(box[1], G.n.y[i]);
    box[2] = Math.max(box[2], G.n.x[i]);
    box[3] = Math.max(box[3], G.n.y[i]);
  }
  return [box[0] - wide, box[1] - high, box[2] + wide, box[3] + high];
}

/** Paint all that is shown, not just what is in view, at a zoom of 1. */
function paintAll(ctx) {
  const [x0, y0, x1, y1] = extent();
  ctx.fillStyle = ink().paper;
  ctx.fillRect(x0, y0, x1 - x0, y1 - y0);
  const kept = focus;
  focus = null;
  grow(1);
  if (onMap) paintLinks(ctx);
  else paintEdges(ctx, current.edges, null);
  for (const i of current.nodes) drawNode(ctx, i, G.n.x[i], G.n.y[i], false, false);
  const labels = placeLabels(current.nodes, current.edges, 1, NONE);
  focus = kept;
  paintLabels(ctx, labels, 1);
}

function svgText() {
  const [x0, y0, x1, y1] = extent().map(Math.round);
  const pen = new SvgPen();
  paintAll(pen);
  return `<svg xmlns="${SVG}" viewBox="${x0} ${y0} ${x1 - x0} ${y1 - y0}" width="${2 * (x1 - x0)}" height="${2 * (y1 - y0)}">${pen.out.join("\n")}</svg>`;
}
function pngBlob() {
  const [x0, y0, x1, y1] = extent();
  // Browsers refuse canvases beyond 16,384 pixels a side; a graph larger than that is scaled to fit.
  const scale = Math.min(2, 16000 / (x1 - x0), 16000 / (y1 - y0), Math.sqrt(2e8 / ((x1 - x0) * (y1 - y0))));
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil((x1 - x0) * scale);
  canvas.height = Math.ceil((y1 - y0) * scale);
  const ctx = canvas.getContext("2d");
  ctx.scale(scale, scale);
  ctx.translate(-x0, -y0);
  paintAll(ctx);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
function save(blob, ending) {
  const address = URL.createObjectURL(blob);
  const anchor = el("a", { href: address, download: `${titleOf().replace(/[\\/:*?"<>|\s]+/g, "-").slice(0, 60) || "graph"}.${ending}` });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  tell(say("saved"));
}

// ---- Turtle

const PREFIXES = {
  nk: "https://w3id.org/newskg/ontology#", rdfs: "http://www.w3.org/2000/01/rdf-schema#", skos: "http://www.w3.org/2004/02/skos/core#",
  xsd: "http://www.w3.org/2001/XMLSchema#", org: "http://www.w3.org/ns/org#", owl: "http://www.w3.org/2002/07/owl#", dcterms: "http://purl.org/dc/terms/",
  edtf: "http://id.loc.gov/datatypes/edtf/", schema: "https://schema.org/",
};
const turtleText = (text) => `"${text.replace(/[\\"\n\r\t]/g, (c) => ({ "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c])}"`;
const turtleIri = (iri) => {
  for (const [prefix, start] of Object.entries(PREFIXES)) if (iri.startsWith(start) && /^[A-Za-z_]\w*$/.test(iri.slice(start.length))) return `${prefix}:${iri.slice(start.length)}`;
  return `<${iri.replace(/[<>"{}|^`\\\x00-\x20]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)}>`;
};
async function turtleOf(nodes, edges) {
  const lines = [];
  for (const i of nodes) {
    const subject = turtleIri(iriOf(i));
    for (const [p, text, kind] of await detail("node", i)) {
      const plainString = kind === "http://www.w3.org/2001/XMLSchema#string";
      const object = kind === "" ? turtleIri(text) : turtleText(text) + (kind.startsWith("@") ? kind : plainString ? "" : `^^${turtleIri(kind)}`);
      lines.push(`${subject} ${turtleIri(G.relations[p][0])} ${object} .`);
    }
  }
  for (const k of edges) lines.push(`${turtleIri(iriOf(G.e.s[k]))} ${turtleIri(G.relations[G.e.p[k]][0])} ${turtleIri(iriOf(G.e.o[k]))} .`);
  const body = lines.join("\n");
  const used = Object.entries(PREFIXES).filter(([prefix]) => body.includes(`${prefix}:`)).map(([prefix, iri]) => `@prefix ${prefix}: <${iri}> .`);
  return `${used.join("\n")}\n\n${body}\n`;
}
async function copyTurtle(nodes, edges) {
  const text = await turtleOf(nodes, edges);
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { class: "vh", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) return tell(say("notCopied"));
  }
  return tell(say("copied"));
}
