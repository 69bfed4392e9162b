// The session ended while a page stood open: it says so with the way back in, and what was chosen here goes on under the next session.
export const hasEnded = (request) => request.status === 401;
export const wordsOfTheEnd = () => document.querySelector("template[data-ended]")?.content.cloneNode(true) ?? "";

// What the server refuses a script it says in one sentence: that somebody acts for another person by now, in another role, or has too many files.
export const isSentence = (type) => Boolean(type?.startsWith("text/plain"));

// After somebody signed in, or changed for whom they act, in another tab, the forms here still belong to the session before. The same page, asked for
// again, tells the new mark. Whether there is one.
export async function takeUpAgain() {
  const reply = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (!reply?.ok) return false;
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").querySelector("main [name=csrf]");
  const old = [...document.querySelectorAll("[name=csrf]")].filter((field) => fresh && field.value !== fresh.value);
  old.forEach((field) => { field.value = fresh.value; });
  return old.length > 0;
}

// A part of a page that was asked for after the end: the page stays as it is and says so, until somebody is signed in again.
export function tellWhenPartsEnd() {
  const box = document.querySelector(".session-end");
  if (!box) return;
  const [said, stay] = [box.querySelector("[data-said]"), box.querySelector("[data-stay]")];
  const before = [...said.childNodes];
  let shown = "";
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const isOver = hasEnded(detail.xhr);
    if (!isOver && !detail.successful) return; // a line that is lost, or a fault here, says nothing of the session
    const sentence = isSentence(detail.xhr.getResponseHeader("Content-Type")) ? detail.xhr.responseText : "";
    const why = isOver ? sentence || "ended" : "";
    if (why === shown) return;
    shown = why;
    said.replaceChildren(...(isOver ? [sentence || wordsOfTheEnd()] : before));
    box.hidden = !isOver;
    stay.hidden = isOver;
  });
}
