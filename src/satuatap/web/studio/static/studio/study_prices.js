// A slider beside each price: both say the same number. Without this the number alone is there.
for (const range of document.querySelectorAll("input[data-for]")) {
  const field = document.getElementById(range.dataset.for);
  if (!field) continue;
  range.hidden = false;
  range.addEventListener("input", () => {
    field.value = range.value;
  });
  field.addEventListener("input", () => {
    if (field.value !== "" && Number.isFinite(Number(field.value))) range.value = field.value;
  });
}
