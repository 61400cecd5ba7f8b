// What the page says in Korean and in English, and how it finds a name.

const WORDS = {
  ko: {
    find: "찾기: 이름, 별칭, 초성", none: "찾은 것이 없습니다", kinds: "종류", relations: "관계", status: "사실 여부",
    documents: "문서", allDocuments: "모든 문서", time: "때", views: "물음", all: "모두", nothing: "모두 끄기",
    graph: "그래프", list: "목록", fit: "전체 보기", save: "내보내기", png: "PNG 그림 (2배)", svg: "SVG 그림 (2배)",
    turtle: "Turtle 복사", turtleAll: "보이는 것을 Turtle로 복사", theme: "밝게·어둡게", filters: "거르기", close: "닫기",
    facts: "사실", aliases: "다른 이름", links: "바깥 링크", sources: "나온 문서", evidence: "근거", noEvidence: "글에서 읽은 근거가 없습니다. 사전에 적힌 사실이거나 다른 곳에서 온 것입니다.",
    rule: "규칙", turn: "꼴", says: "말한 이", near: "이웃", steps: "단계", off: "끄기", pathFrom: "여기서 길 찾기", pathTo: "여기까지 길 찾기",
    noPath: "두 대상을 잇는 길이 없습니다", path: "가장 짧은 길", Happened: "일어남", Planned: "계획", Possible: "가능성", Claimed: "주장",
    go: "이 대상으로 가기", copied: "복사했습니다", notCopied: "복사하지 못했습니다", shown: "{n}개 대상, {e}개 관계", groupsOf: "{all}개 대상과 {e}개 관계, {n}개 무리", shownOf: "{all}개 가운데 {n}개 대상, {e}개 관계",
    unreviewed: "검토 전", name: "이름", kind: "종류", date: "날짜", help: "도움말", attested: "확인", allTime: "모든 때", characters: "글자", dash: "선의 꼴", findInList: "목록에서 찾기: 이름, 별칭, 초성", page: "{a}–{b} / {n}", before: "앞 쪽", after: "다음 쪽", yearly: "해마다", undated: "때를 모르는 것도",
    from: "부터", to: "까지", empty: "거르기에 맞는 대상이 없습니다", emptyGraph: "그래프가 비어 있습니다", saved: "저장했습니다", document: "문서", language: "English",
    relNames: "관계 이름 늘 보기", menu: "메뉴", keys: "자판", communities: "무리 지도",
    community: "무리", open: "펼치기", pathStart: "길의 시작",
    h_search: "찾기", h_next: "찾은 것 고르기 · 사실 사이 오가기", h_open: "고르기 · 근거 펼치기", h_back: "근거 접기 · 닫기 · 처음으로",
    h_arrow: "그래프: 가장 가까운 이웃으로 (고른 것이 없으면 밀기)", h_zoom: "크게 · 작게 · 전체", h_list: "목록과 그래프 바꾸기", h_near: "이웃 1·2·3단계, 0 끄기",
  },
  en: {
    find: "Find: name, alias, initials (ㅊㄷㅇ)", none: "Nothing found", kinds: "Kinds", relations: "Relations", status: "Factuality",
    documents: "Documents", allDocuments: "All documents", time: "Time", views: "Questions", all: "All", nothing: "None",
    graph: "Graph", list: "List", fit: "Fit", save: "Export", png: "PNG picture (2×)", svg: "SVG picture (2×)",
    turtle: "Copy as Turtle", turtleAll: "Copy what is shown as Turtle", theme: "Light or dark", filters: "Filter", close: "Close",
    facts: "Facts", aliases: "Other names", links: "Links", sources: "Documents", evidence: "Evidence", noEvidence: "No text says so here: it stands in the lexicon, or came from elsewhere.",
    rule: "Rule", turn: "Form", says: "Said by", near: "Neighbours", steps: "steps", off: "Off", pathFrom: "Path from here", pathTo: "Path to here",
    noPath: "No path joins the two", path: "Shortest path", Happened: "Happened", Planned: "Planned", Possible: "Possible", Claimed: "Claimed",
    go: "Go to this", copied: "Copied", notCopied: "Could not copy", shown: "{n} things, {e} relations", groupsOf: "{all} things and {e} relations in {n} communities", shownOf: "{n} of {all} things, {e} relations",
    unreviewed: "Unreviewed", name: "Name", kind: "Kind", date: "Date", help: "Help", attested: "attested", allTime: "All time", characters: "characters", dash: "Lines", findInList: "Find in the list: name, alias, initials", page: "{a}–{b} of {n}", before: "Previous page", after: "Next page", yearly: "every year", undated: "Undated too",
    from: "From", to: "To", empty: "Nothing fits the filters", emptyGraph: "The graph is empty", saved: "Saved", document: "Document", language: "한국어",
    relNames: "Always show relation names", menu: "Menu", keys: "Keyboard", communities: "Map of communities",
    community: "Community", open: "Open", pathStart: "Path starts at",
    h_search: "Find", h_next: "Choose a result · move between facts", h_open: "Choose · open the evidence", h_back: "Fold the evidence · close · start over",
    h_arrow: "Graph: to the nearest neighbour (or pan, if nothing is selected)", h_zoom: "Zoom in · out · fit", h_list: "Switch list and graph", h_near: "Neighbours of 1, 2, 3 steps; 0 off",
  },
};

let lang = "ko";
const say = (key, values) => (WORDS[lang][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => Number(values[name]).toLocaleString(lang));
const labelOf = (i) => (lang === "en" && G.n.en[i]) || G.n.label[i];
const className = (c) => G.classes[c][lang === "en" ? 2 : 1];
/** A relation's name; one that begins with a particle gets the mark of dictionaries for the word before it: ~에 있다. */
const relationName = (p) => (lang === "en" ? G.relations[p][2] : G.relations[p][1].replace(/^(?=(을|를|에|에서|에게|의|과|와|이|가|로|으로)( |$))/, "~"));
const turnName = (turn) => (lang === "ko" && TURNS[turn]) || turn;
const TURNS = {
  active: "능동", passive: "피동", causative: "사동", final: "종결", connective: "이어 주는 꼴", adnominal: "꾸미는 꼴", quotative: "옮겨 말하는 꼴",
  nominalised: "명사로 바꾼 꼴", nominal: "명사", light: "‘하다’를 뗀 꼴", phrase: "구",
};
const statusName = (s) => say(G.statuses[s]);
const titleOf = () => G.titles[lang === "en" ? 1 : 0];

const SEASONS = { 21: ["봄", "spring"], 22: ["여름", "summer"], 23: ["가을", "autumn"], 24: ["겨울", "winter"] };
const MONTHS = "January February March April May June July August September October November December".split(" ");
/** A date of EDTF in words: 2020-21 is spring 2020. What this does not know stays as it is. */
function dateInWords(text) {
  if (text.includes("/")) return text.split("/").map((part) => (part === ".." ? "" : dateInWords(part))).join(" ~ ");
  const [, year, month, day, doubt] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?([~?%]?)$/.exec(text) ?? [];
  if (!year || (month > 12 && !SEASONS[month])) return text;
  const [ko, en] = [[`${Number(year)}년`], [String(Number(year))]];
  if (SEASONS[month]) [ko[1], en[1]] = SEASONS[month];
  else if (month) [ko[1], en[1]] = [`${Number(month)}월`, MONTHS[month - 1]];
  if (day) [ko[2], en[2]] = [`${Number(day)}일`, String(Number(day))];
  if (doubt) [ko[3], en[3]] = doubt === "~" ? ["무렵", "about"] : ["(불확실)", "perhaps"];
  return (lang === "en" ? en.reverse() : ko).filter(Boolean).join(" ");
}

const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
/** A name as it is compared: composed, lower case, without spaces and marks of punctuation. */
const plain = (text) => text.normalize("NFC").toLowerCase().replace(/[\s'"‘’“”·,.()（）《》〈〉「」『』-]+/g, "");

/** Tell whether the query stands at `at` of the name; an initial consonant stands for any syllable that begins with it. */
function matchesAt(name, query, at) {
  for (let i = 0; i < query.length; i++) {
    const wanted = query[i];
    const found = name[at + i];
    if (wanted === found) continue;
    const code = found.charCodeAt(0) - 0xac00;
    if (code < 0 || code >= 11172) return false;
    if (wanted >= "ㄱ" && wanted <= "ㅎ") {
      if (INITIALS[Math.floor(code / 588)] !== wanted) return false;
    } else if (i === query.length - 1) {
      // While a syllable is being typed its final consonant is still to come: 치 finds 칭.
      const typed = wanted.charCodeAt(0) - 0xac00;
      if (typed < 0 || typed >= 11172 || typed % 28 !== 0 || Math.floor(typed / 28) !== Math.floor(code / 28)) return false;
    } else return false;
  }
  return true;
}

/** Rank of a name for a query: 0 equal, 1 begins with it, 2 contains it, 9 does not. */
function rank(name, query) {
  if (name === query) return 0;
  for (let at = 0; at + query.length <= name.length; at++) {
    if (matchesAt(name, query, at)) return at === 0 ? (name.length === query.length ? 0.5 : 1) : 2;
  }
  return 9;
}

let names = null;
/** Find nodes by label or alias in any script; the best rank first, then the weightiest. Gives [node, name that matched]. */
function find(text, limit) {
  const query = plain(text);
  if (!query) return [];
  names ??= new Array(G.count);
  const found = [];
  for (let i = 0; i < G.count; i++) {
    const own = (names[i] ??= [G.n.label[i], G.n.en[i], ...(G.n.alias[i] ? G.n.alias[i].split("\n") : [])].filter(Boolean).map((name) => [plain(name), name]));
    let best = 9;
    let by = "";
    for (const [name, shown] of own) {
      const r = rank(name, query);
      if (r < best) [best, by] = [r, shown];
    }
    if (best < 9) found.push([best, i, by]);
  }
  found.sort((a, b) => a[0] - b[0] || G.n.w[b[1]] - G.n.w[a[1]] || a[1] - b[1]);
  return found.slice(0, limit).map(([, i, by]) => [i, by]);
}
