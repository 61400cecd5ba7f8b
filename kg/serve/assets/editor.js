"use strict";
// The query editor: chooses a named question, sends the query to /sparql, shows the answer as a table.
// What comes from the graph is only ever put into text nodes.
(() => {
  const at = (id) => document.getElementById(id);
  const MOST_ROWS = 1000;
  const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";
  let known = { prefixes: {}, questions: [] };
  let running = null;
  let asked = null;

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  const chosen = () => known.questions.find((question) => question.name === at("question").value);

  const show = (...nodes) => at("answer").replaceChildren(...nodes);

  const choose = (name) => {
    at("question").value = name;
    const question = chosen();
    const parameters = question ? question.parameters : [];
    at("parameters").hidden = parameters.length === 0;
    at("parameters").replaceChildren(at("parameters").querySelector("legend"));
    for (const parameter of parameters) {
      const id = `parameter-${parameter.name}`;
      at("parameters").append(
        element("label", `${parameter.ko} · ${parameter.en}`, { for: id }),
        element("input", undefined, { id, name: parameter.name, value: parameter.default }),
      );
    }
    if (question) at("query").value = question.sparql;
    history.replaceState(null, "", question ? `#${question.name}` : "#");
  };

  const request = () => {
    const form = new URLSearchParams({ query: at("query").value });
    for (const input of at("parameters").querySelectorAll("input")) {
      // A question that was rewritten may have lost its parameter.
      if (new RegExp(`[?$]${input.name}\\b`).test(at("query").value)) form.set(`$${input.name}`, input.value);
    }
    return form;
  };

  const send = (form, accept, signal) =>
    fetch("sparql", { method: "POST", body: form, headers: { Accept: accept }, signal });

  const short = (iri) => {
    for (const [prefix, namespace] of Object.entries(known.prefixes)) {
      const local = iri.slice(namespace.length);
      if (iri.startsWith(namespace) && /^[\w-]+$/.test(local)) return `${prefix}:${local}`;
    }
    return iri;
  };

  const cell = (term) => {
    if (!term) return element("td", "");
    const made = element("td", term.type === "uri" ? short(term.value) : term.value);
    if (term.type === "uri") made.title = term.value;
    if (term["xml:lang"]) made.lang = term["xml:lang"];
    return made;
  };

  const table = (answer) => {
    const names = answer.head.vars;
    const made = element("table");
    const head = element("tr");
    head.append(...names.map((name) => element("th", name, { scope: "col" })));
    made.createTHead().append(head);
    const body = made.createTBody();
    for (const row of answer.results.bindings.slice(0, MOST_ROWS)) {
      const line = element("tr");
      line.append(...names.map((name) => cell(row[name])));
      body.append(line);
    }
    return made;
  };

  const shown = async (response) => {
    const media = response.headers.get("Content-Type") || "";
    if (!response.ok) {
      show(element("pre", await response.text(), { class: "wrong" }));
      return response.status === 503 ? "답하지 못했습니다 · Not answered" : "물음에 잘못이 있습니다 · Not understood";
    }
    if (!media.startsWith("application/sparql-results+json")) {
      show(element("pre", await response.text()));
      return "트리플 · Triples";
    }
    const answer = await response.json();
    if ("boolean" in answer) {
      show(element("pre", answer.boolean ? "예 · Yes" : "아니요 · No"));
      return "";
    }
    const count = answer.results.bindings.length;
    show(table(answer));
    const cut = count > MOST_ROWS ? ` (처음 ${MOST_ROWS}행만 보임 · the first ${MOST_ROWS} are shown)` : "";
    at("save-csv").disabled = at("save-json").disabled = false;
    return `${count}행 · ${count} row${count === 1 ? "" : "s"}${cut}`;
  };

  const run = async () => {
    if (running) return;
    running = new AbortController();
    asked = request();
    at("run").disabled = at("save-csv").disabled = at("save-json").disabled = true;
    at("stop").disabled = false;
    at("status").textContent = "묻는 중… · Asking…";
    show();
    try {
      at("status").textContent = await shown(await send(asked, ACCEPT, running.signal));
    } catch (error) {
      at("status").textContent =
        error.name === "AbortError" ? "멈췄습니다 · Stopped" : "서버가 답하지 않습니다 · The server does not answer";
    } finally {
      running = null;
      at("run").disabled = false;
      at("stop").disabled = true;
    }
  };

  const save = async (media, extension) => {
    const response = await send(asked, media);
    const link = element("a", undefined, { download: `answer.${extension}` });
    link.href = URL.createObjectURL(await response.blob());
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  at("form").addEventListener("submit", (event) => { event.preventDefault(); run(); });
  at("stop").addEventListener("click", () => running && running.abort());
  at("save-csv").addEventListener("click", () => save("text/csv", "csv"));
  at("save-json").addEventListener("click", () => save("application/sparql-results+json", "json"));
  at("question").addEventListener("change", () => choose(at("question").value));
  at("query").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
  });

  fetch("questions.json").then((response) => response.json()).then((told) => {
    known = told;
    at("page").hidden = !told.page;
    for (const question of told.questions) {
      at("question").append(element("option", `${question.ko} · ${question.en}`, { value: question.name }));
    }
    const wanted = location.hash.slice(1);
    const first = told.questions.some((question) => question.name === wanted) ? wanted : "";
    choose(first);
    if (!first) at("query").value = "SELECT ?class (COUNT(?thing) AS ?things) WHERE {\n  ?thing a ?class\n}\nGROUP BY ?class\nORDER BY DESC(?things)\n";
    document.documentElement.dataset.ready = "true";
  });
})();
