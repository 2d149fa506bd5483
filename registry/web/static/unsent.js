// Enhancements only: the pages work without this file.
// It warns before a page with unsent answers is left, and keeps the page when there is no connection to send it over.
// Nothing is written into the browser: the answers are where they were typed, in the page.

const form = document.getElementById("form");
const notSent = document.getElementById("not-sent");
let changed = false;
let sending = false;
let pressed = null;

function warn(event) {
  if (changed && !sending) {
    event.preventDefault();
    event.returnValue = "";
  }
}

function answers(button) {
  const body = new URLSearchParams();
  new FormData(form).forEach((value, name) => body.append(name, value));
  if (button && button.name) {
    body.append(button.name, button.value);
  }
  return body;
}

function stay() {
  sending = false;
  notSent.hidden = false;
  notSent.focus();
}

function sendAsBrowsersDo(button) {
  if (button && button.name) {
    const named = document.createElement("input");
    named.type = "hidden";
    named.name = button.name;
    named.value = button.value;
    form.appendChild(named);
  }
  form.submit();
}

async function send(button) {
  sending = true;
  notSent.hidden = true;
  let answer;
  try {
    answer = await fetch(form.action, {
      method: "POST",
      body: answers(button),
      credentials: "same-origin",
      headers: { Accept: "application/json" },
    });
    const { next } = answer.ok ? await answer.json() : {};
    if (next) {
      window.location.assign(next);
      return;
    }
  } catch (error) {
    if (!answer) {
      stay();
      return;
    }
  }
  sendAsBrowsersDo(button); // what came back is a page to be shown: errors to correct, or a refusal
}

if (form && notSent && window.fetch && window.URLSearchParams) {
  form.addEventListener("input", () => {
    changed = true;
  });
  window.addEventListener("beforeunload", warn);
  // A page that comes back by the back button is as it was left.
  window.addEventListener("pageshow", () => {
    sending = false;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    pressed = button && button.form === form ? button : null;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!sending) {
      send(event.submitter || pressed);
    }
  });
}
