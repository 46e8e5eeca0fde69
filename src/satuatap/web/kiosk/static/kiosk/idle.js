// Nobody touches the screen any more: back to the start, so that the next citizen finds it fresh.
const seconds = Number(document.body.dataset.idle || 0);
const to = document.body.dataset.idleTo;
const shown = document.querySelector("[data-countdown]");
let left = seconds;

function touched() {
  left = seconds;
}

if (seconds && to) {
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, touched, { passive: true });
  setInterval(() => {
    left -= 1;
    if (shown) {
      shown.hidden = false;
      shown.querySelector("span").textContent = String(Math.max(left, 0));
    }
    if (left <= 0) location.replace(to);
  }, 1000);
}

// A number is asked for once, however often the button is touched; the key makes a second one harmless anyway.
document.querySelector("form[data-once]")?.addEventListener("submit", (event) => {
  const form = event.currentTarget;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});

// A scanner types what it reads and ends with Enter.
const scan = document.body.dataset.scan;
if (scan) {
  let typed = "";
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && typed.length >= 6) {
      event.preventDefault();
      location.assign(`${scan}?kode=${encodeURIComponent(typed)}`);
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      typed = (typed + event.key).slice(-200);
    }
  });
}
