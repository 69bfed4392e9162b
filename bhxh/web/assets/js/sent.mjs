// What became of files that were sent: the list is asked for again until each was examined, and read out when it changed.
const [ASK_AGAIN_MS, ASKED_AT_MOST] = [2000, 30];

export async function askUntilExamined(underWay, left = ASKED_AT_MOST) {
  const reply = underWay() ? null : await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (!reply || !reply.ok || underWay()) return;
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").querySelectorAll("[data-sent]");
  [...document.querySelectorAll("[data-sent]")].forEach((list, place) => {
    if (fresh[place] && !list.contains(document.activeElement)) list.innerHTML = fresh[place].innerHTML;
  });
  if (document.querySelector("[data-waits]") && left) setTimeout(askUntilExamined, ASK_AGAIN_MS, underWay, left - 1);
}
