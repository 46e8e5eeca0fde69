// A key of the desk is sent without loading the page: the hot ones to the front as JSON, the others as their own form.
// One press, one action; what was refused is said in a toast, and the desk is shown as it is now.
import { refresh } from "../components/live.js";

const part = document.getElementById("desk");

function toast(sentence) {
  if (!sentence) return;
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
  const values = new FormData(form, submitter);
  const options = { method: "POST", headers: { Accept: "application/json", "Idempotency-Key": values.get("key") } };
  if (form.matches("[data-call], [data-hot]")) {
    values.delete("csrfmiddlewaretoken");
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(Object.fromEntries(values));
  } else {
    options.body = new URLSearchParams(values);
  }
  const answer = await fetch(form.action, options);
  return { status: answer.status, body: await answer.json() };
}

function tell(form, status, body) {
  if (status >= 400) toast(body.sentence);
  else if (body.called === null) toast(form.dataset.nobody);
  else toast(form.dataset.said);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  // with "then" the form does two things, which only the page behind it does
  if (event.defaultPrevented || !part.contains(form) || form.elements.then) return;
  event.preventDefault();
  try {
    const { status, body } = await send(form, event.submitter);
    if (status === 401) {
      location.reload(); // the session has ended: to the sign-in, and back here
      return;
    }
    if (status === 409 && body.code === "result_needed") {
      location.assign(`${part.dataset.home}?tanya=hasil`);
      return;
    }
    tell(form, status, body);
  } catch {
    form.submit(); // the network broke: the plain form says what happened, with the same key
    return;
  }
  delete form.dataset.sent;
  document.getElementById("transfer")?.removeAttribute("open");
  document.activeElement?.blur(); // a part with a field in use is not renewed
  await refresh(part);
  document.getElementById("k-main")?.focus({ preventScroll: true });
});

// The form to hand over closes on Escape, and its first field is ready to be used.
document.addEventListener("keydown", (event) => {
  const open = document.querySelector("#transfer[open]");
  if (event.key !== "Escape" || !open) return;
  open.removeAttribute("open");
  open.querySelector("summary").focus();
});
part.addEventListener("toggle", (event) => event.target.id === "transfer" && event.target.open && document.getElementById("t-service").focus(), true);

// A key that opens by itself after its minute counts down; minutes on the page are renewed now and then.
setInterval(() => {
  for (const key of part.querySelectorAll("[data-wait]")) {
    const left = Number(key.dataset.wait);
    if (left <= 0) continue;
    key.dataset.wait = String(left - 1);
    if (left <= 1 || left % 5 === 0) refresh(part);
  }
}, 1000);
setInterval(() => refresh(part), 20000);
