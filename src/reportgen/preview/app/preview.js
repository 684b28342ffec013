// The preview's page: it follows the server's news and shows the newest pages, in place.

const $ = (id) => document.getElementById(id);
const scroller = $("scroller");
const list = $("pages");

/** What is looked at, as the address has it: a reload comes back to it. */
const asked = new URLSearchParams(location.search);

let news = null; // the last that the server said
let view = null; // the last view in it
let shown = ""; // of which locale and edition the pages on the desk are
let zoom = 1;
let events = null;

// ---------------------------------------------------------------------------------------------
// News

function follow() {
  events?.close();
  const query = new URLSearchParams();
  for (const name of ["locale", "edition"]) if (asked.has(name)) query.set(name, asked.get(name));
  events = new EventSource(`/events?${query}`);
  events.addEventListener("news", (event) => take(JSON.parse(event.data)));
  events.onerror = () => {
    showState("ended", "Not connected");
    showBanner("The preview has ended.", "Start it again: reportgen preview");
    lastSaid = "";
  };
}

function take(latest) {
  news = latest;
  document.title = `${news.project} – Preview`;
  $("title").textContent = news.project;
  if (news.view) {
    view = news.view;
    showChoices();
    showPages();
    showProblems();
    showTranslations();
  }
  showStanding();
}

/** Say in the bar, and above the pages, how the pages and the files stand to each other. */
function showStanding() {
  const errors = view?.diagnostics.filter((found) => found.severity === "error") ?? [];
  if (news.is_working) showState("working", view ? "Updating …" : "Laying out …");
  else if (!view) showState("working", "Starting …");
  else if (!view.is_current) showState("outdated", "Not up to date");
  else showState("current", `Up to date · ${view.seconds.toFixed(1)} s`);

  const outdated = view !== null && !view.is_current;
  list.classList.toggle("is-outdated", outdated);
  $("empty").hidden = list.childElementCount > 0;
  $("empty").textContent = outdated
    ? "There are no pages yet: correct what is wrong."
    : "The pages are being laid out …";
  if (!outdated) showBanner("");
  else {
    const what = list.childElementCount ? "These pages are not up to date." : "The pages can’t be made.";
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    showBanner(what, errors.length ? `${sentence(errors[0])}${more}` : "", errors[0]);
  }
}

function showState(state, text) {
  $("state").dataset.state = state;
  $("state-text").textContent = text;
}

let lastSaid = "";

/** Show a banner, which a screen reader says at once; the same one isn't said again. */
function showBanner(title, text = "", found = null) {
  if (title + text === lastSaid) return;
  lastSaid = title + text;
  if (!title) return $("banner").replaceChildren();
  const rest = found ? [" ", place(found), text.slice(where(found).length)] : [` ${text}`];
  $("banner").replaceChildren(make("strong", {}, title), ...rest);
}

// ---------------------------------------------------------------------------------------------
// Languages and editions

function showChoices() {
  const choices = {
    locale: news.locales.map(({ tag, name }) => [tag, name]),
    edition: news.editions.map((name) => [name, name]),
  };
  const now = { locale: view.locale.tag, edition: view.edition };
  for (const [id, options] of Object.entries(choices)) {
    const select = $(id);
    const key = JSON.stringify(options);
    if (select.dataset.options !== key) {
      select.dataset.options = key;
      select.replaceChildren(...options.map(([value, label]) => make("option", { value }, label)));
    }
    select.value = now[id];
    select.disabled = options.length < 2;
    if (now[id] && options.length) remember(id, now[id]);
  }
}

function choose(name, value) {
  remember(name, value);
  showState("working", "Laying out …");
  follow();
}

function remember(name, value) {
  if (asked.get(name) === value) return;
  if (value) asked.set(name, value);
  else asked.delete(name);
  history.replaceState(null, "", `?${asked}`);
}

// ---------------------------------------------------------------------------------------------
// Pages

/** A page on the desk. Its image is replaced when the new one is there, never by nothing. */
class Page {
  constructor() {
    this.element = make("li", { className: "page" });
    this.image = null;
    this.folio = make("span", { className: "folio" });
    this.areas = make("div");
    this.element.append(this.areas, this.folio);
    this.element.page = this;
    this.loaded = ""; // the address of the image that was asked for last
    this.compared = ""; // the key of the image that was compared last
    this.digest = ""; // of that image
    this.seen = ""; // of the one that the reader has seen, or that was there first
    this.isNear = false;
    nearness.observe(this.element);
    sight.observe(this.element);
  }

  update(data) {
    this.data = data;
    this.element.id = `page-${data.number}`;
    this.element.dataset.part = data.part;
    this.element.dataset.place = data.place;
    this.element.style.setProperty("--page-width", data.width);
    this.element.style.setProperty("--page-height", data.height);
    this.folio.textContent = data.number;
    if (this.image) this.image.alt = `Page ${data.number}`;
    const areas = JSON.stringify(data.areas);
    if (areas !== this.lastAreas) {
      this.lastAreas = areas;
      this.areas.replaceChildren(...data.areas.map(areaLink).filter(Boolean));
    }
  }

  remove() {
    nearness.unobserve(this.element);
    sight.unobserve(this.element);
    changed.delete(this);
    this.element.remove();
  }

  get address() {
    return `${this.data.image}?scale=${imageScale()}`;
  }

  /** Show the newest image, once it is there. */
  async show() {
    const { address } = this;
    this.loaded = address;
    const image = new Image();
    image.alt = `Page ${this.data.number}`;
    image.src = address;
    try {
      await image.decode();
    } catch {
      return; // gone: the next news will have another one
    }
    if (address !== this.address) return;
    this.image?.remove();
    this.image = image;
    this.element.dataset.shown = this.data.key;
    this.element.prepend(image);
  }

  /** Tell whether the page looks other than before: what is laid out anew may look the same. */
  async compare() {
    const { key, image } = this.data;
    this.compared = key;
    const answer = await fetch(`${image}?scale=${COMPARED}`);
    await answer.arrayBuffer();
    if (!answer.ok || key !== this.data.key) return;
    this.digest = answer.headers.get("ETag");
    if (!this.seen && !this.isAdded) this.seen = this.digest;
    if (this.seen !== this.digest) mark(this);
    else if (changed.delete(this)) showJump(); // it was changed, and changed back
    this.isAdded = false;
  }

  get isToBeShown() {
    return this.isNear && this.loaded !== this.address;
  }

  get isToBeCompared() {
    return this.compared !== this.data.key;
  }
}

function areaLink({ x, y, width, height, page, url }) {
  const link = make("a", { className: "area" });
  for (const [name, value] of Object.entries({ left: x, top: y, width, height })) {
    link.style[name] = `${value * 100}%`;
  }
  if (page !== null) {
    const target = view.pages[page];
    if (!target) return null;
    link.href = `#page-${target.number}`;
    link.setAttribute("aria-label", `To page ${target.number}`);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      goTo($(`page-${target.number}`)?.page);
    });
    return link;
  }
  // Content is data: an address that would run a program is none.
  if (!/^(https?|mailto):/i.test(url ?? "")) return null;
  Object.assign(link, { href: url, target: "_blank", rel: "noopener noreferrer", title: url });
  link.setAttribute("aria-label", url);
  return link;
}

function pages() {
  return Array.from(list.children, (element) => element.page);
}

/** Bring the pages on the desk in line with the view, and the reader back to the same place. */
function showPages() {
  const now = `${view.locale.tag} ${view.edition}`;
  const isOther = now !== shown;
  const reader = isOther && !shown ? storedPlace() : readerPlace();
  const old = new Map(pages().map((page) => [`${page.data.part}/${page.data.place}`, page]));
  const isFirst = isOther || old.size === 0;
  if (isFirst) changed.clear();
  shown = now;
  list.dir = view.locale.direction;
  const kept = view.pages.map((data) => {
    const id = `${data.part}/${data.place}`;
    let page = isOther ? undefined : old.get(id);
    old.delete(isOther ? "" : id);
    if (!page) {
      page = new Page();
      page.isAdded = !isFirst;
    }
    page.update(data);
    return page;
  });
  for (const page of old.values()) page.remove();
  kept.forEach((page, index) => {
    if (list.children[index] !== page.element) list.insertBefore(page.element, list.children[index] ?? null);
  });
  $("count").textContent = kept.length;
  resize();
  returnTo(reader);
  showNumber();
  showJump();
  load();
}

// Where the reader is: on which page, and how far down on it. The line is a third down the desk.

const line = () => scroller.clientHeight / 3;

// Who is on the way to a page is there already: what comes meanwhile must not call the reader back.
let goal = null;
const readerTop = () => (goal?.element.isConnected ? Math.max(goal.element.offsetTop - 12, 0) : scroller.scrollTop);

scroller.addEventListener("scrollend", () => {
  goal = null;
});

function currentPage() {
  const y = readerTop() + line();
  let nearest = null;
  for (const page of pages()) {
    if (page.element.offsetTop > y && nearest) break;
    if (!nearest || page.element.offsetTop > nearest.element.offsetTop) nearest = page;
  }
  return nearest;
}

function readerPlace() {
  const page = currentPage();
  if (!page) return null;
  const { offsetTop, offsetHeight } = page.element;
  const { part, place, number } = page.data;
  // At the very top the reader looks at the beginning, whatever comes before it.
  const isTop = readerTop() < 2;
  return { part, place, number, isTop, offset: (readerTop() + line() - offsetTop) / offsetHeight };
}

function returnTo(reader) {
  if (!reader) return;
  const all = pages();
  const ofPart = all.filter((page) => page.data.part === reader.part);
  const page =
    ofPart.find((one) => one.data.place === reader.place) ?? ofPart.at(-1) ?? all[reader.number - 1] ?? all.at(-1);
  if (!page) return;
  const { offsetTop, offsetHeight } = page.element;
  scroller.scrollTop = reader.isTop ? 0 : offsetTop + reader.offset * offsetHeight - line();
}

function storedPlace() {
  try {
    return JSON.parse(sessionStorage.getItem("place"));
  } catch {
    return null;
  }
}

function goTo(page) {
  if (!page) return;
  goal = page;
  // Who stands there already doesn't scroll, and comes to no end of it.
  setTimeout(() => {
    if (goal === page) goal = null;
  }, 1000);
  const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  scroller.scrollTo({ top: page.element.offsetTop - 12, behavior: smooth ? "smooth" : "instant" });
  scroller.focus({ preventScroll: true });
}

// ---------------------------------------------------------------------------------------------
// Size

function resize() {
  const choice = $("zoom").value;
  const isFacing = $("facing").getAttribute("aria-pressed") === "true";
  list.classList.toggle("is-facing", isFacing);
  zoom = Number(choice);
  if (!zoom) {
    const style = getComputedStyle(list);
    const sides = parseFloat(style.paddingInlineStart) + parseFloat(style.paddingInlineEnd) + 2;
    const ends = parseFloat(style.paddingBlockStart) + parseFloat(style.paddingBlockEnd);
    const wide = Math.max(1, ...(view?.pages ?? []).map((page) => page.width));
    const high = Math.max(1, ...(view?.pages ?? []).map((page) => page.height));
    zoom = (scroller.clientWidth - sides) / (isFacing ? 2 * wide : wide);
    if (choice === "page") zoom = Math.min(zoom, (scroller.clientHeight - ends) / high);
    zoom = Math.max(0.1, zoom);
  }
  // The scale of images has three decimals, and the pages on the desk the size of their images.
  zoom = Math.floor(zoom * devicePixelRatio * 1000) / 1000 / devicePixelRatio;
  list.style.setProperty("--zoom", zoom);
  list.style.setProperty("--pixel", `${1 / devicePixelRatio}px`);
}

/** Give how many pixels images have for a CSS pixel of the page. */
function imageScale() {
  return Math.min(4, Math.max(0.1, zoom * devicePixelRatio)).toFixed(3);
}

let waiting = 0;

function resized(change = () => {}) {
  const reader = readerPlace();
  change();
  resize();
  returnTo(reader);
  clearTimeout(waiting);
  waiting = setTimeout(load, 150); // a window that is being resized has many sizes
}

// ---------------------------------------------------------------------------------------------
// Images: those near the reader first, one after the other, then what else may have changed

/** The scale at which images are compared: small, as all pages are, also those never looked at. */
const COMPARED = 0.5;

const nearness = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) target.page.isNear = isIntersecting;
    load();
  },
  { root: scroller, rootMargin: "100% 0px" },
);

let isLoading = false;

async function load() {
  if (isLoading) return;
  isLoading = true;
  try {
    for (let job = nextJob(); job; job = nextJob()) await job();
  } catch {
    // Not connected: the next news begin again.
  } finally {
    isLoading = false;
  }
}

function nextJob() {
  const middle = scroller.scrollTop + scroller.clientHeight / 2;
  const distance = ({ element }) => Math.abs(element.offsetTop + element.offsetHeight / 2 - middle);
  const all = pages().sort((a, b) => distance(a) - distance(b));
  const first = all.find((page) => page.isToBeShown);
  if (first) return () => first.show();
  const second = all.find((page) => page.isToBeCompared);
  return second && (() => second.compare());
}

// ---------------------------------------------------------------------------------------------
// Changes: a page that is seen is marked for a moment, one out of sight can be gone to

const changed = new Set();

const sight = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      target.page.isInSight = isIntersecting;
      if (isIntersecting && changed.delete(target.page)) highlight(target.page);
    }
    showJump();
  },
  { root: scroller, threshold: 0.15 },
);

function mark(page) {
  if (page.isInSight) highlight(page);
  else changed.add(page);
  showJump();
}

function highlight(page) {
  const { element } = page;
  page.seen = page.digest;
  element.classList.remove("is-changed");
  void element.offsetWidth; // so that a second change is seen too
  element.classList.add("is-changed");
  clearTimeout(element.highlighted);
  element.highlighted = setTimeout(() => element.classList.remove("is-changed"), 2400);
}

function showJump() {
  const [first] = [...changed].sort((a, b) => a.data.number - b.data.number);
  const more = changed.size > 1 ? ` and ${changed.size - 1} more` : "";
  $("jump").hidden = !first;
  $("jump").textContent = first ? `Go to the change: page ${first.data.number}${more}` : "";
}

// ---------------------------------------------------------------------------------------------
// Problems and translations

const where = ({ path, line, column }) => `${path}:${line}:${column}`;
const sentence = (found) => `${where(found)}: ${found.message}; ${found.hint}`;

function place(found) {
  return found.link
    ? make("a", { href: found.link, title: "Open in the editor" }, where(found))
    : make("span", {}, where(found));
}

function showProblems() {
  const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const groups = { error: "errors", warning: "warnings" };
  // The first view of an update hasn't all warnings yet: those that are shown don't go and come.
  if (news.is_working && view.is_current) delete groups.warning;
  const numbers = [];
  for (const [severity, id] of Object.entries(groups)) {
    const found = view.diagnostics.filter((one) => one.severity === severity);
    const group = $(id);
    group.hidden = found.length === 0;
    group.querySelector("summary").textContent = count(found.length, severity);
    const key = JSON.stringify(found);
    if (group.dataset.found !== key) {
      group.dataset.found = key;
      group.querySelector("ul").replaceChildren(...found.map(problem));
    }
    if (found.length) numbers.push(count(found.length, severity));
  }
  if (!groups.warning) return;
  const all = view.diagnostics.length;
  $("no-problems").hidden = all > 0;
  $("badge").hidden = all === 0;
  $("badge").textContent = all;
  $("badge").classList.toggle("has-errors", numbers.length > 0 && !$("errors").hidden);
  const heard = `${numbers.join(", ") || "No problems"}.`;
  if ($("heard").textContent !== heard) $("heard").textContent = heard;
}

function problem(found) {
  const where = place(found);
  where.className = "where";
  return make(
    "li",
    {},
    where,
    make("span", { className: "code" }, `${found.severity}[${found.code}] `),
    `${found.message}. `,
    make("span", { className: "hint" }, `To do: ${found.hint}`),
  );
}

function showTranslations() {
  const section = $("translations");
  section.hidden = view.translations.length === 0;
  section.querySelector("ul").replaceChildren(...view.translations.map(translation));
}

function translation({ tag, name, percent, fuzzy, missing }) {
  const button = make("button", { type: "button", lang: "en" }, name);
  button.addEventListener("click", () => choose("locale", tag));
  const bar = make("progress", { max: 100, value: percent });
  bar.setAttribute("aria-label", `${name}: translated`);
  const rest = [fuzzy && `${fuzzy} fuzzy`, missing && `${missing} missing`].filter(Boolean);
  return make(
    "li",
    {},
    button,
    make("span", {}, `${percent} %`),
    bar,
    make("span", { className: "quiet" }, rest.join(", ") || "complete"),
  );
}

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// ---------------------------------------------------------------------------------------------
// What the reader does

for (const name of ["locale", "edition"]) {
  $(name).addEventListener("change", ({ target }) => choose(name, target.value));
}

$("zoom").addEventListener("change", ({ target }) => {
  remember("zoom", target.value);
  resized();
});

$("facing").addEventListener("click", ({ currentTarget }) => {
  const isFacing = currentTarget.getAttribute("aria-pressed") !== "true";
  remember("facing", isFacing ? "1" : "");
  resized(() => currentTarget.setAttribute("aria-pressed", isFacing));
});

$("toggle").addEventListener("click", () => showPanel($("panel").hidden));

function showPanel(isOpen) {
  remember("panel", isOpen ? "" : "closed");
  resized(() => {
    $("panel").hidden = !isOpen;
    $("toggle").setAttribute("aria-expanded", isOpen);
  });
}

$("go").addEventListener("submit", (event) => {
  event.preventDefault();
  goTo($(`page-${Number($("number").value)}`)?.page);
});

$("jump").addEventListener("click", () => {
  goTo([...changed].sort((a, b) => a.data.number - b.data.number)[0]);
});

scroller.addEventListener("keydown", (event) => {
  if (event.target !== scroller || event.ctrlKey || event.altKey || event.metaKey) return;
  const sizes = Array.from($("zoom").options, ({ value }) => Number(value)).filter(Boolean);
  const forward = { ArrowRight: list.dir !== "rtl", ArrowLeft: list.dir === "rtl" }[event.key];
  if (forward !== undefined && scroller.scrollWidth <= scroller.clientWidth) {
    const all = pages();
    const top = currentPage()?.element.offsetTop;
    const next = forward
      ? all.find(({ element }) => element.offsetTop > top)
      : all.findLast(({ element }) => element.offsetTop < top);
    goTo(next);
  } else if (event.key === "+" || event.key === "-") {
    const next = event.key === "+" ? sizes.find((size) => size > zoom) : sizes.findLast((size) => size < zoom);
    if (next) $("zoom").value = next;
    $("zoom").dispatchEvent(new Event("change"));
  } else return;
  event.preventDefault();
});

function showNumber() {
  const number = currentPage()?.data.number ?? "";
  if (document.activeElement !== $("number")) $("number").value = number;
}

let isTracking = false;
scroller.addEventListener("scroll", () => {
  if (isTracking) return;
  isTracking = true;
  requestAnimationFrame(() => {
    isTracking = false;
    const reader = readerPlace();
    if (!reader) return;
    showNumber();
    sessionStorage.setItem("place", JSON.stringify(reader));
  });
});

new ResizeObserver(() => resized()).observe(scroller);

$("zoom").value = asked.get("zoom") ?? "width";
if (!$("zoom").value) $("zoom").value = "width";
$("facing").setAttribute("aria-pressed", asked.get("facing") === "1");
if (asked.get("panel") === "closed" || (!asked.has("panel") && innerWidth <= 860)) {
  $("panel").hidden = true;
  $("toggle").setAttribute("aria-expanded", false);
}
follow();
