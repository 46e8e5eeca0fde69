// The live visit: sound at a call, after the screen was dark what was missed meanwhile, and her place as the line moves.
const button = document.getElementById("sound");
const box = document.getElementById("missed");
const news = [];
let since = 0; // when it woke or was connected again; a page that was just opened has missed nothing
let opened = false;

const bell = button ? new Audio(button.dataset.sound) : null;
function label(on) {
  button.setAttribute("aria-pressed", String(on));
  button.lastElementChild.textContent = on ? button.dataset.on : button.dataset.off;
}
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    label(on);
    if (on) bell.play().catch(() => label(false));
    document.dispatchEvent(new CustomEvent("awake", { detail: on })); // a phone that sleeps rings no bell
  });
}

function sentence(event) {
  const text = box.dataset[event.kind];
  if (!text) return "";
  const at = new Date(event.at).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: box.dataset.zone });
  return text.replace("{time}", at).replace("{sign}", event.sign ?? "");
}

function tell() {
  const lines = news.splice(0).map(sentence).filter(Boolean);
  if (!lines.length) return;
  box.querySelector("ul").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  box.hidden = false;
}

document.addEventListener("live:change", ({ detail }) => {
  if (document.hidden || Date.now() - since < 1500) news.push(detail);
  if (detail.kind === "called" || detail.kind === "recalled") {
    if (button?.getAttribute("aria-pressed") === "true") bell.play().catch(() => {});
    navigator.vibrate?.([200, 100, 200]);
  }
});
document.addEventListener("live:open", () => {
  if (opened) {
    since = Date.now();
    setTimeout(() => !document.hidden && tell(), 1600);
  }
  opened = true;
});
box.querySelector("button").addEventListener("click", () => { box.hidden = true; });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) box.hidden = true;
  else { since = Date.now(); setTimeout(tell, 1600); }
});

// The line moved: only figures change, so only figures came (web/live/places.py). Anything else is fetched whole.
const part = document.getElementById("visit");
const dot = document.documentElement.lang === "en" ? ":" : ".";
const two = (n) => String(n).padStart(2, "0");
const clock = (minutes) => two(Math.floor(minutes / 60) % 24) + dot + two(minutes % 60);
const say = (selector, text) => part.querySelectorAll(selector).forEach((place) => { place.textContent = text; });

function people(count) {
  const words = part.querySelector("[data-people]")?.dataset.people.split("\n");
  if (words) say("[data-people]", (words[count] ?? words.at(-1)).replace("{n}", count));
  const line = part.querySelector(".people");
  const drawn = line ? [...line.querySelectorAll(".icon")] : [];
  for (let n = drawn.length; n > Math.min(count, 5); n -= 1) drawn[n - 1].remove();
  for (let n = drawn.length; drawn.length && n < Math.min(count, 5); n += 1) line.prepend(drawn[0].cloneNode(true));
}

document.addEventListener("live:place", ({ detail }) => {
  const ticket = part.querySelector("[data-shape]");
  if (detail.s && detail.s !== ticket?.dataset.shape) {
    document.dispatchEvent(new Event("live:refresh"));
    return;
  }
  if (typeof detail.n === "number") people(detail.n);
  if (detail.b) say("[data-before]", detail.b);
  for (const [name, pair] of Object.entries(detail.t ?? {})) {
    pair.forEach((minutes, end) => say(`[data-at="${name}${end}"]`, clock(minutes)));
  }
  part.lastText = ""; // what is shown is no longer what was fetched
});
// Who stands before her is told whole when she asks: the list is not part of the figures above.
document.addEventListener("click", ({ target }) => {
  const asked = target.closest("#why > summary");
  if (asked && !asked.parentElement.open) document.dispatchEvent(new Event("live:refresh"));
});
