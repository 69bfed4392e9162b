// What is typed is kept on the server while it is typed. Only a failure is said: "saved" after each word would be noise.
import { hasEnded, isSentence, takeUpAgain, wordsOfTheEnd } from "./ended.mjs";

const [PAUSE_MS, AGAIN_MS, PATIENCE_MS] = [3000, 15000, 15000];

export function autosave() {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const said = form.querySelector("[data-unsaved]");
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  let [kept, timer, isSent] = [typed(), 0, false]; // what the form itself sends is not sent again behind its back: that would look like another device

  function later(words) {
    if (said.textContent !== (words.textContent ?? words)) said.replaceChildren(words); // what was said already is not read out again
    timer = setTimeout(save, AGAIN_MS);
  }

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
      if (hasEnded(reply)) return (await takeUpAgain()) ? save() : later(wordsOfTheEnd());
      if (isSentence(reply.headers.get("Content-Type"))) said.textContent = await reply.text();
      else if (reply.status === 409) said.textContent = said.dataset.elsewhere;
      else if (reply.status !== 204) throw new Error(String(reply.status));
      else [kept, said.textContent] = [now, ""];
    } catch {
      later(said.dataset.unsaved);
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
