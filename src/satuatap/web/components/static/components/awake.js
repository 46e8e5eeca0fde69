// Keeps the screen on: kiosks and boards always, a phone while its bell is on. Browsers allow it under HTTPS only; without it
// the page says so. The browser takes the lock away when the page is hidden, so it is asked for again.
let wanted = document.documentElement.matches(".place-kiosk, .place-board");
let lock = null;

async function hold() {
  if (!wanted || lock || document.hidden || !navigator.wakeLock) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    lock.addEventListener("release", () => { lock = null; });
    if (!wanted) lock.release();
  } catch {
    // a battery that is nearly empty: the device decides
  }
}

document.addEventListener("visibilitychange", hold);
document.addEventListener("awake", ({ detail }) => {
  wanted = detail;
  if (wanted) hold();
  else lock?.release();
});
hold();
