// Finding, filtering, the list, and taking things away: pictures and Turtle.

// ---- search

function startSearch() {
  const input = $("query");
  const hits = $("hits");
  let found = [];
  let at = 0;
  const close = () => {
    hits.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (next) => {
    at = found.length ? (next + found.length) % found.length : 0;
    [...hits.children].forEach((item, k) => item.setAttribute("aria-selected", String(k === at)));
    if (found.length) {
      input.setAttribute("aria-activedescendant", `hit-${at}`);
      hits.children[at].scrollIntoView({ block: "nearest" });
    }
  };
  const choose = (k) => {
    if (!found[k]) return;
    close();
    chooseThing(found[k][0], { look: true, focusPanel: true });
  };
  const search = () => {
    found = find(input.value, 12);
    hits.replaceChildren(...found.map(([i, by], k) => {
      const item = el("li", { role: "option", id: `hit-${k}`, "aria-selected": "false" }, swatch(G.n.c[i]), el("span", { text: labelOf(i) }),
        by !== labelOf(i) ? el("span", { class: "soft", text: by }) : null, el("span", { class: "soft end", text: className(G.n.c[i]) }));
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        choose(k);
      });
      return item;
    }));
    if (!input.value.trim()) return close();
    hits.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    announce(found.length ? `${found.length}` : say("none"));
    return mark(0);
  };
  input.addEventListener("input", search);
  input.addEventListener("focus", () => input.value && search());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at - 1);
    else if (event.key === "Enter") {
      if (!found.length) search();
      choose(at);
    } else if (event.key === "Escape") {
      if (hits.hidden) input.blur();
      input.value = "";
      close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

// ---- filters

function checkbox(text, checked, change, ...before) {
  const input = el("input", { type: "checkbox", onchange: (event) => change(event.target.checked) });
  input.checked = checked;
  return el("label", { class: "check" }, input, ...before, el("span", { class: "grow" }, ...[].concat(text)));
}
const tally = (column, size) => {
  const counts = new Array(size).fill(0);
  for (const value of column) counts[value]++;
  return counts;
};

function drawFilters() {
  const change = (set, key) => (on) => {
    if (on) set.delete(key);
    else set.add(key);
    refresh();
  };
  const section = (id, title, open, ...content) => {
    const old = $(id);
    return el("details", { id, open: old ? old.open : open }, el("summary", {}, title), ...content);
  };
  const both = (set, all) => el("div", { class: "both" },
    el("button", { type: "button", text: say("all"), onclick: () => { set.clear(); refresh(); drawFilters(); } }),
    el("button", { type: "button", text: say("nothing"), onclick: () => { all.forEach((k) => set.add(k)); refresh(); drawFilters(); } }));
  const classes = tally(G.n.c, G.classes.length);
  const relations = tally(G.e.p, G.relations.length);
  const statuses = tally(G.e.st, 4);
  for (const s of G.n.st) if (s > 0) statuses[s] += 0;
  const byCount = (counts) => counts.map((count, k) => [count, k]).filter(([count]) => count > 0).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const number = (n) => el("span", { class: "count", text: n.toLocaleString(lang) });
  const parts = [];
  const kinds = byCount(classes);
  parts.push(section("f-kinds", say("kinds"), true,
    el("div", { class: "checks" }, ...kinds.map(([count, c]) => checkbox([className(c), number(count)], !state.offClasses.has(c), change(state.offClasses, c), swatch(c)))),
    both(state.offClasses, kinds.map(([, c]) => c))));
  if (G.views.length) {
    parts.push(section("f-views", say("views"), false, el("div", { class: "views" }, ...G.views.map((view, v) =>
      el("button", { type: "button", "aria-pressed": String(state.view === v), text: lang === "en" ? view.english : view.korean, onclick: () => {
        Object.assign(state, { view: state.view === v ? NONE : v, node: NONE, edge: NONE, depth: 0, path: null });
        closePanel();
        refresh({ fit: true });
        drawFilters();
      } })))));
  }
  if (G.map) {
    parts.push(section("f-map", say("communities"), true, el("div", { class: "views checks" },
      el("button", { type: "button", "aria-pressed": String(state.community < 0), text: say("communities"), onclick: () => openCommunity(NONE) }),
      ...G.map.groups.map(([i, size], k) => el("button", { type: "button", "aria-pressed": String(state.community === k), onclick: () => openCommunity(k) },
        swatch(G.n.c[i]), ` ${labelOf(i)} `, el("span", { class: "count", text: size.toLocaleString(lang) }))))));
  }
  if (G.days) parts.push(section("f-time", say("time"), true, timeSlider()));
  const used = byCount(relations);
  if (used.length) {
    parts.push(section("f-relations", say("relations"), false,
      checkbox(say("relNames"), state.names, (on) => { state.names = on; stale(); network.redraw(); writeHash(); }),
      el("hr"),
      el("div", { class: "checks" }, ...used.map(([count, p]) => checkbox([relationName(p), number(count)], !state.offRelations.has(p), change(state.offRelations, p)))),
      both(state.offRelations, used.map(([, p]) => p))));
  }
  parts.push(section("f-status", say("status"), false, el("div", { class: "checks" }, ...statuses.map((count, s) =>
    checkbox([statusName(s), number(count)], !state.offStatuses.has(s), change(state.offStatuses, s), lineSample(s))))));
  if (G.docs.length) {
    const select = el("select", { id: "document", "aria-label": say("document") }, el("option", { value: "-1", text: say("allDocuments") }),
      ...G.docs.map(([title, date], d) => el("option", { value: d, text: `${date ? `${date} ` : ""}${shorten(title, 48)}` })));
    select.value = String(state.document);
    select.addEventListener("change", () => { state.document = Number(select.value); refresh({ fit: true }); });
    parts.push(section("f-documents", say("documents"), state.document >= 0, select));
  }
  $("filters-body").replaceChildren(...parts);
}

function lineSample(s) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 28 10");
  svg.setAttribute("class", "line");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "line");
  for (const [name, value] of Object.entries({ x1: 1, x2: 27, y1: 5, y2: 5, stroke: s === 3 ? ink().mark : ink().strong, "stroke-width": 2, "stroke-dasharray": DASHES[s].join(" ") || "none" })) line.setAttribute(name, value);
  svg.append(line);
  return svg;
}

/** Two handles over a picture of how many events fall when. */
function timeSlider() {
  const [first, last] = G.days;
  const bins = new Array(36).fill(0);
  const span = Math.max(1, last - first);
  for (let i = 0; i < G.count; i++) {
    if (G.n.t0[i] === null) continue;
    bins[Math.max(0, Math.min(35, Math.floor((((G.n.t0[i] + G.n.t1[i]) / 2 - first) / span) * 36)))]++;
  }
  const most = Math.max(...bins);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 36 10");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "histogram");
  svg.setAttribute("aria-hidden", "true");
  bins.forEach((count, k) => {
    if (!count) return;
    const bar = document.createElementNS(SVG, "rect");
    const height = 1.2 + 8.8 * Math.sqrt(count / most);
    for (const [name, value] of Object.entries({ x: k + 0.1, width: 0.8, y: 10 - height, height })) bar.setAttribute(name, value);
    svg.append(bar);
  });
  const text = el("output", { class: "soft" });
  const handle = (label, value) => {
    const input = el("input", { type: "range", min: first, max: last, "aria-label": `${say("time")}: ${label}` });
    input.value = String(value);
    return input;
  };
  const from = handle(say("from"), state.from ?? first);
  const to = handle(say("to"), state.to ?? last);
  const tell = () => {
    const [a, b] = [Number(from.value), Number(to.value)];
    text.textContent = `${dayText(a <= first ? G.span[0] : a)} – ${dayText(b >= last ? G.span[1] : b)}`;
    from.setAttribute("aria-valuetext", dayText(a));
    to.setAttribute("aria-valuetext", dayText(b));
  };
  let waiting = 0;
  const move = (moved) => {
    if (Number(from.value) > Number(to.value)) (moved === from ? to : from).value = moved.value;
    tell();
    const [a, b] = [Number(from.value), Number(to.value)];
    // At its ends the slider means "and all before" or "and all after".
    [state.from, state.to] = a <= first && b >= last ? [null, null] : [a <= first ? G.span[0] : a, b >= last ? G.span[1] : b];
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => refresh());
  };
  from.addEventListener("input", () => move(from));
  to.addEventListener("input", () => move(to));
  tell();
  return el("div", { class: "time" }, svg, from, to, text,
    checkbox(say("undated"), state.undated, (on) => { state.undated = on; refresh(); }));
}

// ---- list

let listLength = 200;
function drawList() {
  const rows = [...current.nodes].sort((a, b) => G.n.w[b] - G.n.w[a] || a - b);
  const head = el("tr", {}, ...["name", "kind", "relations", "date", "documents"].map((key) => el("th", { scope: "col", text: say(key) })));
  const body = rows.slice(0, listLength).map((i) => el("tr", { "aria-current": state.node === i ? "true" : null },
    el("th", { scope: "row" }, el("button", { type: "button", class: "end", onclick: () => chooseNode(i, { look: false, focusPanel: true }) }, swatch(G.n.c[i]), labelOf(i)), statusChip(G.n.st[i])),
    el("td", { text: className(G.n.c[i]) }),
    el("td", {}, relationsInWords(i)),
    el("td", { text: G.n.t0[i] === null ? "" : G.n.t0[i] === G.n.t1[i] ? dayText(G.n.t0[i]) : `${dayText(G.n.t0[i])} – ${dayText(G.n.t1[i])}` }),
    el("td", { class: "number", text: G.n.docCount[i] })));
  $("list").replaceChildren(
    el("table", {}, el("caption", { class: "vh", text: say("list") }), el("thead", {}, head), el("tbody", {}, ...body)),
    rows.length > listLength ? el("button", { type: "button", class: "more", text: `${say("more")} (${(rows.length - listLength).toLocaleString(lang)})`, onclick: () => { listLength += 400; drawList(); } }) : "");
}
function relationsInWords(i) {
  const out = [...G.edgesOf(i)].filter((k) => current.edges.has(k) && G.e.s[k] === i);
  if (!out.length) return el("span", { class: "soft", text: String([...G.edgesOf(i)].filter((k) => current.edges.has(k)).length) });
  const words = out.slice(0, 6).map((k) => el("li", {}, el("span", { class: "relation", text: relationName(G.e.p[k]) }), ` ${labelOf(G.e.o[k])} `, statusChip(G.e.st[k])));
  return el("ul", { class: "plain-list" }, ...words, out.length > 6 ? el("li", { class: "soft", text: `+${out.length - 6}` }) : null);
}
function showList(on) {
  state.list = on;
  $("list").hidden = !on;
  $("canvas").hidden = on;
  $("as-list").setAttribute("aria-pressed", String(on));
  if (on) {
    listLength = 200;
    drawList();
  } else network.redraw();
  writeHash();
}

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
  const anchor = el("a", { href: address, download: `${G.title.replace(/[\\/:*?"<>|\s]+/g, "-").slice(0, 60) || "graph"}.${ending}` });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  announce(say("saved"));
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
    lines.push(`${subject} a ${turtleIri(G.classes[G.n.c[i]][0])} .`, `${subject} rdfs:label ${turtleText(G.n.label[i])}@ko .`);
    if (G.n.st[i] >= 0 && G.n.said[i]) lines.push(`${subject} nk:status nk:${G.statuses[G.n.st[i]]} .`);
    if (G.n.en[i]) lines.push(`${subject} rdfs:label ${turtleText(G.n.en[i])}@en .`);
    for (const name of G.n.alias[i] ? G.n.alias[i].split("\n") : []) if (name !== G.n.en[i]) lines.push(`${subject} skos:altLabel ${turtleText(name)} .`);
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
    if (!done) return announce(say("notCopied"));
  }
  return announce(say("copied"));
}
