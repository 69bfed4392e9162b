// What is typed is kept on the server while it is typed. Only a failure is said: "saved" after each word would be noise.
const [PAUSE_MS, AGAIN_MS, PATIENCE_MS] = [3000, 15000, 15000];

export function autosave() {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const said = form.querySelector("[data-unsaved]");
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  let [kept, timer, isSent] = [typed(), 0, false]; // what the form itself sends is not sent again behind its back: that would look like another device

  async function save() {
    const now = typed();
    if (now === kept) return;
    try {
      const reply = await fetch(form.action || location.href, {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Autosave": "1" },
        body: now,
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (reply.status === 409) said.textContent = said.dataset.elsewhere;
      else if (reply.status !== 204) throw new Error(String(reply.status));
      else [kept, said.textContent] = [now, ""];
    } catch {
      said.textContent = said.dataset.unsaved;
      timer = setTimeout(save, AGAIN_MS);
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    isSent = false;
    timer = setTimeout(save, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    isSent = !event.defaultPrevented;
  });
  document.addEventListener("visibilitychange", () => document.hidden && !isSent && save());
}
