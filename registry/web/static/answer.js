// Enhancement only: without it all fields of an answer are there, each saying for which outcomes it is needed.
// With it those are shown that the chosen outcome asks for or takes, and those that say something is wrong; that they
// are for this outcome need not be said then. Reasons are those of the chosen outcome.

const outcomes = document.querySelectorAll('input[type="radio"][name="answer-outcome"]');
const parts = document.querySelectorAll("[data-for]");
const groups = document.querySelectorAll("[data-for] optgroup");

// Of a list that is grouped by outcome the group of the chosen one is offered; what was chosen in another is let go.
function offer(words) {
  groups.forEach((group) => {
    const fits = group.label === words;
    group.hidden = !fits;
    group.disabled = !fits;
    const choice = group.querySelector("option:checked");
    if (!fits && choice) {
      const list = group.closest("select");
      const same = Array.from(list.options).find((each) => each.value === choice.value && each.closest("optgroup")?.label === words);
      list.selectedIndex = same ? same.index : 0;
    }
  });
}

function show() {
  const chosen = Array.from(outcomes).find((each) => each.checked);
  if (chosen) {
    offer(chosen.labels[0].textContent);
  }
  parts.forEach((part) => {
    const fits = chosen && part.dataset.for.split(" ").includes(chosen.value);
    part.hidden = !fits && !part.querySelector(".govuk-form-group--error");
  });
}

parts.forEach((part) => part.querySelectorAll("[data-said-for]").forEach((words) => { words.hidden = true; }));
outcomes.forEach((each) => each.addEventListener("change", show));
show();
