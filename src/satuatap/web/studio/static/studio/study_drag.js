// A unit's row, or a building with its unit, is dragged to a building on the map: the same form as by buttons is filled
// in and sent. Of a building with more units than one the planner still chooses which.
const form = document.getElementById("move");
const map = document.querySelector(".map");
const TYPE = "application/x-satuatap-unit";

function buildingAt(event) {
  const near = document.elementsFromPoint(event.clientX, event.clientY);
  return near.find((one) => one.dataset?.building) ?? null;
}

function mark(circle) {
  for (const one of map.querySelectorAll(".is-target")) if (one !== circle) one.classList.remove("is-target");
  circle?.classList.add("is-target");
}

function send(unit, building) {
  form.elements.ke.value = building;
  form.elements.unit.value = unit;
  if (form.elements.unit.value && form.elements.ke.value) form.requestSubmit();
  else form.elements.unit.focus();
}

function byPointer() {
  let held = null;
  const drop = () => {
    held?.classList.remove("is-held");
    held = null;
    mark(null);
  };
  map.addEventListener("pointerdown", (event) => {
    if (!event.target.dataset?.units) return;
    held = event.target;
    held.classList.add("is-held");
    held.setPointerCapture(event.pointerId);
  });
  map.addEventListener("pointermove", (event) => {
    if (!held) return;
    const over = buildingAt(event);
    mark(over === held ? null : over);
  });
  map.addEventListener("pointerup", (event) => {
    const from = held;
    const over = held ? buildingAt(event) : null;
    drop();
    if (!over || over === from) return;
    const units = from.dataset.units.split(" ");
    send(units.length === 1 ? units[0] : "", over.dataset.building);
  });
  map.addEventListener("pointercancel", drop);
}

if (form && map) {
  byPointer();
  document.getElementById("drag-how").hidden = false;
  for (const row of document.querySelectorAll("tr[data-unit]")) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData(TYPE, row.dataset.unit);
      event.dataTransfer.effectAllowed = "move";
    });
  }
  map.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes(TYPE)) return;
    event.preventDefault();
    mark(buildingAt(event));
  });
  map.addEventListener("dragleave", () => mark(null));
  map.addEventListener("drop", (event) => {
    const unit = event.dataTransfer.getData(TYPE);
    const circle = buildingAt(event);
    mark(null);
    if (!unit || !circle) return;
    event.preventDefault();
    send(unit, circle.dataset.building);
  });
}
