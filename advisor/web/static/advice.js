/* Small conveniences of the questionnaire; every page works without them. */

/* "None of these" and the other answers exclude each other. */
for (const exclusive of document.querySelectorAll("[data-exclusive]")) {
  const others = [...exclusive.form.elements].filter((box) => box.name === exclusive.name && box !== exclusive);
  exclusive.addEventListener("change", () => exclusive.checked && others.forEach((box) => { box.checked = false; }));
  others.forEach((box) => box.addEventListener("change", () => { exclusive.checked &&= !box.checked; }));
}

/* After a refusal the list of what is wrong comes first for keyboard and screen reader. */
const summary = document.querySelector(".error-summary");
if (summary) {
  summary.tabIndex = -1;
  summary.focus();
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href.split("#")[0]);
    button.textContent = button.dataset.copy;
  });
}
