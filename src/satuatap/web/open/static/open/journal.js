// Checks the proofs of the page again in this browser. Without it the page shows what the server computed, and says so.
import { consistency, inclusion } from "./proof.js";

const CHECKS = { inclusion, consistency };

function listed(box, steps) {
  const list = box.querySelector("[data-steps]");
  const model = box.querySelector("template").content.firstElementChild;
  list.replaceChildren(
    ...steps.map((step, at) => {
      const item = model.cloneNode(true);
      item.querySelector("[data-number]").textContent = at + 1;
      for (const part of ["left", "right", "made"]) item.querySelector(`[data-${part}]`).textContent = step[part];
      for (const word of item.querySelectorAll("[data-of]")) word.hidden = word.dataset.of !== step.of;
      return item;
    }),
  );
}

async function check(box) {
  const answer = await fetch(box.dataset.proof, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const proof = await answer.json();
  let outcome = { steps: [], holds: false };
  try {
    outcome = await CHECKS[box.dataset.check](proof);
  } catch {
    // a hash that is none: the proof does not hold
  }
  listed(box, outcome.steps);
  for (const part of box.querySelectorAll("[data-when]")) {
    part.hidden = part.dataset.when !== (outcome.holds ? "holds" : "fails");
  }
  for (const part of box.querySelectorAll("[data-by]")) part.hidden = part.dataset.by !== "browser";
  box.dataset.checked = outcome.holds ? "holds" : "fails";
}

for (const box of document.querySelectorAll("[data-check]")) check(box);
