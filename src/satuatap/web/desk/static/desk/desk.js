// The desk's hot keys go to the front as JSON (no page load); everything else stays a plain form. One press, one action.
import { refresh } from "../components/live.js";

const part = document.getElementById("desk");

function toast(sentence) {
  let note = document.getElementById("desk-toast");
  if (!note) {
    note = document.createElement("p");
    note.id = "desk-toast";
    note.className = "toast";
    note.setAttribute("role", "alert");
    document.body.append(note);
  }
  note.textContent = sentence;
  note.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (note.hidden = true), 6000);
}

async function send(form, submitter) {
  const values = Object.fromEntries(new FormData(form, submitter));
  delete values.csrfmiddlewaretoken;
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json", "Idempotency-Key": values.key },
    body: JSON.stringify(values),
  });
  return { status: answer.status, body: await answer.json().catch(() => ({})) };
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-call], [data-hot]") || form.elements.then) return;
  event.preventDefault();
  try {
    const { status, body } = await send(form, event.submitter);
    if (status === 409 && body.code === "result_needed") {
      location.assign(`${location.pathname}?tanya=hasil`);
      return;
    }
    if (status >= 400) toast(body.sentence ?? "");
  } catch {
    form.submit(); // the network broke: the plain form says what happened, with the same key
    return;
  }
  delete form.dataset.sent;
  await refresh(part);
  document.getElementById("k-main")?.focus({ preventScroll: true });
});

// A key that opens by itself after its minute counts down; minutes on the page are renewed now and then.
setInterval(() => {
  for (const key of part.querySelectorAll("[data-wait]")) {
    const left = Number(key.dataset.wait);
    if (left <= 0) continue;
    key.dataset.wait = String(left - 1);
    if (left <= 1) refresh(part);
  }
}, 1000);
setInterval(() => refresh(part), 20000);
