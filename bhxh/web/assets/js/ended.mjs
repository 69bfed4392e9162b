// The session ended while a page stood open: it says so with the way back in, and what was chosen here goes on under the next session.
export const hasEnded = (request) => request.status === 401;
export const wordsOfTheEnd = () => document.querySelector("template[data-ended]")?.content.cloneNode(true) ?? "";

// After somebody signed in in another tab the forms here still belong to the session before. The same page, asked for again, tells the new mark.
export async function takeUpAgain() {
  const reply = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (!reply?.ok) return;
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").querySelector("main [name=csrf]");
  if (fresh) document.querySelectorAll("[name=csrf]").forEach((field) => { field.value = fresh.value; });
}
