// Enhancement only: keys and ranges in a list whose rows are ticked. Without it every box is ticked by itself.
// Keys work while something in the list has the focus, so that they never take a letter from anything else; J and K
// lead into it as long as nothing else on the page has it.

const list = document.querySelector(".app-at-once");

function enhance() {
  const boxes = Array.from(list.querySelectorAll("[data-tick]"));
  const all = list.querySelector("[data-tick-all]");
  const words = list.querySelector("[data-ticked]");
  let last = null;

  const row = (box) => box.closest("tr");
  const write = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    boxes.forEach((box) => row(box).classList.toggle("app-row--ticked", box.checked));
    words.textContent = ticked ? words.dataset.some.replace("{count}", String(ticked)) : words.dataset.none;
    all.checked = ticked === boxes.length;
  };
  const range = (box) => {
    const ends = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(ends[0], ends[1] + 1).forEach((each) => { each.checked = box.checked; });
  };
  // -1 where none has the focus: the next one is the first.
  const here = () => boxes.findIndex((box) => row(box).contains(document.activeElement));
  const go = (step) => {
    const next = boxes[Math.min(Math.max(here() + step, 0), boxes.length - 1)];
    next.focus();
    row(next).scrollIntoView({ block: "nearest" });
  };
  const keys = {
    j: () => go(1),
    k: () => go(-1),
    x: () => { const box = boxes[here()]; if (box) { box.click(); } },
    Enter: () => { const box = boxes[here()]; if (box) { row(box).querySelector("a").click(); } },
  };

  boxes.forEach((box) => box.addEventListener("click", (event) => {
    if (event.shiftKey && last && last !== box) {
      range(box);
    }
    last = box;
    write();
  }));
  all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); write(); });
  const press = (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const onLink = event.key === "Enter" && event.target.tagName === "A";
    if (plain && keys[event.key] && !onLink) {
      event.preventDefault();
      keys[event.key]();
    }
  };
  list.querySelector(".app-table").addEventListener("keydown", press);
  document.body.addEventListener("keydown", (event) => {
    if (event.target === document.body && ["j", "k"].includes(event.key)) {
      press(event);
    }
  });
  all.parentElement.hidden = false;
  list.querySelector("[data-keys]").hidden = false;
  write();
}

if (list) {
  enhance();
}
