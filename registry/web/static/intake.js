// Enhancements only: the pages of an intake work without this file.
// It reads an ID number as soon as it is typed, and shows the card of a further child only when it is wanted.

const url = document.getElementById("intake-script").dataset.url;
const MOST = 20;
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

function prepare(child) {
  const field = child.querySelector('input[name$="-id_number"]');
  field.addEventListener("change", () => read(child, field).catch(() => undefined));
  child.querySelectorAll("[data-without-script]").forEach((button) => {
    button.hidden = true;
  });
}

// The card of one child more, made here, so that a large household needs no page between.
function further() {
  const cards = Array.from(document.querySelectorAll("#form [data-child]"));
  const used = cards.map((card) => Number(card.id.split("-")[1]));
  const index = Math.max(-1, ...used) + 1;
  if (cards.length >= MOST) {
    return null;
  }
  const arriving = document.querySelectorAll('#form [id^="arriving-"][data-arriving]').length;
  const words = document.getElementById("further-child").innerHTML;
  const made = document.createElement("div");
  made.innerHTML = words.split("__index__").join(index).split("__n__").join(cards.length + arriving + 1);
  return made.firstElementChild;
}

document.querySelectorAll("#form [data-child]").forEach(prepare);

document.querySelectorAll("#form [data-spare]").forEach((child) => {
  child.hidden = true;
});

document.querySelectorAll('button[name="add"]').forEach((button) => {
  button.addEventListener("click", (event) => {
    let card = document.querySelector("#form [data-spare][hidden]");
    if (!card) {
      card = further();
      if (!card) {
        return;
      }
      button.insertAdjacentElement("beforebegin", card);
      prepare(card);
    }
    event.preventDefault();
    card.hidden = false;
    card.querySelector('input[type="text"]').focus();
  });
});
