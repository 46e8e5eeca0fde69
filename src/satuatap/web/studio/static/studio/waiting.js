// What waits for an answer fetches its page anew until the answer is there; without script the page does it by itself.
//   <section id="jawaban" data-part="#jawaban"> ... <div data-waits> ... </section>
// data-seen says what is shown; the server answers 204 as long as there is no more, so that asking often costs little.
const EVERY_MS = 150;
const SLOWER_AFTER = 40; // asks; what takes longer is asked every two seconds
const SLOW_MS = 2000;

let asks = 0;

function waiting() {
  return [...document.querySelectorAll("[data-part]")].filter((part) => part.querySelector("[data-waits]"));
}

async function look() {
  const parts = waiting();
  if (!parts.length) return;
  asks += 1;
  try {
    const answer = await fetch(location.href, { cache: "no-store", headers: { "X-Seen": parts[0].dataset.seen } });
    if (answer.status === 401 || answer.redirected) {
      location.reload();
      return;
    }
    if (answer.status === 200) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-part]")) {
        const typed = document.activeElement?.matches("input") && part.contains(document.activeElement);
        if (typed && !part.querySelector("[data-waits]")) continue; // what somebody types is not taken away
        const found = fresh.querySelector(part.dataset.part);
        part.dataset.seen = found?.dataset.seen ?? "";
        if (found && found.innerHTML !== part.innerHTML) part.replaceChildren(...found.childNodes);
      }
      const title = fresh.querySelector("h1");
      const shown = document.querySelector("h1");
      if (title && shown && title.textContent !== shown.textContent) shown.textContent = title.textContent;
    }
  } catch {
    // the server is away for a moment: asked again
  }
  if (waiting().length) setTimeout(look, asks > SLOWER_AFTER ? SLOW_MS : EVERY_MS);
}

look();
