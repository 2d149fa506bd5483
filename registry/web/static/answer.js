// Enhancement only: without it all fields of an answer are there, each saying for which outcomes it is needed.
// With it those are shown that the chosen outcome asks for or takes, and those that say something is wrong; that they
// are for this outcome need not be said then.

const outcomes = document.querySelectorAll('input[type="radio"][name="answer-outcome"]');
const parts = document.querySelectorAll("[data-for]");

function show() {
  const chosen = Array.from(outcomes).find((each) => each.checked);
  parts.forEach((part) => {
    const fits = chosen && part.dataset.for.split(" ").includes(chosen.value);
    part.hidden = !fits && !part.querySelector(".govuk-form-group--error");
  });
}

parts.forEach((part) => part.querySelectorAll("[data-said-for]").forEach((words) => { words.hidden = true; }));
outcomes.forEach((each) => each.addEventListener("change", show));
show();
