// The live visit: sound at a call, and after the screen was dark, what was missed meanwhile.
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
