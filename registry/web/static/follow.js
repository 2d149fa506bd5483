// Enhancement only: without it the page is loaded again. It follows work that goes on, and shows the end when it comes.
const EVERY_MS = 2000;
const AT_MOST = 300; // then nobody looks any more: a page left open keeps no session alive

async function look(part, times) {
  const answer = await fetch(location.href, { credentials: "same-origin", redirect: "follow" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.querySelector("[data-follow]");
  if (!answer.ok || !now) {
    location.reload();
    return;
  }
  if (now.innerHTML !== part.innerHTML) {
    part.innerHTML = now.innerHTML;
  }
  wait(part, times - 1);
}

function wait(part, times) {
  if (times > 0) {
    window.setTimeout(() => look(part, times).catch(() => wait(part, times - 1)), EVERY_MS);
  }
}

document.querySelectorAll("[data-follow]").forEach((part) => wait(part, AT_MOST));
