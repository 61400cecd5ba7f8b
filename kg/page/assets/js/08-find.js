// Finding a thing by its names, and filtering what is shown.

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
    if (found.length) [...hits.children].forEach((item, k) => item.setAttribute("aria-selected", String(k === at)));
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
    if (!found.length) hits.append(el("li", { role: "option", class: "soft", "aria-disabled": "true", "aria-selected": "false", text: say("none") }));
    hits.hidden = false;
    input.setAttribute("aria-expanded", "true");
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
  if (G.days) parts.push(section("f-time", say("time"), state.from !== null || !G.map, timeSlider()));
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

/** The lines and outlines that are on the canvas now, other than those of what happened. */
function drawLegend() {
  const seen = new Set();
  if (current.where !== "map") {
    for (const i of current.nodes) seen.add(G.n.st[i]);
    for (const k of current.edges) seen.add(G.e.st[k]);
  }
  const kinds = [1, 2, 3].filter((s) => seen.has(s));
  $("legend").hidden = !kinds.length || state.list;
  $("legend").replaceChildren(...kinds.map((s) => el("li", {}, lineSample(s), statusName(s))));
}

/** Two handles over a picture of how many events fall when. */
function timeSlider() {
  const [first, last] = G.days;
  const bins = new Array(36).fill(0);
  const span = Math.max(1, last - first);
  const put = (a, b) => { bins[Math.max(0, Math.min(35, Math.floor((((a + b) / 2 - first) / span) * 36)))]++; };
  for (let i = 0; i < G.count; i++) {
    if (G.n.t0[i] === null) continue;
    put(G.n.t0[i], G.n.t1[i]);
  }
  for (const k of G.attested) put(G.e.t0[k], G.e.t1[k]);
  const most = Math.max(1, ...bins);
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
    const [all, early, late] = [a <= first && b >= last, a <= first ? "" : dayText(a), b >= last ? "" : dayText(b)];
    text.textContent = all ? `${say("allTime")} (${dayText(G.span[0])} – ${dayText(G.span[1])})` : `${early} – ${late}`.trim();
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
