// One event stream a page; each message makes the marked parts fetch themselves anew, a few times a second at most.
//   <main data-live="/langsung/papan" data-events="call withdrawn change">   the stream (EventSource resumes by position)
//   <section id="now" data-refresh="/papan/potongan/sekarang">               fetched anew, as the same part rendered alone
//   data-calm on the root: it hears everything by the stream, and fetches nothing merely because it woke or reconnected
// Every message also arrives as a DOM event "live:<name>" on document, with the message's values in event.detail.

const NAMES = ["change", "call", "withdrawn", "afresh"];
const QUIET = ["hello", "place"]; // heard as events; what they say is shown without fetching anything
const PAUSE_MS = 400;
const LOST_AFTER_MS = 4000;
const SLEPT_MS = 20000;

export function parts(root = document) {
  return [...root.querySelectorAll("[data-refresh]")];
}

function keepOpen(old, fresh) {
  for (const details of old.querySelectorAll("details[open][id]")) {
    fresh.querySelector(`details#${CSS.escape(details.id)}`)?.setAttribute("open", "");
  }
}

function isBusy(part) {
  const inside = part.contains(document.activeElement) ? document.activeElement : null;
  return Boolean(part.querySelector("dialog[open]")) || Boolean(inside?.matches("input:not([type=hidden]), textarea, select"));
}

export async function refresh(part) {
  if (part.dataset.loading) {
    part.dataset.again = "1";
    return;
  }
  if (isBusy(part)) return;
  part.dataset.loading = "1";
  try {
    const answer = await fetch(part.dataset.refresh, { headers: { "HX-Request": "true" }, cache: "no-store" });
    if (answer.status === 401) {
      location.reload();
      return;
    }
    if (answer.status >= 500) setTimeout(refresh, 3000 + Math.random() * 3000, part); // the database is away: it comes back
    if (!answer.ok) return;
    const text = await answer.text();
    if (text === part.lastText || isBusy(part)) return;
    part.lastText = text;
    const fresh = document.createElement("template");
    fresh.innerHTML = text;
    keepOpen(part, fresh.content);
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.replaceChildren(fresh.content);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    part.dispatchEvent(new CustomEvent("live:refreshed", { bubbles: true }));
  } catch {
    // the stream's own watch says that the mall is out of reach
  } finally {
    delete part.dataset.loading;
    if (part.dataset.again) {
      delete part.dataset.again;
      refresh(part);
    }
  }
}

let waiting = 0;

export function refreshSoon() {
  if (waiting) return;
  waiting = setTimeout(() => {
    waiting = 0;
    parts().forEach(refresh);
  }, PAUSE_MS);
}

function say(name, detail) {
  document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
}

function lost(is) {
  for (const note of document.querySelectorAll("[data-lost]")) note.hidden = !is;
}

export function connect(root) {
  let last = "";
  let timer = 0;
  let source = null;
  let hiddenAt = 0;
  const calm = "calm" in root.dataset;
  const names = [...new Set([...NAMES, ...(root.dataset.events || "").split(" ").filter(Boolean)])];

  function open() {
    const address = new URL(root.dataset.live, location.href);
    if (last) address.searchParams.set("after", last);
    source?.close();
    source = new EventSource(address);
    const mine = source;
    const hear = (name) => (event) => {
      if (event.lastEventId) last = event.lastEventId;
      let values = {};
      try {
        values = JSON.parse(event.data);
      } catch {
        // a message without values
      }
      say(name, values);
      if (!QUIET.includes(name)) refreshSoon();
    };
    for (const name of [...QUIET, ...names]) source.addEventListener(name, hear(name));
    source.addEventListener("open", () => {
      clearTimeout(timer);
      timer = 0;
      if (root.dataset.was && !calm) refreshSoon();
      root.dataset.was = "1";
      lost(false);
      say("open", {});
    });
    source.addEventListener("error", () => {
      timer ||= setTimeout(() => lost(true), LOST_AFTER_MS);
      // refused or ended by the mall: asked again at a moment of its own, or all screens would come back at once
      if (mine.readyState === EventSource.CLOSED && mine === source) setTimeout(open, 2000 + Math.random() * 4000);
    });
  }
  // A phone that slept may hold a dead connection without knowing: it begins anew from the last position.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (hiddenAt && Date.now() - hiddenAt > SLEPT_MS) open();
  });
  addEventListener("online", open);
  addEventListener("offline", () => lost(true)); // the phone knows before the connection does
  open();
}

const root = document.querySelector("[data-live]");
if (root) {
  connect(root);
  document.addEventListener("live:refresh", refreshSoon);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !("calm" in root.dataset)) refreshSoon();
  });
}
