// Keys of the desk: <button data-key="F2"> is pressed by F2, data-key="Space" by the space bar. A held key presses once.
// A form sends once: the second press of the same form is dropped (its idempotency key would make it one action anyway).

function typing(target) {
  return target instanceof HTMLElement && target.matches("input:not([type=button]):not([type=submit]):not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
}

function nameOf(event) {
  const name = event.key === " " ? "Space" : event.key;
  return event.ctrlKey ? `Ctrl+${name.toUpperCase()}` : name;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey || event.isComposing) return;
  const name = nameOf(event);
  const functional = /^F\d+$/.test(name) || name === "Escape";
  if (typing(event.target) && !functional) return;
  // Enter and the space bar on a button, link or field that has the focus mean that one, not the big key.
  const own = event.target instanceof HTMLElement && event.target.closest("button, a, summary, input, select, textarea");
  if ((name === "Space" || name === "Enter") && own && own.dataset.key !== name) return;
  const open = document.querySelector("dialog[open]") ?? document;
  const key = [...open.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)].find(
    (one) => !one.disabled && one.offsetParent !== null,
  );
  if (!key) return;
  event.preventDefault();
  if (!event.repeat) key.click();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  setTimeout(() => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }, 4000);
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
