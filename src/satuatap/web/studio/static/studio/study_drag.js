// A unit's row is dragged to a building on the map: the same form as by buttons is filled in and sent.
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

if (form && map) {
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
    form.elements.unit.value = unit;
    form.elements.ke.value = circle.dataset.building;
    if (form.elements.unit.value && form.elements.ke.value) form.requestSubmit();
  });
}
