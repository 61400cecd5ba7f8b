// The panel: facts of a thing or of a relation, and under each fact its evidence.

const announce = (text) => ($("said").textContent = text);
let telling = 0;
/** Say something to everybody: to screen readers, and for a moment on the screen. */
function tell(text) {
  announce(text);
  const toast = $("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(telling);
  telling = setTimeout(() => { toast.hidden = true; }, 2600);
}
const SVG = "http://www.w3.org/2000/svg";
/** A small picture of a class, in its shape and colour. */
function swatch(c) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-12 -12 24 24");
  svg.setAttribute("class", "swatch");
  svg.setAttribute("aria-hidden", "true");
  const points = SHAPES[G.classes[c][4]];
  const shape = document.createElementNS(SVG, points ? "polygon" : "circle");
  if (points) shape.setAttribute("points", points.map(([x, y]) => `${(x * 9).toFixed(1)},${(y * 9).toFixed(1)}`).join(" "));
  else shape.setAttribute("r", "9");
  shape.setAttribute("fill", colourOf(c));
  svg.append(shape);
  return svg;
}
const statusChip = (s) => (s > 0 ? el("span", { class: `chip status-${s}`, text: statusName(s) }) : null);

/** A link, if the address is http or https; else the text alone. */
function link(address, text) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    url = null;
  }
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) return el("span", { text: text ?? address });
  return el("a", { href: url.href, rel: "noopener noreferrer", target: "_blank", text: text ?? address });
}

let returnFocus = null;
/** Open the panel before the canvas is drawn, since it takes some of the canvas's width. */
function makeRoom() {
  if (!$("panel").hidden) return;
  returnFocus = document.activeElement;
  $("panel").hidden = false;
  document.body.classList.add("with-panel");
  network.redraw();
}
function showPanel(title, ...parts) {
  const panel = $("panel");
  makeRoom();
  $("panel-body").replaceChildren(...parts.filter(Boolean));
  panel.setAttribute("aria-label", title);
  panel.scrollTop = 0;
}
function closePanel() {
  if ($("panel").hidden) return;
  const inside = $("panel").contains(document.activeElement);
  $("panel").hidden = true;
  document.body.classList.remove("with-panel");
  if (inside) (returnFocus?.isConnected && returnFocus !== document.body ? returnFocus : $("query")).focus();
}

/** One fact with its evidence folded under it. `load` gives the evidence's indexes. */
function factRow(words, load, go) {
  const box = el("div", { class: "evidence", hidden: true });
  const button = el("button", { class: "fact", type: "button", "aria-expanded": "false" }, ...words);
  button.addEventListener("click", async () => {
    const open = box.hidden;
    if (open && !box.childElementCount) await fillEvidence(box, await load());
    box.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) box.scrollIntoView({ block: "nearest" });
  });
  return el("li", {}, el("div", { class: "fact-row" }, button, go), box);
}

async function fillEvidence(box, numbers) {
  const found = [];
  for (const number of numbers) found.push(await detail("evidence", number));
  if (!found.length) box.append(el("p", { class: "soft", text: say("noEvidence") }));
  for (const [quote, sentence, at, document_, rule, turn, status, claimant, begin, end] of found) {
    const points = [...sentence]; // offsets count code points, not UTF-16 units
    const length = [...quote].length;
    const inside = sentence && at >= 0 && at + length <= points.length && points.slice(at, at + length).join("") === quote;
    const words = inside
      ? [points.slice(0, at).join(""), el("mark", { text: quote }), points.slice(at + length).join("")]
      : [el("mark", { text: quote })];
    const source = G.docs[document_];
    const [name, about] = G.rules[rule] ?? ["", ""];
    box.append(
      el("figure", {},
        el("blockquote", { lang: "ko" }, ...words),
        el("figcaption", {},
          source ? el("p", { class: "source" }, link(source[2], source[0]), source[1] ? el("time", { datetime: source[1], text: source[1] }) : null,
            begin >= 0 ? el("span", { class: "soft", text: `${say("characters")} ${begin}–${end}` }) : null) : null,
          name || about ? el("p", { class: "rule" }, el("span", { class: "soft", text: `${say("rule")} ` }), el("code", { text: name }), about ? el("span", { lang: "ko", text: ` ${about}` }) : null) : null,
          el("p", { class: "chips" }, statusChip(G.statuses.indexOf(status)), turn ? el("span", { class: "chip", text: `${say("turn")}: ${turnName(turn)}` }) : null,
            claimant ? el("span", { class: "chip", text: `${say("says")}: ${claimant}` }) : null))));
  }
}

const heading = (text, count) => el("h3", {}, text, count === undefined ? null : el("span", { class: "soft", text: ` ${count}` }));
const goButton = (i) => el("button", { class: "go", type: "button", title: say("go"), "aria-label": `${say("go")}: ${labelOf(i)}`, text: "→", onclick: () => chooseNode(i, { focusPanel: true }) });

/** The days of a relation, if they are known: of its event, or of the texts that attest it. */
function whenOf(k) {
  const first = G.e.t0[k] ?? null;
  if (first === null) return null;
  const days = first === G.e.t1[k] ? dayText(first) : `${dayText(first)} – ${dayText(G.e.t1[k])}`;
  return el("span", { class: "soft when", text: G.attested.has(k) ? `${days} ${say("attested")}` : days });
}

async function openNode(i, focusPanel) {
  const facts = (await detail("node", i)).filter(([, , , evidence]) => evidence);
  if (state.node !== i) return;
  const edges = [...G.edgesOf(i)].filter((k) => passesEdge(k));
  edges.sort((a, b) => G.e.p[a] - G.e.p[b] || (G.e.s[a] === i ? 0 : 1) - (G.e.s[b] === i ? 0 : 1) || G.n.w[G.other(b, i)] - G.n.w[G.other(a, i)] || a - b);
  const rows = edges.map((k) => {
    const other = G.other(k, i);
    const out = G.e.s[k] === i;
    return factRow(
      [el("span", { class: "relation", text: out ? `${relationName(G.e.p[k])} ▸` : `◂ ${relationName(G.e.p[k])}` }), el("span", { class: "pair" }, swatch(G.n.c[other]), el("span", { class: "other", text: labelOf(other) })), statusChip(G.e.st[k]), whenOf(k)],
      () => detail("edge", k), goButton(other));
  });
  const own = (iri) => G.relations.findIndex(([relation]) => relation === `${NK}${iri}`);
  const [edtf, first, last, repeats] = ["edtf", "earliest", "latest", "repeats"].map(own);
  // The first and last day say again, for stores, what the date says.
  const dated = facts.some(([p]) => p === edtf);
  const plainFacts = facts.filter(([p, , kind, evidence]) => (kind !== "" || evidence.length) && !(dated && (p === first || p === last)));
  const shownValue = (p, text, kind) => (p === edtf ? dateInWords(text) : p === repeats && text === "P1Y" ? say("yearly") : kind === "" ? termInWords(text) : valueText(text, kind));
  const outside = facts.filter(([, , kind, evidence]) => kind === "" && !evidence.length);
  const aliases = [G.n.label[i], G.n.en[i], ...(G.n.alias[i] ? G.n.alias[i].split("\n") : [])].filter((name, at, all) => name && name !== labelOf(i) && all.indexOf(name) === at);
  const documents = Array.from(G.n.docs.slice(G.n.docStart[i], G.n.docStart[i + 1]));
  const from = state.start;
  showPanel(labelOf(i),
    el("p", { class: "kind" }, swatch(G.n.c[i]), className(G.n.c[i]), statusChip(G.n.st[i]), G.unreviewed.has(i) ? el("span", { class: "chip", text: say("unreviewed") }) : null),
    el("h2", { text: labelOf(i), id: "panel-title", tabindex: "-1" }),
    aliases.length ? el("p", { class: "aliases" }, el("span", { class: "vh", text: `${say("aliases")}: ` }), ...aliases.flatMap((name, at) => [at ? " · " : "", el("span", { text: name })])) : null,
    el("div", { class: "actions" },
      el("span", { class: "group", role: "group", "aria-label": say("near") }, el("span", { class: "soft", text: say("near") }),
        ...[1, 2, 3].map((d) => el("button", { type: "button", text: d, "data-depth": d, "aria-pressed": String(state.depth === d), "aria-label": `${say("near")} ${d} ${say("steps")}`, onclick: () => setDepth(state.depth === d ? 0 : d) }))),
      el("button", { type: "button", text: say("pathFrom"), onclick: () => { state.start = i; tell(`${say("pathStart")}: ${labelOf(i)}`); openNode(i); } }),
      from >= 0 && from !== i ? el("button", { type: "button", text: `${labelOf(from)} ⇢ ${say("pathTo")}`, onclick: () => setPath(from, i) }) : null,
      from === i ? el("span", { class: "chip", text: say("pathStart") }) : null,
      el("button", { type: "button", text: say("turtle"), onclick: () => copyTurtle([i], edges.filter((k) => G.e.s[k] === i)) })),
    edges.length ? heading(say("relations"), edges.length) : null,
    edges.length ? el("ul", { class: "facts" }, ...rows) : null,
    plainFacts.length ? heading(say("facts"), plainFacts.length) : null,
    plainFacts.length ? el("ul", { class: "facts" }, ...plainFacts.map(([p, text, kind, evidence]) => {
      const words = [el("span", { class: "relation", text: relationName(p).replace(/ ?\(EDTF\)/, "") }), el("span", { class: "other", text: shownValue(p, text, kind) })];
      return evidence.length ? factRow(words, async () => evidence) : el("li", {}, el("div", { class: "fact plain" }, ...words));
    })) : null,
    outside.length ? heading(say("links")) : null,
    outside.length ? el("ul", { class: "plain-list" }, ...outside.map(([p, text]) => el("li", {}, el("span", { class: "relation", text: relationName(p) }), " ", link(text)))) : null,
    documents.length ? heading(say("sources"), documents.length) : null,
    documents.length ? el("ul", { class: "plain-list" }, ...documents.slice(0, 60).map((d) => el("li", {}, link(G.docs[d][2], G.docs[d][0]), " ", el("span", { class: "soft when", text: G.docs[d][1] })))) : null);
  if (focusPanel) ($("panel").querySelector("button.fact") ?? $("panel-title")).focus();
  announce(`${labelOf(i)}, ${className(G.n.c[i])}`);
}
/** The name of a class, or the local name of what the page knows no name for. */
const termInWords = (iri) => {
  const known = G.classes.findIndex(([own]) => own === iri);
  return known >= 0 ? className(known) : iri.replace(/^.*[/#](?=.)/, "");
};
/** A value as it is read: a language in brackets, large numbers in groups of three digits. */
function valueText(text, kind) {
  if (kind.startsWith("@") && kind.length > 1) return `${text} (${kind.slice(1)})`;
  if (/^\d{5,15}(\.\d+)?$/.test(text) && /#(decimal|\w*[iI]nteger)$/.test(kind)) return Number(text).toLocaleString(lang, { maximumFractionDigits: 9 });
  return text;
}

async function openEdge(k) {
  const [s, o] = [G.e.s[k], G.e.o[k]];
  const numbers = await detail("edge", k);
  if (state.edge !== k) return;
  const box = el("div", { class: "evidence" });
  await fillEvidence(box, numbers);
  const end = (i) => el("button", { type: "button", class: "end", onclick: () => chooseNode(i, { focusPanel: true }) }, swatch(G.n.c[i]), labelOf(i));
  showPanel(relationName(G.e.p[k]),
    el("p", { class: "kind" }, say("relations"), statusChip(G.e.st[k]), whenOf(k)),
    el("h2", { class: "triple", id: "panel-title", tabindex: "-1" }, end(s), el("span", { class: "relation", text: ` ${relationName(G.e.p[k])} ▸ ` }), end(o)),
    el("div", { class: "actions" }, el("button", { type: "button", text: say("turtle"), onclick: () => copyTurtle([], [k]) })),
    heading(say("evidence"), numbers.length), box);
}

function openPath(way) {
  const row = ([i, k], at) => {
    const out = k >= 0 && G.e.s[k] === i;
    return [
      el("li", {}, el("button", { type: "button", class: "end", onclick: () => chooseNode(i, { focusPanel: true }) }, swatch(G.n.c[i]), labelOf(i))),
      k >= 0 ? factRow([el("span", { class: "relation", text: out ? `↓ ${relationName(G.e.p[k])}` : `↑ ${relationName(G.e.p[k])}` }), statusChip(G.e.st[k])], () => detail("edge", k)) : null,
    ];
  };
  showPanel(say("path"), el("p", { class: "kind", text: say("path") }),
    el("h2", { id: "panel-title", tabindex: "-1", text: `${labelOf(way[0][0])} ⇢ ${labelOf(way.at(-1)[0])}` }),
    el("div", { class: "actions" }, el("button", { type: "button", text: say("turtle"), onclick: () => copyTurtle([], way.map(([, k]) => k).filter((k) => k >= 0)) })),
    el("ul", { class: "facts way" }, ...way.flatMap(row).filter(Boolean)));
}
