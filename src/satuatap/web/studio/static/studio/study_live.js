// A study that runs: its part of the page is fetched anew each second while somebody looks, and the page itself when it
// is over. Without this the page reloads by its own header.
import { refresh } from "../components/live.js";

const EVERY_MS = 1000;
const part = document.querySelector("[data-poll]");

async function look() {
  if (!document.hidden) {
    part.dataset.refresh = part.dataset.poll;
    await refresh(part);
    if (part.querySelector("[data-over]")) {
      location.reload();
      return;
    }
  }
  setTimeout(look, EVERY_MS);
}

if (part) setTimeout(look, EVERY_MS);
