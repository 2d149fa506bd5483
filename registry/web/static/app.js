// Enhancements only: every page works without this file.
import { initAll } from "./vendor/govuk-frontend/govuk-frontend.min.js";

function countTicked(button) {
  const boxes = document.querySelectorAll('input[type="checkbox"][data-group="' + button.dataset.countGroup + '"]');
  const write = () => {
    const ticked = Array.from(boxes).filter((box) => box.checked).length;
    const words = { 0: button.dataset.none, 1: button.dataset.one };
    button.textContent = words[ticked] || button.dataset.other.replace("{count}", String(ticked));
  };
  boxes.forEach((box) => box.addEventListener("change", write));
  write();
}

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
  initAll();
}
document.querySelectorAll("[data-count-group]").forEach(countTicked);
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
