// The address of the page: what the reader has chosen, in names that outlast a rebuild of the graph.

const listed = (set) => [...set].sort((a, b) => a - b);
/** A class, relation or status of the ontology by its local name, of another vocabulary by its IRI. */
const NK = "https://w3id.org/newskg/ontology#";
const termName = (iri) => (iri.startsWith(NK) ? iri.slice(NK.length) : iri);
const termsNamed = (text, table) => new Set((text ?? "").split(" ").filter(Boolean).map((name) => table.findIndex((iri) => termName(iri) === name)).filter((k) => k >= 0));
const docIri = (d) => G.docs[d][3];
const nameOf = (i) => shortName(iriOf(i));
const nameOfEdge = (k) => [nameOf(G.e.s[k]), termName(G.relations[G.e.p[k]][0]), nameOf(G.e.o[k])];

function writeHash() {
  // A page shown inside another document, as in a notebook, has no address of its own.
  if (location.protocol === "about:") return;
  const to = new URLSearchParams();
  const put = (key, value) => value !== null && value !== "" && to.set(key, value);
  const off = (set, iri) => listed(set).map((k) => termName(iri(k))).join(" ");
  if (state.node >= 0) put("n", nameOf(state.node));
  if (state.edge >= 0) put("e", nameOfEdge(state.edge).join(" "));
  if (state.depth) put("d", state.depth);
  if (state.path) put("p", [nameOf(state.path[0][0]), nameOf(state.path.at(-1)[0])].join(" "));
  if (state.community >= 0) put("k", nameOf(G.map.groups[state.community][0]));
  if (state.view >= 0) put("v", G.views[state.view].id);
  put("c", off(state.offClasses, (c) => G.classes[c][0]));
  put("r", off(state.offRelations, (p) => G.relations[p][0]));
  put("s", off(state.offStatuses, (s) => G.statuses[s]));
  if (state.document >= 0) put("doc", shortName(docIri(state.document)));
  if (state.from !== null) put("t", `${dayText(state.from)}/${dayText(state.to)}`);
  if (!state.undated) put("u", 0);
  if (state.names) put("names", 1);
  if (state.list) {
    put("list", state.page + 1);
    put("q", state.query);
    if (state.sort !== "weight") put("sort", state.sort);
  }
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

/** Take the state from the address. What it names and the graph no longer has is let go. */
function readHash() {
  lastHash = location.hash;
  const from = new URLSearchParams(location.hash.slice(1));
  const get = (key) => from.get(key) ?? "";
  const named = (key) => (from.has(key) ? nodeNamed(get(key)) : NONE);
  const number = (key, most) => (/^\d{1,9}$/.test(get(key)) ? Math.min(Number(get(key)), most) : 0);
  state.opened.clear();
  state.node = named("n");
  state.edge = edgeNamed(get("e"));
  state.depth = state.node >= 0 ? number("d", 3) : 0;
  const leader = named("k");
  state.community = G.map && leader >= 0 ? G.map.of[leader] : NONE;
  state.view = G.views.findIndex((view) => view.id === get("v"));
  state.offClasses = termsNamed(get("c"), G.classes.map(([iri]) => iri));
  state.offRelations = termsNamed(get("r"), G.relations.map(([iri]) => iri));
  state.offStatuses = termsNamed(get("s"), G.statuses);
  state.document = from.has("doc") ? placeNamed(get("doc"), G.docs.length, docIri) : NONE;
  const [a, b] = (from.get("t") || "/").split("/").map((text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? Math.round(Date.parse(text) / 864e5) : null));
  [state.from, state.to] = Number.isFinite(a ?? NaN) && Number.isFinite(b ?? NaN) ? [a, b] : [null, null];
  state.undated = get("u") !== "0";
  state.names = get("names") === "1";
  state.list = from.has("list");
  state.page = Math.max(0, number("list", 1e6) - 1);
  state.query = get("q");
  state.sort = ["name", "kind", "date", "documents"].includes(get("sort")) ? get("sort") : "weight";
  state.path = null;
  if (["en", "ko"].includes(get("lang"))) lang = get("lang");
  if (["light", "dark"].includes(get("theme"))) themeChoice = get("theme");
  const [start, end] = get("p").split(" ").map(nodeNamed);
  if (start >= 0 && end >= 0) state.path = shortestPath(start, end, open);
  // In a large graph an edge that nothing led to is shown with what surrounds its ends.
  state.alone = state.edge >= 0 && isLarge();
}
/** An edge by the names of its subject, relation and object. */
function edgeNamed(text) {
  const [subject, relation, object] = text.split(" ");
  if (!object) return NONE;
  const [s, o] = [nodeNamed(subject), nodeNamed(object)];
  return s < 0 || o < 0 ? NONE : [...G.edgesOf(s)].find((k) => G.e.s[k] === s && G.e.o[k] === o && termName(G.relations[G.e.p[k]][0]) === relation) ?? NONE;
}
const dayText = (day) => new Date(day * 864e5).toISOString().slice(0, 10);
