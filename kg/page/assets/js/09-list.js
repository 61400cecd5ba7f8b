// The graph as a list: the same things in a table, for screen readers and for those who would rather read.

const PAGE = 100;
const SORTS = {
  weight: (a, b) => G.n.w[b] - G.n.w[a],
  name: (a, b) => labelOf(a).localeCompare(labelOf(b), lang),
  kind: (a, b) => className(G.n.c[a]).localeCompare(className(G.n.c[b]), lang),
  date: (a, b) => (G.n.t0[a] ?? Infinity) - (G.n.t0[b] ?? Infinity) || 0,
  documents: (a, b) => G.n.docCount[b] - G.n.docCount[a],
};

/** The things that the list goes through: all that pass the filters, drawn or not, unless the reader chose a part of them. */
function listedThings() {
  let rows;
  if (state.path || state.depth > 0 || state.view >= 0) rows = [...current.nodes];
  else if (state.community >= 0) rows = passing().filter((i) => groupOf(i) === state.community);
  else rows = passing();
  if (state.query.trim()) {
    const found = new Set(find(state.query, Infinity).map(([i]) => i));
    rows = rows.filter((i) => found.has(i));
  }
  return rows.sort((a, b) => SORTS[state.sort](a, b) || G.n.w[b] - G.n.w[a] || a - b);
}

function drawList() {
  const rows = listedThings();
  const last = Math.max(0, Math.ceil(rows.length / PAGE) - 1);
  state.page = Math.min(state.page, last);
  const from = state.page * PAGE;
  const turn = (page) => { state.page = page; drawList(); $("list").scrollTop = 0; $("list-page").focus(); writeHash(); };
  const sortBy = (key) => { Object.assign(state, { sort: state.sort === key ? "weight" : key, page: 0 }); drawList(); $(`sort-${key}`)?.focus(); writeHash(); };
  const head = el("tr", {}, ...["name", "kind", "relations", "date", "documents"].map((key) => el("th", { scope: "col", "aria-sort": state.sort === key ? (key === "documents" ? "descending" : "ascending") : null },
    SORTS[key] ? el("button", { type: "button", id: `sort-${key}`, class: "sort", text: `${say(key)}${state.sort === key ? (key === "documents" ? " ↓" : " ↑") : ""}`, onclick: () => sortBy(key) }) : say(key))));
  const body = rows.slice(from, from + PAGE).map((i) => el("tr", { "aria-current": state.node === i ? "true" : null },
    el("th", { scope: "row" }, el("button", { type: "button", class: "end", onclick: () => chooseThing(i, { look: false, focusPanel: true }) }, swatch(G.n.c[i]), labelOf(i)), statusChip(G.n.st[i])),
    el("td", { text: className(G.n.c[i]) }),
    el("td", {}, relationsInWords(i)),
    el("td", { text: G.n.t0[i] === null ? "" : G.n.t0[i] === G.n.t1[i] ? dayText(G.n.t0[i]) : `${dayText(G.n.t0[i])} – ${dayText(G.n.t1[i])}` }),
    el("td", { class: "number", text: G.n.docCount[i] })));
  const pager = el("p", { class: "pager" },
    el("button", { type: "button", "aria-label": say("before"), title: say("before"), text: "←", disabled: state.page === 0, onclick: () => turn(state.page - 1) }),
    el("span", { id: "list-page", tabindex: "-1", text: rows.length ? say("page", { a: from + 1, b: Math.min(rows.length, from + PAGE), n: rows.length }) : say("none") }),
    el("button", { type: "button", "aria-label": say("after"), title: say("after"), text: "→", disabled: state.page === last, onclick: () => turn(state.page + 1) }));
  $("list-body").replaceChildren(pager, el("table", {}, el("caption", { class: "vh", text: say("list") }), el("thead", {}, head), el("tbody", {}, ...body)));
}
/** What a thing is said to do, then what others do with it; six at most. */
function relationsInWords(i) {
  const edges = [...G.edgesOf(i)].filter(open).sort((a, b) => (G.e.s[a] === i ? 0 : 1) - (G.e.s[b] === i ? 0 : 1) || a - b);
  if (!edges.length) return null;
  const words = edges.slice(0, 6).map((k) => el("li", {}, el("span", { class: "relation", text: G.e.s[k] === i ? relationName(G.e.p[k]) : `◂ ${relationName(G.e.p[k])}` }), ` ${labelOf(G.other(k, i))} `, statusChip(G.e.st[k])));
  return el("ul", { class: "plain-list" }, ...words, edges.length > 6 ? el("li", { class: "soft", text: `+${(edges.length - 6).toLocaleString(lang)}` }) : null);
}
function showList(on, { keepHash = false } = {}) {
  state.list = on;
  $("list").hidden = !on;
  $("canvas").hidden = on;
  $("foot").hidden = on;
  $("as-list").setAttribute("aria-pressed", String(on));
  $("list-query").value = state.query;
  if (on) drawList();
  else {
    Object.assign(state, { page: 0, query: "" });
    network.redraw();
  }
  $("empty").hidden = on || current.nodes.size > 0;
  if (!keepHash) writeHash();
}
function startList() {
  let waiting = 0;
  $("list-query").addEventListener("input", (event) => {
    Object.assign(state, { query: event.target.value, page: 0 });
    clearTimeout(waiting);
    waiting = setTimeout(() => { drawList(); writeHash(); }, G.count > 5000 ? 200 : 30);
  });
}
