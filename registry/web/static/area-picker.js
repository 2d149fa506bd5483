// Opens the next step of a place picker when a step is chosen. Without this file the button does the same.

const MOST_STEPS = 4;

function stepsOf(picker) {
  return Array.from(picker.querySelectorAll("[data-area-steps] .app-area__step"));
}

function option(value, text) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = text;
  return made;
}

function addStep(picker, number, label, children) {
  const step = document.createElement("div");
  step.className = "app-area__step";
  const words = document.createElement("label");
  words.className = "govuk-label";
  words.htmlFor = picker.id + "-" + number;
  words.textContent = label;
  const select = document.createElement("select");
  select.className = "govuk-select";
  select.id = words.htmlFor;
  select.name = stepsOf(picker)[0].querySelector("select").name.replace(/-1$/, "-" + number);
  select.append(option("", picker.dataset.choose));
  children.forEach((child) => select.append(option(child.code, child.name)));
  step.append(words, select);
  picker.querySelector("[data-area-steps]").append(step);
}

async function open(picker, select) {
  const number = stepsOf(picker).findIndex((step) => step.contains(select)) + 1;
  stepsOf(picker).slice(number).forEach((step) => step.remove());
  if (!select.value || number >= MOST_STEPS) return;
  const chosen = select.value;
  const answer = await fetch(picker.dataset.children.replace("000000000000", chosen), { credentials: "same-origin" });
  if (!answer.ok || answer.redirected || select.value !== chosen) return;
  const found = await answer.json();
  const offered = found.children.filter((child) => child.level <= Number(picker.dataset.deepest));
  if (offered.length && stepsOf(picker).length === number) addStep(picker, number + 1, found.label, offered);
}

document.querySelectorAll("[data-area-picker]").forEach((picker) => {
  if (picker.dataset.ready) return;
  picker.dataset.ready = "yes";
  const button = picker.querySelector("[data-area-open]");
  button.hidden = true;
  picker.querySelector("[data-area-steps]").addEventListener("change", (event) => {
    open(picker, event.target).catch(() => { button.hidden = false; });
  });
});
