// Five minutes before the session ends its page says so, and offers to stay. Nothing that is typed is lost either way: see kept_entries.py.
const WARN_S = 300;

export function warnBeforeTheEnd() {
  const box = document.querySelector("[data-open-s]");
  if (!box) return;
  const [said, until, stay] = ["[data-said]", "[data-until]", "[data-stay]"].map((one) => box.querySelector(one));
  // Only how much time goes by is asked of this clock: a telephone's may be wrong, and timers stand still while it sleeps.
  let endsAt = Date.now() + box.dataset.openS * 1000;

  let before = null; // what had the focus gets it back: the button it went to is hidden again
  stay.addEventListener("focus", (event) => { before = event.relatedTarget; });
  const look = () => {
    const left = (endsAt - Date.now()) / 1000;
    if (left > WARN_S) return;
    box.hidden = false;
    if (left > 0) return;
    clearInterval(clock);
    said.textContent = box.dataset.over;
    stay.hidden = true;
  };
  const clock = setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);

  stay.addEventListener("click", async () => {
    try {
      const reply = await fetch(box.dataset.address, { headers: { Accept: "application/json" }, redirect: "error", cache: "no-store" });
      const { open_s: seconds, open_until: time } = await reply.json();
      endsAt = Date.now() + seconds * 1000;
      until.textContent = time;
      box.hidden = seconds > WARN_S;
      look();
      if (box.hidden) before?.focus();
    } catch {
      said.textContent = box.dataset.failed;
    }
  });
}
