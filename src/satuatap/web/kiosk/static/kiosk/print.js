// The slip goes to the printer by itself (a kiosk browser prints without asking); a touch prints it once more.
if (document.body.dataset.print !== undefined) print();
document.querySelector("[data-print-again]")?.addEventListener("click", (event) => {
  event.preventDefault();
  print();
});
