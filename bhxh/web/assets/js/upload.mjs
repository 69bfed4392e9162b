// A long file goes up with a bar that says how far it is. Without this module the same form is sent by the browser itself.
import { hasEnded, takeUpAgain, wordsOfTheEnd } from "./ended.mjs";

export function uploadWithProgress() {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const [bar, box, failed] = [form.querySelector("progress"), form.querySelector("[data-sending]"), form.querySelector("[data-failed]")];
  const [button, file] = [form.querySelector("button[type=submit]"), form.querySelector("input[type=file]")];

  let isOver = false;
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("formaction")) return; // the language switch
    event.preventDefault();
    if (button.disabled) return;
    const refuse = (words) => {
      button.disabled = false;
      box.hidden = true;
      failed.replaceChildren(words);
    };
    if (file.files[0]?.size > Number(form.dataset.most)) return refuse(form.dataset.heavy);
    failed.textContent = "";
    button.disabled = true;
    box.hidden = false;
    bar.value = 0;
    if (isOver) await takeUpAgain();
    const sending = new XMLHttpRequest();
    sending.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      if (lengthComputable) bar.value = (100 * loaded) / total;
    });
    sending.addEventListener("error", () => refuse(form.dataset.lost));
    sending.addEventListener("load", () => {
      if (sending.status < 400) return location.assign(sending.responseURL);
      isOver = hasEnded(sending);
      if (isOver) return refuse(wordsOfTheEnd());
      if (!show(sending.responseText)) refuse(form.dataset.lost);
    });
    sending.open("POST", form.action);
    sending.send(new FormData(form));
  });
}

// What the server says no with is shown as if the browser had gone there: the same page, its summary first.
function show(text) {
  const answer = new DOMParser().parseFromString(text, "text/html");
  const said = answer.querySelector("main");
  if (!said) return false;
  document.title = answer.title;
  document.querySelector("main").replaceWith(said);
  const first = said.querySelector(".govuk-error-summary, h1");
  first?.setAttribute("tabindex", "-1");
  first?.focus();
  document.dispatchEvent(new CustomEvent("shown-anew", { detail: said }));
  uploadWithProgress();
  return true;
}
