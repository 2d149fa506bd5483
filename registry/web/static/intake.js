// Enhancements only: the pages of an intake work without this file.
// It reads an ID number as soon as it is typed, and shows the card of a further child only when it is wanted.

const url = document.getElementById("intake-script").dataset.url;
const token = document.querySelector('#form input[name="csrf_token"]').value;

function line(field) {
  const id = field.id + "-read";
  let found = document.getElementById(id);
  if (!found) {
    found = document.createElement("p");
    found.id = id;
    found.setAttribute("role", "status");
    field.insertAdjacentElement("afterend", found);
  }
  return found;
}

function isBlank(part) {
  const typed = Array.from(part.querySelectorAll('input[type="text"]')).some((box) => box.value.trim());
  return !typed && !part.querySelector("input:checked");
}

function show(child, field, said) {
  const words = line(field);
  words.className = said.read ? "app-read" : "govuk-hint";
  words.textContent = said.read || said.fault || "";
  words.hidden = !words.textContent;
  const reasons = child.querySelector("[data-without-number]");
  if (reasons) {
    reasons.hidden = Boolean(field.value.trim());
  }
  const birth = child.querySelector("[data-birth]");
  if (birth && (birth.hidden || isBlank(birth))) {
    birth.hidden = Boolean(said.read);
  }
}

async function read(child, field) {
  const body = new URLSearchParams({ csrf_token: token, number: field.value });
  const answer = await fetch(url, { method: "POST", body, credentials: "same-origin" });
  if (answer.ok) {
    show(child, field, await answer.json());
  }
}

document.querySelectorAll("[data-child]").forEach((child) => {
  const field = child.querySelector('input[name$="-id_number"]');
  field.addEventListener("change", () => read(child, field).catch(() => undefined));
  child.querySelectorAll("[data-without-script]").forEach((button) => {
    button.hidden = true;
  });
});

document.querySelectorAll("[data-spare]").forEach((child) => {
  child.hidden = true;
});

document.querySelectorAll('button[name="add"]').forEach((button) => {
  button.addEventListener("click", (event) => {
    const spare = document.querySelector("[data-spare][hidden]");
    if (spare) {
      event.preventDefault();
      spare.hidden = false;
      spare.querySelector("input").focus();
    }
  });
});
