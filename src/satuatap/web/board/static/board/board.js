// The display: the mall's clock, the pages of waits, and the voice. The page's parts come from the server (live.js);
// while a call is spoken, the big card shows that call, and says it in words.
import { Player } from "./player.js";
import { Sequencer, captionOf, clipsOf } from "./sequencer.js";

const PAGE_MS = 8000;
const FAST = 4; // above this many mall seconds a second the voice cannot keep up and keeps the newest three
const byId = (id) => document.getElementById(id);

// ---------------------------------------------------------------- the mall's clock
const clock = byId("clock");
const speed = Number(clock.dataset.speed) || 1;
const anchor = { mall: Date.parse(clock.dataset.now), real: Date.now() };
const english = clock.dataset.language === "en";
const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: clock.dataset.zone });

export const mallNow = () => anchor.mall + (Date.now() - anchor.real) * speed;

setInterval(() => {
  const text = hour.format(mallNow());
  byId("hour").textContent = english ? text : text.replace(":", ".");
}, 500);

// ---------------------------------------------------------------- pages of waits
let page = 0;

function turn(forward) {
  const rows = [...document.querySelectorAll("#waits li")];
  const size = Number(byId("waits")?.dataset.page) || 8;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  page = (page + (forward ? 1 : 0)) % pages;
  rows.forEach((row, index) => {
    row.hidden = Math.floor(index / size) !== page;
  });
}

setInterval(() => turn(true), PAGE_MS);

// ---------------------------------------------------------------- the card of the call that is being spoken
function slot(name, text, root = byId("now")) {
  const place = root?.querySelector(`[data-slot="${name}"]`);
  if (place) place.textContent = text;
  return place;
}

function showSpoken() {
  const call = sequencer.current;
  const now = byId("now");
  if (call && now && !now.classList.contains("now--quiet")) {
    now.classList.add("now--called", "now--spoken");
    slot("title", now.dataset.called);
    slot("number", call.number)?.setAttribute("aria-label", [...String(call.number)].join(" "));
    slot("sign", call.sign);
    slot("zone", call.zone);
    slot("agency", call.agency);
    if (now.dataset.number !== String(call.number)) {
      const way = document.querySelector(`#ways [data-zone="${CSS.escape(call.zone)}"]`);
      slot("way", way?.textContent ?? "");
      now.querySelector('[data-slot="arrow"]')?.setAttribute("class", `to to--${way?.dataset.arrow || "none"}`);
    }
    const caption = now.querySelector('[data-slot="caption"]');
    const [before, strong, after] = captionOf(call);
    const underlined = document.createElement("u");
    underlined.textContent = strong;
    caption.replaceChildren(before, underlined, after);
    caption.hidden = false;
  }
  const next = sequencer.line[0];
  const line = byId("after");
  if (line) {
    line.hidden = !(call && next);
    if (next) slot("next", `${next.number} ${line.dataset.to} ${next.sign}`, line);
  }
  byId("skipped").textContent = sequencer.skipped ? `${sequencer.skipped} ${byId("skipped").dataset.many}` : "";
}

// ---------------------------------------------------------------- the voice
const box = byId("voice");
const player = new Player(box.dataset.clips);
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`voice:${name}`, { detail }));

async function speak(call) {
  tell("begin", { number: call.number, at: performance.now() });
  try {
    await player.play(clipsOf(call));
  } finally {
    tell("end", { number: call.number, at: performance.now() });
    document.dispatchEvent(new Event("live:refresh"));
  }
}

const sequencer = new Sequencer({ speak, most: speed > FAST ? 3 : 20, changed: showSpoken });

function showSound() {
  const button = byId("sound");
  button.setAttribute("aria-pressed", String(player.ready));
  button.querySelector("[data-off]").hidden = player.ready;
  button.querySelector("[data-on]").hidden = !player.ready;
}

byId("sound").addEventListener("click", () => player.start().then(showSound));
player.context.addEventListener("statechange", showSound);
box.hidden = false;
showSound();

const only = document.querySelector("[data-live]").dataset.only;

document.addEventListener("live:call", ({ detail: call }) => {
  if ((only && call.zone !== only) || !player.ready) return;
  sequencer.add(call, (mallNow() - Date.parse(call.at)) / speed);
});
document.addEventListener("live:withdrawn", ({ detail }) => sequencer.withdraw(detail.desk));
document.addEventListener("live:afresh", () => sequencer.clear());
document.addEventListener("live:refreshed", () => {
  turn(false);
  showSpoken();
});
